// A sentence about numbers that may change every frame, made anew once a second at most.
// Nobody can listen faster, and reading all of a figure sixty times a second would cost more than drawing it.
import { untrack } from "svelte";
import { Aside } from "../aside";

const PAUSE_MS = 1000;
/** Sentences of many figures take turns, so that no frame pays for all of them. */
const TURNS = 16;
const TURN_MS = 25;
let made = 0;
/** While numbers go on changing, one of their changes leads to the next sentence: timers, each at its own time, would cost a frame each. */
const GRACE_MS = 200;

export class Calm {
  text = $state("");
  #last = -Infinity;
  #pauseMs = PAUSE_MS + (made++ % TURNS) * TURN_MS;

  /** To be made while a component is set up. `of` reads what the sentence is about, `make` makes it. */
  constructor(of: () => unknown, make: () => string) {
    const now = (): void => {
      this.#last = performance.now();
      this.text = untrack(make);
    };
    const next = new Aside(now);
    $effect(() => {
      of();
      const wait = this.#last + this.#pauseMs - performance.now();
      if (this.#last === -Infinity) untrack(now);
      else next.after(wait > 0 ? wait + GRACE_MS : 0);
    });
    $effect(() => () => next.callOff());
  }
}
