// What is read: the step's own document, or a text that was typed; its tokens, and where in it the reader stands.
// One per view: all its figures ask about the same place.
import { untrack } from "svelte";
import type { Refusal } from "../../../lib/protocol/types";
import { escapeText } from "../../../lib/state/selection.svelte";
import type { PartProps } from "../part";
import { nameOf } from "./letters";
import { Seen } from "./seen.svelte";

/** A text as the model reads it at one moment. */
export type Place = {
  text: string;
  /** Whether it is the document of the step. */
  own: boolean;
  /** Steps of training done. */
  moment: number;
  /** What its addresses begin with. */
  prefix: string;
  tokens: readonly number[];
  /** Positions read: all tokens but the last, or as many as the context holds. */
  n: number;
  /** The names of the tokens read. */
  names: readonly string[];
};

type Told = { experiment: object; key: string; text: string; tokens: readonly number[]; n: number };

export class ReadText {
  #part: () => PartProps;
  #told = $state.raw<Told | null>(null);
  #refused = $state.raw<{ experiment: object; key: string; refusal: Refusal } | null>(null);
  #last: { experiment: object; place: Place } | null = null;
  #losses: Seen<Place>;

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
    const told = this.#told;
    let source: { text: string; tokens: readonly number[]; n: number } | null = null;
    if (this.#key === null && view !== null) source = { text: view.doc, tokens: view.tokens, n: view.losses.length };
    else if (told !== null && told.key === this.#key && told.experiment === experiment) source = told;
    if (source === null) return this.#last?.experiment === experiment ? this.#last.place : null;
    const { text, tokens, n } = source;
    const moment = own ? selection.inside(run) : run.step;
    const prefix = own ? `step:${moment}/` : `step:${moment}/text:${escapeText(text)}/`;
    const names = tokens.slice(0, n).map((token) => nameOf(token, experiment.vocab));
    const place = { text, own, moment, prefix, tokens, n, names };
    this.#last = { experiment, place };
    return place;
  });

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
    const { view } = this.#part().run;
    if (place !== null && this.#key === null && view !== null) return view.losses;
    const seen = this.#losses.now;
    return seen !== null && place !== null && seen.place.text === place.text ? (seen.get("p*/loss")?.values ?? null) : null;
  });

  /** To be made while a component is set up. Where it is not `needed` it asks nothing. */
  constructor(part: () => PartProps, needed: () => boolean = () => true) {
    this.#part = part;
    this.#losses = new Seen(
      () => part().session,
      () => (!needed() || this.place === null || this.#key === null ? null : { place: this.place, prefix: this.place.prefix, names: ["p*/loss"] }),
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
