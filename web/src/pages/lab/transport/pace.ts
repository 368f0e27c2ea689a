// How fast things go: the paces to choose from, what was measured, where a playback stands.
// Measured by the clock from the steps that arrive: a speed of the page, not a quantity of the model.

/** Steps a second; null is as fast as the machine can. */
export const PACES: readonly (number | null)[] = [1, 10, 100, 1000, null];

/** Played back at full speed, a whole run takes about this long. */
const WHOLE_RUN_MS = 1000;

/** The step a playback has come to. At full speed even a long run passes in a second. */
export function playedTo(from: number, elapsedMs: number, pace: number | null, end: number): number {
  const perSecond = pace ?? Math.max(1000, (end * 1000) / WHOLE_RUN_MS);
  return Math.min(end, from + Math.floor((elapsedMs / 1000) * perSecond));
}

const WINDOW_MS = 1500;
/** A speed measured over less than this would only flicker. */
const LEAST_MS = 300;

/** Steps a second, over the last second or so. */
export class Speed {
  #seen: { at: number; step: number }[] = [];

  /** Step `step` has arrived at time `at`, in milliseconds. Going back begins anew. */
  note(at: number, step: number): void {
    const last = this.#seen.at(-1);
    if (last !== undefined && step < last.step) this.#seen = [];
    else if (last !== undefined && step === last.step) return;
    this.#seen.push({ at, step });
    // One from before the window stays, so that a slow pace can be measured as well.
    while ((this.#seen[1]?.at ?? Infinity) < at - WINDOW_MS) this.#seen.shift();
  }

  forget(): void {
    this.#seen = [];
  }

  /** Null until there is enough to go by. */
  get perSecond(): number | null {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at < LEAST_MS) return null;
    return ((last.step - first.step) * 1000) / (last.at - first.at);
  }
}
