// Gathers messages and hands them over once a frame, so that a fast engine never costs more than one drawing a frame.
// A hidden tab draws no frames: there a slow timer keeps the queue short.

const HIDDEN_TAB_MS = 500;

export class Inbox<T> {
  #waiting: T[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #deliver: (messages: T[]) => void;

  constructor(deliver: (messages: T[]) => void) {
    this.#deliver = deliver;
  }

  put(message: T): void {
    this.#waiting.push(message);
    if (this.#waiting.length > 1) return;
    this.#frame = requestAnimationFrame(() => this.flush());
    this.#timer = setTimeout(() => this.flush(), HIDDEN_TAB_MS);
  }

  flush(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    const messages = this.#waiting;
    this.#waiting = [];
    if (messages.length > 0) this.#deliver(messages);
  }
}
