// A sentence about numbers that may change every frame, made anew once a second at most.
// Nobody can listen faster, and reading all of a figure sixty times a second would cost more than drawing it.
import { untrack } from "svelte";

const PAUSE_MS = 1000;

export class Calm {
  text = $state("");
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** To be made while a component is set up. `of` reads what the sentence is about, `make` makes it. */
  constructor(of: () => unknown, make: () => string) {
    const now = (): void => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.text = untrack(make);
    };
    $effect(() => {
      of();
      if (this.#timer !== undefined) return;
      const wait = this.#last + PAUSE_MS - performance.now();
      if (wait <= 0) untrack(now);
      else this.#timer = setTimeout(now, wait);
    });
    $effect(() => () => clearTimeout(this.#timer));
  }
}
