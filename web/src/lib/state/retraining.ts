// Instant mode: every wish retrains the whole model, and while one training runs only the latest wish is kept.
// A training that takes long is given up for a newer wish; a quick one is finished, so that a drag shows something.
import type { Refusal, Spec } from "../protocol/types";

/** A wish to see a model trained, and the step to stand at afterwards. */
export type Wish = { spec: Spec; standAt: number | "end" };

/** What a wish came to: trained, refused, or overtaken by a later wish. */
export type WishOutcome = { type: "trained" } | { type: "refused"; refusal: Refusal } | { type: "overtaken" };

type Entry = { wish: Wish; tell: (outcome: WishOutcome) => void };

export type Trains = (wish: Wish, signal: AbortSignal) => Promise<Refusal | null>;

export class Retraining {
  #train: Trains;
  #patienceMs: number;
  #now: () => number;
  #running: { entry: Entry; began: number; abort: AbortController } | null = null;
  #next: Entry | null = null;

  /** `train` resolves when the model stands where it was wished, or to a refusal. */
  constructor(train: Trains, patienceMs: number, now: () => number = () => performance.now()) {
    this.#train = train;
    this.#patienceMs = patienceMs;
    this.#now = now;
  }

  get busy(): boolean {
    return this.#running !== null;
  }

  wish(wish: Wish): Promise<WishOutcome> {
    return new Promise((tell) => {
      this.#next?.tell({ type: "overtaken" });
      this.#next = { wish, tell };
      if (this.#running === null) this.#begin();
      else if (this.#now() - this.#running.began > this.#patienceMs) this.#running.abort.abort();
    });
  }

  /** Forgets what waits; what runs is given up. */
  cancel(): void {
    this.#next?.tell({ type: "overtaken" });
    this.#next = null;
    this.#running?.abort.abort();
  }

  #begin(): void {
    const entry = this.#next;
    if (entry === null) return;
    this.#next = null;
    const abort = new AbortController();
    this.#running = { entry, began: this.#now(), abort };
    void this.#train(entry.wish, abort.signal).then((refusal) => {
      this.#running = null;
      if (refusal !== null) entry.tell({ type: "refused", refusal });
      else entry.tell({ type: abort.signal.aborted ? "overtaken" : "trained" });
      this.#begin();
    });
  }
}
