// What changes sixty times a second, passed on a few times a second: nobody can read faster, and the curve keeps its frames.
// The last value always arrives. Nothing waits while nothing is in a hurry.

export class Steady<T> {
  value: T;
  #shown: T;
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** To be made while a component is set up. `pause` gives the least time between two values, in milliseconds. */
  constructor(read: () => T, pause: () => number) {
    this.value = $state.raw(read());
    this.#shown = this.value;
    $effect.pre(() => {
      const next = read();
      const wait = this.#last + pause() - performance.now();
      clearTimeout(this.#timer);
      if (wait <= 0) this.#pass(next);
      else this.#timer = setTimeout(() => this.#pass(next), wait);
    });
    $effect(() => () => clearTimeout(this.#timer));
  }

  #pass(next: T): void {
    this.#last = performance.now();
    if (next === this.#shown) return;
    this.#shown = next;
    this.value = next;
  }
}

/** While training, texts and small pictures follow this often. */
const FOLLOWS_MS = 100;

/** The pause that suits a run: none unless it trains faster than can be read. */
export function pauseOf(phase: string, pause = FOLLOWS_MS): number {
  return phase === "running" ? pause : 0;
}
