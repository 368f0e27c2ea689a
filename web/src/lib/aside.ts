// Work in tasks and frames of its own, and how long it took: a stream rests for it as for its own drawings (frame.ts).
// What could wait a moment would else make the frame long in which a stream is taken in.

/** Calls back once the browser has drawn the frame that is being prepared. */
export function afterFrame(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(null);
}

/** What was drawn aside and not rested from yet, in milliseconds. */
let asideMs = 0;
let isMeasured = false;

/** Whoever takes it rests from it. */
export function takeAsideMs(): number {
  const taken = asideMs;
  asideMs = 0;
  return taken;
}

/**
 * Work for a task and a frame of its own, so that the frame being prepared does not take too long. What it takes counts as drawing:
 * streams rest for it, too. It may be put off again and again at no cost: the timer that runs is left to run.
 */
export class Aside {
  #work: () => void;
  /** When it is due. */
  #due = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer rings. */
  #rings = Infinity;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** Due so long from now, and not when it was before. */
  after(ms: number): void {
    this.#due = performance.now() + ms;
    if (this.#due < this.#rings) this.#wind();
  }

  /** Due so long from now, if it was not due before that. */
  within(ms: number): void {
    if (performance.now() + ms < this.#due) this.after(ms);
  }

  callOff(): void {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    this.#rings = Infinity;
  }

  #wind(): void {
    clearTimeout(this.#timer);
    this.#rings = this.#due;
    this.#timer = setTimeout(() => this.#ring(), this.#due - performance.now());
  }

  #ring(): void {
    this.#rings = Infinity;
    if (this.#due - performance.now() >= 1) return this.#wind();
    this.#due = Infinity;
    counted(this.#work);
  }
}

/** Does something at once. What it takes counts as drawing, and so does the frame it leads to. */
export function counted(work: () => void): void {
  const began = performance.now();
  work();
  queueMicrotask(() => (asideMs += performance.now() - began)); // by then the page has been brought up to date
  if (isMeasured) return;
  isMeasured = true;
  requestAnimationFrame(() => {
    const frameBegan = performance.now();
    afterFrame(() => {
      isMeasured = false;
      asideMs += performance.now() - frameBegan;
    });
  });
}
