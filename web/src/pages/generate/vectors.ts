// How rows of numbers are laid out and written small: as many cells in a line as have room, and no more digits than can be read.
import { digits } from "../../lib/format";

export type VectorRow = {
  key: string;
  label: string;
  note?: string | undefined;
  /** Q, K and V have a stripe and a letter of their own. */
  sign?: "query" | "key" | "val" | undefined;
  values: ArrayLike<number>;
  /** Of the i-th number. */
  address?: ((i: number) => string) | undefined;
  /** How much of it has been shown, from 0 to 1; without it all. */
  reveal?: number | undefined;
  /** Cells that are switched off. */
  off?: ((i: number) => boolean) | undefined;
  rule?: boolean | undefined;
};

/** The narrowest cell in which a number can be read. */
export const CELL = 35;
/** More numbers in a row are drawn as colours only. */
export const MOST = 64;

/** How many cells stand in a line: the largest divisor of `n` that has room, so that all lines are full. */
export function perLine(n: number, width: number): number {
  const room = Math.max(1, Math.floor(width / CELL));
  for (let d = Math.min(n, room); d > 1; d--) if (n % d === 0 && d >= Math.min(4, n)) return d;
  return Math.min(n, room);
}

/** How wide the lines are into which a row of colours is folded: the largest divisor that is at most 64. */
export function foldOf(n: number): number {
  for (let d = Math.min(n, MOST); d > 1; d--) if (n % d === 0) return d;
  return Math.max(1, n);
}

/** Two decimals where there is room for them; all digits are behind the address. */
export function brief(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "?" : x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  const text = size < 9.995 ? x.toFixed(2) : size < 99.95 ? x.toFixed(1) : digits(x, 3);
  return text.replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
}
