// What may come after the text read so far: as it was drawn, otherwise, and at other temperatures, all from the same scores.
// One question for all of them, so that they are always of one moment.
import type { DrawnToken, NextToken, Question, Refusal, Way } from "../../lib/protocol/types";
import { Asked } from "../../lib/state/asked.svelte";
import { samplingOf, type Order } from "../../lib/state/asking.svelte";
import type { Session } from "../../lib/state/session.svelte";
import { beginning, type Lane } from "./lanes";

/** Temperatures shown beside one another. */
export const SIDE = [0, 0.5, 1, 1.5, 2] as const;

type How = Pick<Order, "temperature" | "topK" | "topP">;
/** What is tried instead of what was drawn; null where it is as drawn. */
export type Trial = { how: How | null; random: number | null };
export const AS_DRAWN: Trial = { how: null, random: null };

export type Spread = {
  lane: Lane;
  position: number;
  drawn: DrawnToken | null;
  trial: Trial;
  logits: readonly number[];
  /** By the settings in force, or those tried. */
  way: Way;
  /** At temperature 1 with nothing cut. */
  plain: Way;
  side: readonly Way[];
};

type Wish = { lane: Lane; position: number; order: Order; trial: Trial };

export class Choices {
  #asked: Asked<"next_token">;
  #wishes = new WeakMap<Question, Wish>();

  readonly now: Spread | null = $derived.by(() => {
    const { question, answer } = this.#asked;
    const wish = question === null ? undefined : this.#wishes.get(question);
    return wish === undefined || answer === null ? null : spreadOf(answer, wish);
  });

  /** To be made while a component is set up. */
  constructor(session: () => Session, wish: () => Wish | null) {
    this.#asked = new Asked(session, "next_token", () => {
      const wanted = wish();
      if (wanted === null) return null;
      const { lane, position, order, trial } = wanted;
      const text = beginning(lane.text, position);
      const how = trial.how ?? order;
      const samplings = [samplingOf(how), { temperature: 1 }, ...SIDE.map((temperature) => ({ temperature }))];
      const random = trial.random ?? lane.drawn(position)?.landing.random ?? null;
      const question: Question = { type: "next_token", step: null, text, samplings, random };
      this.#wishes.set(question, wanted);
      return question;
    });
  }

  get refusal(): Refusal | null {
    return this.#asked.refusal;
  }
}

function spreadOf({ logits, ways }: NextToken, { lane, position, trial }: Wish): Spread | null {
  const [way, plain, ...side] = ways;
  if (way === undefined || plain === undefined) return null;
  return { lane, position, drawn: lane.drawn(position), trial, logits, way, plain, side };
}
