// Where the page Reference stands in the model, in the words of formulas and code: the same selection as everywhere.
import type { Run } from "../../lib/protocol/reduce";
import type { Live } from "../../lib/source/live";
import type { LoopsOf } from "../../lib/source/loops";
import type { Selection } from "../../lib/state/selection.svelte";
import { loopsOn, parameterAt } from "../beside/place";
import type { PartProps } from "../lab/part";
import type { Place, ReadText } from "../lab/reading/text.svelte";

export function liveAt(run: Run, selection: Selection, place: Place, position: number): Live {
  return {
    experiment: run.experiment, prefix: place.prefix, moment: `step:${selection.inside(run)}/`, position,
    parameter: parameterAt({ run, selection }, place.tokens[position] ?? 0), layer: selection.layerOf(run), head: selection.headOf(run),
  };
}

/** The loops of the page, to be moved by chips and scrubbers. */
export function loopsIn(part: () => PartProps, text: ReadText): LoopsOf {
  const positions = () => ({
    value: text.position, count: text.place?.n ?? 1, note: text.place?.names[text.position], set: (to: number) => void (part().selection.position = to),
  });
  return loopsOn(part, positions);
}
