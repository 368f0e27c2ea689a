// Whether a picture is near the window: what nobody can see is not drawn until it comes into sight.
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

export class Sight {
  seen = $state(false);

  /** To be made while a component is set up. */
  constructor(element: () => Element | null | undefined) {
    $effect(() => {
      const target = element();
      // Null once the element is gone: a figure may be empty for a while.
      return target ? watch(target, (seen) => (this.seen = seen)) : undefined;
    });
  }
}
