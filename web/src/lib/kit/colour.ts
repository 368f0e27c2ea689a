// Colour ramps from a figure's few colours, and which text stays readable on them.
// Mixed in OKLab, so that equal steps of a number look like equal steps of colour.
import type { Palette } from "./palette";
import type { Scale } from "./types";

export type Rgb = readonly [number, number, number];

/** Steps on each side of zero. */
export const SIDE = 128;

/** `SIDE` colours below zero, zero itself, `SIDE` above; for each a text colour of at least 4.5:1. */
export type Ramp = { css: readonly string[]; text: readonly string[]; rgb: readonly Rgb[] };

/** Reads `#rrggbb`, `rgb(…)` and `color(srgb …)`, the forms in which browsers give computed colours. */
export function parseColour(text: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex !== null) return [hexByte(hex[1]), hexByte(hex[2]), hexByte(hex[3])];
  const [r = 0, g = 0, b = 0] = (text.match(/-?\d*\.?\d+(?:e-?\d+)?/gi) ?? []).map(Number);
  const unit = text.startsWith("color(") ? 255 : 1;
  return [r * unit, g * unit, b * unit];
}

function hexByte(pair = "0"): number {
  return Number.parseInt(pair, 16);
}

export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Black or white: one of the two reaches 4.58:1 on any colour. */
export function textOn(fill: Rgb): string {
  return contrast(fill, [0, 0, 0]) >= contrast(fill, [255, 255, 255]) ? "#000000" : "#ffffff";
}

const ramps = new WeakMap<Palette, Map<Scale["kind"], Ramp>>();

/** The ramp of a kind of number. Made once for a palette. */
export function rampOf(kind: Scale["kind"], palette: Palette): Ramp {
  const made = ramps.get(palette) ?? new Map<Scale["kind"], Ramp>();
  ramps.set(palette, made);
  const known = made.get(kind);
  if (known !== undefined) return known;
  const [minus, zero, plus] = endsOf(kind, palette).map(parseColour) as [Rgb, Rgb, Rgb];
  const rgb: Rgb[] = [];
  for (let i = -SIDE; i <= SIDE; i++) rgb.push(mix(zero, i < 0 ? minus : plus, Math.abs(i) / SIDE));
  const ramp = { rgb, css: rgb.map(cssOf), text: rgb.map(textOn) };
  made.set(kind, ramp);
  return ramp;
}

/** The colours at −max, 0 and +max. A share has no negative side. */
export function endsOf(kind: Scale["kind"], palette: Palette): readonly [string, string, string] {
  if (kind === "value") return [palette.valueMinus, palette.valueZero, palette.valuePlus];
  if (kind === "gradient") return [palette.gradientMinus, palette.valueZero, palette.gradientPlus];
  return [palette.valueZero, palette.valueZero, palette.ink];
}

/** Place in a ramp of a part between −1 and 1. */
export function rampIndex(part: number): number {
  return SIDE + Math.round(Math.max(-1, Math.min(1, part)) * SIDE);
}

function cssOf(rgb: Rgb): string {
  return `#${rgb.map((x) => Math.round(x).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((x) => linear(x / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linear(x: number): number {
  return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
}

function encoded(x: number): number {
  const clamped = Math.max(0, Math.min(1, x));
  return 255 * (clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055);
}

export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  if (t === 0) return a;
  if (t === 1) return b;
  const [x, y] = [oklab(a), oklab(b)];
  return fromOklab([x[0] + (y[0] - x[0]) * t, x[1] + (y[1] - x[1]) * t, x[2] + (y[2] - x[2]) * t]);
}

// The matrices are those of Björn Ottosson's definition of OKLab.
function oklab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((x) => linear(x / 255)) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
