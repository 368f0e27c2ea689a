// Reads the colours in force from the page's tokens, because a canvas cannot use CSS variables itself.

export type Palette = Record<"paper" | "ink" | "muted" | "rule" | "now" | "nowRing", string>;

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    paper: read("--paper"),
    ink: read("--ink"),
    muted: read("--muted"),
    rule: read("--rule"),
    now: read("--now"),
    nowRing: read("--now-ring"),
  };
}
