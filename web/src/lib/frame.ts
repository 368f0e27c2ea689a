// Gathers messages and hands them over once a frame, so that a fast engine never costs more than one drawing a frame.
// What comes in a stream is handed over in every second frame: thirty pictures a second are as good to look at as sixty,
// and every other frame is left to whoever clicks and types. A hidden tab draws no frames: there a slow timer keeps the queue short.

const HIDDEN_TAB_MS = 500;

export class Inbox<T> {
  #waiting: T[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Something waits that must be in the next frame. */
  #urgent = false;
  /** The last frame delivered something. */
  #justDelivered = false;
  #deliver: (messages: T[]) => void;
  #canWait: (message: T) => boolean;

  /** `canWait` tells what is one of many in a stream. */
  constructor(deliver: (messages: T[]) => void, canWait: (message: T) => boolean = () => false) {
    this.#deliver = deliver;
    this.#canWait = canWait;
  }

  put(message: T): void {
    this.#waiting.push(message);
    this.#urgent ||= !this.#canWait(message);
    if (this.#frame === 0) this.#watch();
    this.#timer ??= setTimeout(() => this.flush(), HIDDEN_TAB_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const messages = this.#waiting;
    this.#waiting = [];
    this.#urgent = false;
    if (messages.length > 0) this.#deliver(messages);
  }

  #watch(): void {
    this.#frame = requestAnimationFrame(() => this.#turn());
  }

  /** One frame. Goes on as long as there is something to rest from or to hand over. */
  #turn(): void {
    this.#frame = 0;
    const rests = this.#justDelivered && !this.#urgent;
    this.#justDelivered = false;
    if (rests) {
      if (this.#waiting.length > 0) this.#watch();
      return;
    }
    if (this.#waiting.length === 0) return;
    this.#justDelivered = true;
    this.#watch();
    this.flush();
  }
}
