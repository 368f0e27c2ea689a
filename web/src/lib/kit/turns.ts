// Pictures take turns: those that would make a frame long are drawn after it, in the order they asked.
// A figure of fifty pictures that all change at once is spread over a few frames, and between two of them the page can be used.
import { flushSync } from "svelte";
import { afterFrame, counted } from "../aside";
import { isTaken } from "../frame";

/** Drawing that one frame may hold, on top of all else it does. The first picture is drawn whatever it takes. */
const FRAME_MS = 4;

/** Makes the picture ask again. */
type Call = () => void;

export class Turns {
  /** When this frame's first picture was asked for. */
  #began: number | null = null;
  #waiting = new Set<Call>();
  /** Whose turn it is. */
  #called: Call | null = null;
  #draw: (call: Call) => void;

  /** `draw` calls, and draws at once what follows from it. */
  constructor(draw: (call: Call) => void) {
    this.#draw = draw;
  }

  /** Whether to draw now. If not, the picture is called when its turn comes, and asks again. */
  take(call: Call): boolean {
    if (call !== this.#called && (this.#waiting.size > 0 || this.#isFull() || isTaken())) {
      this.queue(call);
      return false;
    }
    this.#begin();
    return true;
  }

  /** Calls once, when the turn comes: after the next frame at the earliest. For what takes long, such as building a figure. Returns how to call it off. */
  queue(call: Call): () => void {
    this.#waiting.add(call);
    this.#begin();
    return () => this.leave(call);
  }

  /** The picture is gone. */
  leave(call: Call): void {
    this.#waiting.delete(call);
  }

  #isFull(): boolean {
    return this.#began !== null && performance.now() - this.#began >= FRAME_MS;
  }

  #begin(): void {
    if (this.#began !== null) return;
    this.#began = performance.now();
    requestAnimationFrame(() => afterFrame(() => this.#next()));
  }

  /** The frame is drawn. */
  #next(): void {
    this.#began = null;
    if (this.#waiting.size > 0) counted(() => this.#callSome());
  }

  #callSome(): void {
    this.#begin();
    for (const call of this.#waiting) {
      if (this.#isFull()) break;
      this.#waiting.delete(call);
      this.#called = call;
      this.#draw(call);
      this.#called = null;
    }
  }
}

export const turns = new Turns((call) => flushSync(call));
