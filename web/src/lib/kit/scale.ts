// Where a number stands on its figure's scale, and the extremes that a summary names.
// Picks numbers out and places them; computes none.
import type { Scale } from "./types";

export type Extremes = { min: number; max: number; minAt: number; maxAt: number; notFinite: number };

/** Smallest and largest finite number and where they first stand; null where there is none. */
export function extremes(values: ArrayLike<number | null>): Extremes | null {
  const found: Extremes = { min: Infinity, max: -Infinity, minAt: -1, maxAt: -1, notFinite: 0 };
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) {
      found.notFinite++;
      continue;
    }
    if (value < found.min) [found.min, found.minAt] = [value, i];
    if (value > found.max) [found.max, found.maxAt] = [value, i];
  }
  return found.minAt < 0 ? null : found;
}

/** The number at the end of the scale: as set or locked, else 1 for a share and the largest magnitude for the rest. */
export function fullScale(scale: Scale, values: ArrayLike<number | null>, locked: number | null = null): number {
  const set = scale.max ?? locked;
  if (set !== null) return set > 0 ? set : 1;
  if (scale.kind === "share") return 1;
  return largest(values) || 1;
}

/** Largest finite magnitude; 0 where there is none. */
export function largest(values: ArrayLike<number | null>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] ?? 0);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

/** A number as a part of the scale: −1 to 1, for a share 0 to 1. What lies outside is cut, and the read-out tells the truth. */
export function partOf(value: number, max: number, kind: Scale["kind"]): number {
  const part = Math.max(-1, Math.min(1, value / max));
  return kind === "share" ? Math.max(0, part) : part;
}

/** Round numbers for an axis from `min` to `max`, about `wanted` of them. */
export function ticks(min: number, max: number, wanted: number): number[] {
  const span = max - min;
  if (!(span > 0) || wanted < 1) return [min];
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough * 0.999) ?? 10) * power;
  const found: number[] = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}
