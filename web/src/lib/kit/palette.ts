// Reads the colours in force from the page's tokens, because a canvas cannot use CSS variables itself.

const TOKENS = {
  paper: "--paper",
  raised: "--raised",
  sunken: "--sunken",
  ink: "--ink",
  muted: "--muted",
  rule: "--rule",
  control: "--control",
  now: "--now",
  onNow: "--on-now",
  nowRing: "--now-ring",
  nowWash: "--now-wash",
  valueMinus: "--value-minus",
  valueZero: "--value-zero",
  valuePlus: "--value-plus",
  gradientMinus: "--gradient-minus",
  gradientPlus: "--gradient-plus",
  query: "--query",
  key: "--key",
  val: "--val",
} as const;

export type Palette = Record<keyof typeof TOKENS, string>;

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = ([name, token]: [string, string]): [string, string] => [name, style.getPropertyValue(token).trim()];
  return Object.fromEntries(Object.entries(TOKENS).map(read)) as Palette;
}

export const SANS = '"Source Sans 3 Variable", system-ui, sans-serif';
export const SERIF = '"Source Serif 4 Variable", Georgia, serif';
export const MONO = '"Source Code Pro Variable", ui-monospace, monospace';
