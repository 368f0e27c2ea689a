// Puts a popover beside what it belongs to and keeps it there. Loaded with the first popover, so that no page pays for it before.

type Side = "top" | "bottom" | "bottom-end";

/** Returns how to stop. */
export function keepBeside(anchor: Element, floating: HTMLElement, side: Side): () => void {
  let stop: (() => void) | null = null;
  let stopped = false;
  void import("@floating-ui/dom").then(({ autoUpdate, computePosition, flip, offset, shift }) => {
    if (stopped) return;
    stop = autoUpdate(anchor, floating, () => {
      void computePosition(anchor, floating, { strategy: "fixed", placement: side, middleware: [offset(6), flip(), shift({ padding: 8 })] }).then(
        ({ x, y }) => Object.assign(floating.style, { left: `${x}px`, top: `${y}px`, visibility: "visible" }),
      );
    });
  });
  return () => {
    stopped = true;
    stop?.();
  };
}
