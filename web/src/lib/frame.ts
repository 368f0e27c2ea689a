// Gathers messages and hands them over once a frame, so that a fast engine never costs more than one drawing a frame.
// What comes in a stream rests some frames after each drawing: one at least, for thirty pictures a second are as good to look at as
// sixty, and as many as it takes on a slow machine to leave most of every frame to whoever clicks and types.
// An answer does not wait for the stream, and does not take it along: the stream would be asked about again, and again in every frame.
// All drawings count: a stream that leads to answers rests for both.
// A hidden tab draws no frames: there a slow timer keeps the queue short.
import { afterFrame, takeAsideMs } from "./aside";

const HIDDEN_TAB_MS = 500;
/** Work of the main thread that drawing may come to, frame by frame. All its work may come to 6 ms; the rest is for taking in what the engine says. */
const BUDGET_MS = 4.5;
/** Frames that a stream rests after a drawing. With the most, seven or eight pictures a second are left. */
const REST = { least: 1, most: 7 };
/** Weight of the newest drawing in what drawings are taken to cost. */
const NEWEST = 0.25;

/** Frames from a drawing of this cost until the next may come, so that both stay within the budget, with those still owed for earlier ones. */
export function owedAfter(costMs: number, stillOwed = 0): number {
  return Math.min(Math.max(stillOwed + costMs / BUDGET_MS, REST.least + 1), REST.most + 1);
}

/** How a message is handed over: rested, as one of many; on its own, in the next frame; or in the next frame with all before it. */
export type Manner = "stream" | "answer" | "news";

/** Whether the frame being prepared has taken in a stream. */
let hasStream = false;
/** Whether the frame being prepared has work enough as it is: pictures are drawn after it. */
export function isTaken(): boolean {
  return hasStream;
}

export class Inbox<T> {
  #waiting: T[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What waits for the next frame. */
  #urgent = { answer: false, news: false };
  /** Frames until a stream may be drawn again. */
  #owed = 0;
  /** What a frame with a drawing takes, from its beginning until the browser is done with it. */
  #costMs = 0;
  #deliver: (messages: T[]) => void;
  #manner: (message: T) => Manner;

  constructor(deliver: (messages: T[]) => void, manner: (message: T) => Manner = () => "news") {
    this.#deliver = deliver;
    this.#manner = manner;
  }

  put(message: T): void {
    this.#waiting.push(message);
    const manner = this.#manner(message);
    if (manner !== "stream") this.#urgent[manner] = true;
    if (this.#frame === 0) {
      takeAsideMs(); // what was drawn while nothing came is nothing to rest from
      this.#watch();
    }
    this.#timer ??= setTimeout(() => this.flush(), HIDDEN_TAB_MS);
  }

  /** Hands over all that waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#hand(this.#waiting, []);
  }

  #hand(messages: T[], rest: T[]): void {
    this.#waiting = rest;
    this.#urgent = { answer: false, news: false };
    if (messages.length > 0) this.#deliver(messages);
  }

  #watch(): void {
    this.#frame = requestAnimationFrame(() => this.#turn());
  }

  /** One frame. Goes on as long as there is something to rest from or to hand over. */
  #turn(): void {
    this.#frame = 0;
    this.#owed = Math.max(0, this.#owed - 1);
    const resting = this.#owed > 0 && !this.#urgent.news;
    if (resting && !this.#urgent.answer) {
      if (this.#owed > 1 || this.#waiting.length > 0) this.#watch();
      return;
    }
    if (this.#waiting.length === 0) return;
    this.#owed = owedAfter(this.#costMs + takeAsideMs(), this.#owed);
    this.#watch();
    this.#measure();
    if (!resting) {
      hasStream = !this.#urgent.news && this.#waiting.some((message) => this.#manner(message) === "stream");
      return this.flush();
    }
    const isAnswer = (message: T): boolean => this.#manner(message) === "answer";
    this.#hand(this.#waiting.filter(isAnswer), this.#waiting.filter((message) => !isAnswer(message)));
  }

  #measure(): void {
    const began = performance.now();
    afterFrame(() => {
      hasStream = false;
      this.#costMs += NEWEST * (performance.now() - began - this.#costMs);
    });
  }
}
