// Numbers by address together with the place they belong to, so that a figure never labels old numbers with a new place.
// A view draws what it has seen last, whole; the next sight takes its place in one go.
import type { Tensor } from "../engine/wire";
import { tensors } from "../engine/wire";
import type { Question, Refusal } from "../protocol/types";
import { Asked } from "./asked.svelte";
import type { Session } from "./session.svelte";

/** What to read: names such as `p2/logits`, each after `prefix` unless it says its own step. */
export type Wish<P> = { place: P; prefix: string; names: readonly string[] };

/** Numbers that were read in one go, and where. */
export type Glimpse<P> = { place: P; get(name: string): Tensor | null };

export class Seen<P> {
  #asked: Asked<"readings">;
  #wishes = new WeakMap<Question, Wish<P>>();

  readonly now: Glimpse<P> | null = $derived.by(() => {
    const { question, answer } = this.#asked;
    const wish = question === null ? undefined : this.#wishes.get(question);
    if (wish === undefined || answer === null) return null;
    const read = tensors(answer);
    const byName = new Map(wish.names.map((name, i) => [name, read[i] ?? null]));
    return { place: wish.place, get: (name) => byName.get(name) ?? null };
  });

  /** To be made while a component is set up. `wish` may give null: nothing to read. */
  constructor(session: () => Session, wish: () => Wish<P> | null) {
    this.#asked = new Asked(session, "readings", () => {
      const wanted = wish();
      if (wanted === null || wanted.names.length === 0) return null;
      const question: Question = { type: "read", addresses: wanted.names.map((name) => full(name, wanted.prefix)) };
      this.#wishes.set(question, wanted);
      return question;
    });
  }

  get refusal(): Refusal | null {
    return this.#asked.refusal;
  }
}

export function full(name: string, prefix: string): string {
  return name.startsWith("step:") ? name : prefix + name;
}
