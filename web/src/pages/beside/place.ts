// Where a page stands, in the words of its code: the loops as the page moves them, and the parameter that is looked at.
import { entryOf, split, withPart } from "../../lib/address";
import type { Run } from "../../lib/protocol/reduce";
import { m } from "../../lib/messages/en/code";
import type { Live } from "../../lib/source/live";
import type { Loop, LoopsOf } from "../../lib/source/loops";
import { isParameter } from "../../lib/state/glass.svelte";
import type { Desk } from "../../lib/state/desk.svelte";
import type { Selection } from "../../lib/state/selection.svelte";
import type { Session } from "../../lib/state/session.svelte";
import { endOf } from "../lab/transport/acts";
import { Seeker } from "../lab/transport/seeker";
import type { Place, ReadText } from "../lab/reading/text.svelte";

type Standing = { session: Session; run: Run; selection: Selection; desk: Desk };
/** The positions of the text that a page reads. */
export type Positions = { value: number; count: number; note: string | undefined; set: (to: number) => void };

/** The loops of a page. What they read is read when they are asked for, so that a scrubber is drawn anew and nothing else. */
export function loopsOn(standing: () => Standing, positions: () => Positions): LoopsOf {
  const seeker = new Seeker(({ step }) => standing().session.seek(step), () => undefined);
  return (name): Loop => {
    const { session, run, selection, desk } = standing();
    const { config } = run.experiment;
    switch (name) {
      case "step": {
        const locked = run.status.phase === "running" || !session.mayCommand ? m.running : undefined;
        return { value: run.step, min: 0, max: endOf(run), locked, set: (step) => { desk.scrubbed.add(step); void seeker.to({ step, branch: null }); } };
      }
      case "position": {
        const { value, count, note, set } = positions();
        return { value, min: 0, max: Math.max(0, count - 1), note, set };
      }
      case "layer":
        return { value: selection.layerOf(run), min: 0, max: config.n_layer - 1, set: (to) => (selection.layer = to) };
      case "head":
        return { value: selection.headOf(run), min: 0, max: config.n_head - 1, set: (to) => (selection.head = to) };
    }
  };
}

/** A page that reads a text of the moment on screen, in the words of code and formulas. */
export function liveAt(run: Run, selection: Selection, place: Place, position: number): Live {
  return {
    experiment: run.experiment, prefix: place.prefix, moment: `step:${selection.inside(run)}/`,
    parameter: parameterAt({ run, selection }, place.tokens[position] ?? 0), position, layer: selection.layerOf(run), head: selection.headOf(run),
  };
}

/** The positions of such a page. */
export function positionsOf(text: ReadText, selection: Selection): Positions {
  const { position, place } = text;
  return { value: position, count: place?.n ?? 1, note: place?.names[position], set: (to) => (selection.position = to) };
}

/** The parameter pinned last, or the first number of the row of the token that is read. */
export function parameterAt({ run, selection }: Pick<Standing, "run" | "selection">, token: number): string {
  const pinned = selection.pins.findLast((pin) => entryOf(pin) !== null && isParameter(pin, run));
  return pinned === undefined ? `wte[${token}][0]` : withPart(split(pinned).name, null);
}
