// Opens now and then while a run is under way, so that dense text is asked for a few times a second and not every frame.
// Nobody reads a column of figures sixty times a second; pictures may change that often, sentences may not.
import { tick } from "svelte";
import { pauseOf } from "./reading";
import type { Session } from "./session.svelte";

/** A little more seldom than texts follow (`Steady`): in step with them, all would be made anew in the same frames. */
const OUT_OF_STEP = 1.25;

export class Calm {
  /** Whether a question may be asked now. Always, unless training runs. */
  open = $state(true);

  /** To be made while a component is set up. */
  constructor(session: () => Session) {
    const status = $derived(session().run?.status);
    const everyMs = $derived(status === undefined ? 0 : OUT_OF_STEP * pauseOf(status));
    $effect(() => {
      if (everyMs > 0) return this.#pulse(everyMs);
      this.open = true;
      return undefined;
    });
  }

  /** Open for one round of effects, again and again. Returns how to stop. */
  #pulse(everyMs: number): () => void {
    let over = false;
    this.open = false;
    const timer = setInterval(() => {
      this.open = true;
      void tick().then(() => {
        if (!over) this.open = false;
      });
    }, everyMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }
}
