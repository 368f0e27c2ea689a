// When a picture is drawn: in its turn, so that no frame is long; and one that nobody can see only once it rests.
// One observer for all pictures, so that a page of fifty costs no more than a page of one.
import { Aside } from "../aside";
import { turns } from "./turns";

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

/** Out of sight a picture is drawn when nothing of it has changed for so long; they take turns, so that no frame pays for all of them. */
const REST_MS = 250;
const TURNS = 16;
const TURN_MS = 60;
let made = 0;

export class Sight {
  seen = $state(false);
  /** How often it has come to rest. */
  #rests = $state(0);
  /** Of these, how many had been when it was drawn last. */
  #drawnAt = -1;
  #restMs = REST_MS + (made++ % TURNS) * TURN_MS;
  #rest = new Aside(() => (this.#rests += 1));
  /** How often its turn has come. */
  #turns = $state(0);
  #call = (): void => void (this.#turns += 1);

  /** To be made while a component is set up. */
  constructor(element: () => Element | null | undefined) {
    $effect(() => {
      const target = element();
      // Null once the element is gone: a figure may be empty for a while.
      return target ? watch(target, (seen) => (this.seen = seen)) : undefined;
    });
    $effect(() => () => {
      this.#rest.callOff();
      turns.leave(this.#call);
    });
  }

  /** Whether to draw now. To be asked by the effect that draws: it runs again when the answer may be another. */
  due(): boolean {
    const rests = this.#rests;
    void this.#turns;
    if (!this.seen && rests === this.#drawnAt) {
      this.#rest.after(this.#restMs);
      return false;
    }
    this.#rest.callOff();
    if (!turns.take(this.#call)) return false;
    this.#drawnAt = rests;
    return true;
  }
}
