// The answer to a question that a picture asks, asked anew whenever the model, the moment or the question changes.
// The page pulls: one question at a time, the latest wish wins, so a fast engine is never asked more than it can answer.
import { untrack } from "svelte";
import type { Answer, Question, Refusal } from "../protocol/types";
import { contentOf, type AnswerOf } from "./courier";
import type { Session } from "./session.svelte";

export class Asked<K extends Answer["type"]> {
  /** The last answer; it stays until a newer one comes. */
  answer = $state.raw<AnswerOf<K> | null>(null);
  /** The question that `answer` answers. */
  question = $state.raw<Question | null>(null);
  refusal = $state.raw<Refusal | null>(null);

  #session: () => Session;
  #kind: K;
  #asking = false;
  #again = false;
  #gone = false;

  /** To be made while a component is set up. `question` may give null: nothing to ask. */
  constructor(session: () => Session, kind: K, question: () => Question | null) {
    this.#session = session;
    this.#kind = kind;
    $effect(() => {
      const wish = question();
      const { moment: _, connected } = session();
      if (connected && wish !== null) untrack(() => this.#ask(question));
    });
    // Whoever asked is gone: nobody waits for the answer, and what the question was made of stands still.
    $effect(() => () => (this.#gone = true));
  }

  #ask(question: () => Question | null): void {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    const wish = untrack(question);
    if (wish === null) return;
    this.#asking = true;
    void this.#session().ask(wish).then((answered) => {
      this.#asking = false;
      if (this.#gone) return;
      if ("refusal" in answered) this.refusal = answered.refusal;
      else {
        this.answer = contentOf(this.#kind, answered.answer);
        this.question = wish;
        this.refusal = null;
      }
      if (this.#again) {
        this.#again = false;
        this.#ask(question);
      }
    });
  }
}
