// Whether a picture is near the window: one that nobody can see is drawn now and then only.
// One observer for all pictures, so that a page of fifty costs no more than a page of one.

const MARGIN = "200px";
const watchers = new WeakMap<Element, (seen: boolean) => void>();
let observer: IntersectionObserver | null = null;

function watch(element: Element, tell: (seen: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) watchers.get(target)?.(isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  watchers.set(element, tell);
  observer.observe(element);
  return () => {
    observer?.unobserve(element);
    watchers.delete(element);
  };
}

/** Out of sight a picture that changes is drawn this seldom; they take turns, so that no frame pays for all of them. */
const PAUSE_MS = 1000;
const TURNS = 16;
let made = 0;

export class Sight {
  seen = $state(false);
  #again = $state(0);
  #last = -Infinity;
  #pause = PAUSE_MS + ((made++ % TURNS) * PAUSE_MS) / TURNS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** To be made while a component is set up. */
  constructor(element: () => Element | null | undefined) {
    $effect(() => {
      const target = element();
      // Null once the element is gone: a figure may be empty for a while.
      return target ? watch(target, (seen) => (this.seen = seen)) : undefined;
    });
    $effect(() => () => clearTimeout(this.#timer));
  }

  /** Whether to draw now. To be asked by the effect that draws: it runs again when the answer may be another. */
  due(): boolean {
    void this.#again;
    const wait = this.seen ? 0 : this.#last + this.#pause - performance.now();
    clearTimeout(this.#timer);
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#again++, wait);
      return false;
    }
    this.#last = performance.now();
    return true;
  }
}
