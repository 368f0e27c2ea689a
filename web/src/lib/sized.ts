// How large an element is, told once the browser has laid out the page and before it draws it: `{@attach sized((box) => (width = box.clientWidth))}`.
// Svelte's bind:clientWidth asks for each size while the page is still being built, and every such question lays out the page anew.
import type { Attachment } from "svelte/attachments";

const listeners = new WeakMap<Element, () => void>();
let observer: ResizeObserver | undefined;

export function sized(tell: (box: HTMLElement) => void): Attachment<HTMLElement> {
  return (box) => {
    observer ??= new ResizeObserver((entries) => {
      for (const { target } of entries) listeners.get(target)?.();
    });
    const watching = observer;
    listeners.set(box, () => tell(box));
    watching.observe(box, { box: "border-box" });
    return () => {
      watching.unobserve(box);
      listeners.delete(box);
    };
  };
}
