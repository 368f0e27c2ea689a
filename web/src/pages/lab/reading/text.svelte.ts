// What is read: the step's own document, or a text that was typed; its tokens, and where in it the reader stands.
// One per view: all its figures ask about the same place.
import { untrack } from "svelte";
import type { Refusal } from "../../../lib/protocol/types";
import { Calm } from "../../../lib/state/calm.svelte";
import { escapeText } from "../../../lib/state/selection.svelte";
import type { PartProps } from "../part";
import { nameOf } from "./letters";
import { Seen } from "../../../lib/state/seen.svelte";

/** A text as the model reads it at one moment. */
export type Place = {
  text: string;
  /** Whether it is the document of the step. */
  own: boolean;
  /** The step that the page stands at. */
  step: number;
  /** Steps of training done when it is read. */
  moment: number;
  /** What its addresses begin with. */
  prefix: string;
  tokens: readonly number[];
  /** Positions read: all tokens but the last, or as many as the context holds. */
  n: number;
  /** The names of the tokens read. */
  names: readonly string[];
  /** The loss at every position, where the run's own look says it. */
  losses: readonly number[] | null;
};

/** Faster than this, in steps a second, the documents of the steps would only flicker by: then a few of them are shown. */
const READABLE = 10;

type Told = { experiment: object; key: string; text: string; tokens: readonly number[]; n: number };

export class ReadText {
  #part: () => PartProps;
  #told = $state.raw<Told | null>(null);
  #refused = $state.raw<{ experiment: object; key: string; refusal: Refusal } | null>(null);
  #last: { experiment: object; place: Place } | null = null;
  #losses: Seen<Place>;

  /** Opens a few times a second while training runs: for sentences and columns of figures. */
  readonly calm: Calm;

  /** Whether the documents of the steps pass too fast to be read. */
  readonly #flicker: boolean = $derived.by(() => {
    const { run, selection } = this.#part();
    const { phase, pace } = run.status;
    return selection.text === null && phase === "running" && (pace === null || pace > READABLE);
  });

  /** What a text is known by until the engine has said its tokens; null if the run's own look already says them. */
  readonly #key: string | null = $derived.by(() => {
    const { run, selection } = this.#part();
    if (selection.text !== null) return `text:${selection.text}`;
    return run.view !== null && run.view.step === run.step ? null : `own:${run.branch}:${run.step}`;
  });

  /** Where the figures stand; the last one until the engine has read a new text; null before the first. */
  readonly place: Place | null = $derived.by(() => {
    const { run, selection } = this.#part();
    const { experiment, view } = run;
    const own = selection.text === null;
    if (this.#flicker && !this.calm.open && this.#last?.experiment === experiment && this.#last.place.own) return this.#last.place;
    const told = this.#told;
    let source: { text: string; tokens: readonly number[]; n: number; losses?: readonly number[] } | null = null;
    if (this.#key === null && view !== null) source = { text: view.doc, tokens: view.tokens, n: view.losses.length, losses: view.losses };
    else if (told !== null && told.key === this.#key && told.experiment === experiment) source = told;
    if (source === null) return this.#last?.experiment === experiment ? this.#last.place : null;
    const { text, tokens, n, losses = null } = source;
    const moment = own ? selection.inside(run) : run.step;
    const prefix = own ? `step:${moment}/` : `step:${moment}/text:${escapeText(text)}/`;
    const names = tokens.slice(0, n).map((token) => nameOf(token, experiment.vocab));
    const place = { text, own, step: run.step, moment, prefix, tokens, n, names, losses };
    this.#last = { experiment, place };
    return place;
  });

  /** Where pictures ask for numbers now; null while they had better wait. */
  readonly asked: Place | null = $derived.by(() => (this.#flicker && !this.calm.open ? null : this.place));

  /** Where dense text asks for numbers now. */
  readonly askedCalmly: Place | null = $derived.by(() => (this.calm.open ? this.place : null));

  /** Why the text cannot be read. */
  readonly refusal: Refusal | null = $derived.by(() => {
    const said = this.#refused;
    return said !== null && said.key === this.#key && said.experiment === this.#part().run.experiment ? said.refusal : null;
  });

  /** The selected position of this text. */
  readonly position: number = $derived.by(() => this.#part().selection.within(this.place?.n ?? 1));

  /** The loss at every position; null until read. */
  readonly losses: ArrayLike<number> | null = $derived.by(() => {
    const place = this.place;
    if (place !== null && place.losses !== null) return place.losses;
    const seen = this.#losses.now;
    return seen !== null && place !== null && seen.place.text === place.text ? (seen.get("p*/loss")?.values ?? null) : null;
  });

  /** To be made while a component is set up. Where it is not `needed` it asks nothing. */
  constructor(part: () => PartProps, needed: () => boolean = () => true) {
    this.#part = part;
    this.calm = new Calm(() => part().session);
    this.#losses = new Seen(
      () => part().session,
      () => {
        const place = this.asked;
        return !needed() || place === null || place.losses !== null ? null : { place, prefix: place.prefix, names: ["p*/loss"] };
      },
    );
    $effect(() => {
      const key = this.#key;
      const { session, run } = part();
      if (key === null || !session.connected || !needed()) return;
      if ([this.#told, this.#refused].some((said) => said?.key === key && said.experiment === run.experiment)) return;
      untrack(() => void this.#ask(key));
    });
  }

  /** Asks the engine to read the text once; its tokens do not change while training goes on. */
  async #ask(key: string): Promise<void> {
    const { session, run, selection } = this.#part();
    const { experiment } = run;
    const step = selection.text === null ? selection.inside(run) : run.step;
    const answered = await session.answer("lens", { type: "lens", at: { step, text: selection.text }, interventions: [] });
    if ("refusal" in answered) this.#refused = { experiment, key, refusal: answered.refusal };
    else {
      const { text, tokens, stages } = answered.content;
      this.#told = { experiment, key, text, tokens, n: stages[0]?.probs.length ?? 0 };
    }
  }
}
