// Gathers messages and hands them over once a frame, so that a fast engine never costs more than one drawing a frame.
// What comes in a stream rests some frames after each drawing: one at least, for thirty pictures a second are as good to look at as
// sixty, and as many as it takes on a slow machine to leave most of every frame to whoever clicks and types.
// A hidden tab draws no frames: there a slow timer keeps the queue short.

const HIDDEN_TAB_MS = 500;
/** Work of the main thread that drawing may come to, frame by frame. */
const BUDGET_MS = 6;
/** Frames that a stream rests after a drawing. With the most, ten pictures a second are left. */
const REST = { least: 1, most: 5 };
/** Weight of the newest drawing in what drawings are taken to cost. */
const NEWEST = 0.25;

/** Calls back once the browser has drawn the frame that is being prepared. */
function afterFrame(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(null);
}

/** After how many frames the next drawing may come, so that those of this cost stay within the budget. */
export function restAfter(costMs: number): number {
  return Math.min(Math.max(Math.ceil(costMs / BUDGET_MS) - 1, REST.least), REST.most);
}

export class Inbox<T> {
  #waiting: T[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Something waits that must be in the next frame. */
  #urgent = false;
  /** Frames still to rest. */
  #rest = 0;
  /** What a frame with a drawing takes, from its beginning until the browser is done with it. */
  #costMs = 0;
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
    if (this.#rest > 0 && !this.#urgent) {
      this.#rest -= 1;
      if (this.#rest > 0 || this.#waiting.length > 0) this.#watch();
      return;
    }
    if (this.#waiting.length === 0) return;
    this.#rest = restAfter(this.#costMs);
    this.#watch();
    this.#measure();
    this.flush();
  }

  #measure(): void {
    const began = performance.now();
    afterFrame(() => {
      this.#costMs += NEWEST * (performance.now() - began - this.#costMs);
    });
  }
}
