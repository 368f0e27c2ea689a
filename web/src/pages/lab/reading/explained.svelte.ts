// How a number was made, as the engine tells it, together with the place it belongs to.
// Products and differences inside a number are the engine's too: the page multiplies nothing.
import type { Ladder, Question, Refusal } from "../../../lib/protocol/types";
import { Asked } from "../../../lib/state/asked.svelte";
import type { Session } from "../../../lib/state/session.svelte";
import { full } from "../../../lib/state/seen.svelte";

export type Riddle<P> = { place: P; prefix: string; name: string; depth: number; limit: number };

export class Explained<P> {
  #asked: Asked<"ladder">;
  #riddles = new WeakMap<Question, Riddle<P>>();

  readonly now: { place: P; name: string; ladder: Ladder } | null = $derived.by(() => {
    const { question, answer } = this.#asked;
    const riddle = question === null ? undefined : this.#riddles.get(question);
    return riddle === undefined || answer === null ? null : { place: riddle.place, name: riddle.name, ladder: answer };
  });

  /** To be made while a component is set up. */
  constructor(session: () => Session, riddle: () => Riddle<P> | null) {
    this.#asked = new Asked(session, "ladder", () => {
      const wanted = riddle();
      if (wanted === null) return null;
      const question: Question = { type: "why", address: full(wanted.name, wanted.prefix), depth: wanted.depth, limit: wanted.limit };
      this.#riddles.set(question, wanted);
      return question;
    });
  }

  get refusal(): Refusal | null {
    return this.#asked.refusal;
  }
}
