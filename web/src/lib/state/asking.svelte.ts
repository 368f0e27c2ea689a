// What is asked of the model on the page Generate: what to begin with, how to draw, and which text and moment are looked at.
// Apart from the experiment: the same model can be asked many things. Apart from the page: the address says it before the page is loaded.
import type { Sampling } from "../protocol/types";

/** What is to be written. */
export type Order = {
  prefix: string;
  temperature: number;
  topK: number | null;
  topP: number | null;
  /** Of the first text's random numbers. */
  seed: number;
  count: number;
};

export const USUAL: Order = { prefix: "", temperature: 0.5, topK: null, topP: null, seed: 42, count: 10 };

export class Asking {
  order = $state.raw<Order>(USUAL);
  /** Which of the texts is looked at. */
  lane = $state(0);
  /** Where on the way one stands, as `timeline.ts` spells it; null for where the first letter begins to be chosen. */
  at = $state<string | null>(null);

  /** Asks for something else. The way begins anew, because another text goes another way. */
  change(some: Partial<Order>): void {
    this.order = { ...this.order, ...some };
  }
}

export function samplingOf({ temperature, topK, topP }: Pick<Order, "temperature" | "topK" | "topP">): Sampling {
  return { temperature, ...(topK === null ? {} : { top_k: topK }), ...(topP === null ? {} : { top_p: topP }) };
}
