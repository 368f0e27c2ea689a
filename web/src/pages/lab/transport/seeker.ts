// Moves the page through the run: the latest wish wins, and one is under way at most.
// A drag asks sixty times a second; the engine is never asked for a moment that nobody waits for any more.

export type Goal = { step: number; branch: number | null };

export class Seeker {
  #seek: (goal: Goal) => Promise<unknown>;
  #changed: (goal: Goal | null) => void;
  #next: Goal | null = null;
  #under: Promise<void> | null = null;

  /** `changed` is told where the page is going, and null when it is there. */
  constructor(seek: (goal: Goal) => Promise<unknown>, changed: (goal: Goal | null) => void) {
    this.#seek = seek;
    this.#changed = changed;
  }

  get busy(): boolean {
    return this.#under !== null;
  }

  /** Resolves when the page has come to rest, at this moment or at a later wish. */
  to(goal: Goal): Promise<void> {
    this.#next = goal;
    this.#changed(goal);
    this.#under ??= this.#go();
    return this.#under;
  }

  async #go(): Promise<void> {
    for (let goal = this.#next; goal !== null; goal = this.#next) {
      this.#next = null;
      await this.#seek(goal);
    }
    this.#under = null;
    this.#changed(null);
  }
}
