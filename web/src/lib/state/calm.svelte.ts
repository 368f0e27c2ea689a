// Opens now and then while a run is under way, so that dense text is asked for a few times a second and not every frame.
// Nobody reads a column of figures sixty times a second; pictures may change that often, sentences may not.
import { tick } from "svelte";
import type { Session } from "./session.svelte";

const EVERY_MS = 250;

export class Calm {
  /** Whether a question may be asked now. Always, unless training runs. */
  open = $state(true);

  /** To be made while a component is set up. */
  constructor(session: () => Session) {
    const running = $derived(session().run?.status.phase === "running");
    $effect(() => {
      if (running) return this.#pulse();
      this.open = true;
      return undefined;
    });
  }

  /** Open for one round of effects, again and again. Returns how to stop. */
  #pulse(): () => void {
    let over = false;
    this.open = false;
    const timer = setInterval(() => {
      this.open = true;
      void tick().then(() => {
        if (!over) this.open = false;
      });
    }, EVERY_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }
}
