// Walks through the phases of a step that has already been computed: forward, backward, update.
// A replay, never a computation: it only says which of the numbers at hand are shown.

/** A whole replay takes this long, unless the next step comes sooner. */
export const REPLAY_MS = 3600;
/** At this pace, in steps a second, every step can still be replayed. */
export const SLOW = 4;

export class Replay {
  /** The phase stood at; null shows the numbers as they are, all at once. */
  at = $state<number | null>(null);
  playing = $state(false);
  #frame = 0;
  #changed: (at: number | null) => void;

  /** `changed` is told whenever another phase is stood at. */
  constructor(changed: (at: number | null) => void = () => undefined) {
    this.#changed = changed;
  }

  #stand(at: number | null): void {
    if (at === this.at) return;
    this.at = at;
    this.#changed(at);
  }

  /** From the first of `phases`, in `ms` milliseconds. */
  play(phases: number, ms: number): void {
    this.stop();
    if (phases === 0) return;
    const begin = performance.now();
    this.playing = true;
    this.#stand(0);
    const show = (now: number): void => {
      const index = Math.floor(((now - begin) / ms) * phases);
      if (index >= phases) return this.leave();
      this.#stand(Math.max(0, index));
      this.#frame = requestAnimationFrame(show);
    };
    this.#frame = requestAnimationFrame(show);
  }

  scrub(index: number): void {
    this.stop();
    this.#stand(index);
  }

  /** Stands still where it is. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.playing = false;
  }

  /** Back to the numbers as they are. */
  leave(): void {
    this.stop();
    this.#stand(null);
  }
}

/** How long the replay of a step may take: all the time there is when one steps by hand, less than a step's share at a slow pace; null for none. */
export function replayTime(running: boolean, pace: number | null): number | null {
  if (!running) return REPLAY_MS;
  if (pace === null || pace > SLOW) return null;
  return Math.min(REPLAY_MS, 850 / pace);
}
