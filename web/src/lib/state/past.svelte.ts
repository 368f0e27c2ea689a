// What a form was before: undo and redo, with a whole drag or a whole typed word as one step.
// Apart from the form, because it holds for anything that can be kept whole.

const MOST = 100;

export class Past<T> {
  #before = $state.raw<readonly T[]>([]);
  #after = $state.raw<readonly T[]>([]);
  /** What the last kept change was about, while more of the same belongs to it. */
  #about: string | null = null;

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  get canRedo(): boolean {
    return this.#after.length > 0;
  }

  /** Keeps what was, before a change `about` something. Further changes about the same are one with it until it is sealed. */
  keep(what: T, about: string): void {
    if (this.#about !== about) this.#before = [...this.#before, what].slice(-MOST);
    this.#after = [];
    this.#about = about;
  }

  /** The drag or the word is over: the next change is one of its own. */
  seal(): void {
    this.#about = null;
  }

  /** What was before `now`; undefined if nothing was. */
  undo(now: T): T | undefined {
    const what = this.#before.at(-1);
    if (what === undefined) return undefined;
    this.#before = this.#before.slice(0, -1);
    this.#after = [...this.#after, now];
    this.seal();
    return what;
  }

  redo(now: T): T | undefined {
    const what = this.#after.at(-1);
    if (what === undefined) return undefined;
    this.#after = this.#after.slice(0, -1);
    this.#before = [...this.#before, now];
    this.seal();
    return what;
  }
}
