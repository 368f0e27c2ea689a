// What changes many times a second, passed on a few times a second: nobody can read faster, and the curve keeps its frames.
// The last value always arrives. Nothing waits while nothing is in a hurry.
import { Aside } from "../../../lib/aside";

/** While values go on coming, one of them leads to the next that is passed on, wherever: timers, each at its own time, would cost a frame each. */
const GRACE_MS = 150;
/** What follows this seldom is drawn in frames after that of the curve, so that none of them is long. */
const APART_MS = 200;
const FRAME_MS = 17;

export class Steady<T> {
  value: T;
  #shown: T;
  #last = -Infinity;
  #pauseMs = 0;
  /** What is passed on next. */
  #next: T;

  /**
   * To be made while a component is set up. `pause` gives the least time between two values, in milliseconds; `turn` says in which
   * frame after the curve's this one is drawn, if in a frame of its own.
   */
  constructor(read: () => T, pause: () => number, turn: 1 | 2 | 3 | 4 = 1) {
    this.value = $state.raw(read());
    this.#shown = this.value;
    this.#next = this.value;
    const later = new Aside(() => this.#pass());
    $effect.pre(() => {
      this.#next = read();
      const wait = this.#last + pause() - performance.now();
      const isApart = Math.max(pause(), this.#pauseMs) >= APART_MS; // the end of a run is a long frame, too
      this.#pauseMs = pause();
      if (wait > 0) return later.after(wait + GRACE_MS);
      if (isApart) return later.within((turn - 1) * FRAME_MS);
      later.callOff();
      this.#pass();
    });
    $effect(() => () => later.callOff());
  }

  #pass(): void {
    this.#last = performance.now();
    if (this.#next === this.#shown) return;
    this.#shown = this.#next;
    this.value = this.#next;
  }
}
