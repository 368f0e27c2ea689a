// What the movement keys do, as pure functions: in a matrix, below a diagonal, in a list, on a curve, among points.
// One place, so that Home means the same in every figure.
import type { Cell } from "./types";

const PAGE = 10;

/** Keys with Ctrl, Alt or Meta belong to the browser. */
export function isPlain(event: { ctrlKey: boolean; altKey: boolean; metaKey: boolean }): boolean {
  return !event.ctrlKey && !event.altKey && !event.metaKey;
}

/** The cell a key leads to; null for a key that does not move. */
export function move(cell: Cell, key: string, rows: number, cols: number): Cell | null {
  const to = target(cell, key, cols - 1);
  if (to === null) return null;
  return { row: clamp(to.row, rows), col: clamp(to.col, cols) };
}

/** As `move`, in a triangle whose row r has r + 1 cells. Upwards, what would lie in the future slides back to the diagonal. */
export function moveInTriangle(cell: Cell, key: string, n: number): Cell | null {
  const to = target(cell, key, cell.row);
  if (to === null) return null;
  const row = clamp(to.row, n);
  return { row, col: clamp(to.col, row + 1) };
}

function target({ row, col }: Cell, key: string, lastCol: number): Cell | null {
  switch (key) {
    case "ArrowUp": return { row: row - 1, col };
    case "ArrowDown": return { row: row + 1, col };
    case "ArrowLeft": return { row, col: col - 1 };
    case "ArrowRight": return { row, col: col + 1 };
    case "PageUp": return { row: row - PAGE, col };
    case "PageDown": return { row: row + PAGE, col };
    case "Home": return { row, col: 0 };
    case "End": return { row, col: lastCol };
    default: return null;
  }
}

/** The item of a list that the Tab key stops at: where the keys stand, or, as long as they have not moved (`at` is −1), what is chosen. */
export function stopAt(at: number, chosen: number, count: number): number {
  return Math.min(at < 0 ? Math.max(0, chosen) : at, count - 1);
}

/** The item a key leads to in a list, or in a grid of `columns`; null for a key that does not move. */
export function rove(index: number, key: string, count: number, columns = 1): number | null {
  const step: Record<string, number> =
    columns === 1
      ? { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1, PageUp: -PAGE, PageDown: PAGE, Home: -count, End: count }
      : { ArrowUp: -columns, ArrowDown: columns, ArrowLeft: -1, ArrowRight: 1, Home: -count, End: count };
  const by = step[key];
  if (by === undefined || count === 0) return null;
  const to = index + by;
  const vertical = columns > 1 && (key === "ArrowUp" || key === "ArrowDown");
  return vertical && (to < 0 || to >= count) ? index : clamp(to, count);
}

/** The point of a curve a key leads to. A page is a tenth of the curve. */
export function seekIndex(index: number, key: string, count: number): number | null {
  const page = Math.max(1, Math.round(count / PAGE));
  const step: Record<string, number> = {
    ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -count, End: count,
  };
  const by = step[key];
  return by === undefined || count === 0 ? null : clamp(index + by, count);
}

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** What lies more aside than ahead is gone to only if nothing else lies ahead. */
const BESIDE = 1e6;

/** The nearest point in the direction of an arrow key, on screen (y downwards). What lies off to the side counts as further away. */
export function nearestInDirection(points: readonly { x: number; y: number }[], from: number, key: string): number | null {
  if (key === "Home") return 0;
  if (key === "End") return points.length - 1;
  const direction = DIRECTIONS[key];
  const start = points[from];
  if (direction === undefined || start === undefined) return null;
  let best = from;
  let least = Infinity;
  points.forEach((point, i) => {
    const [dx, dy] = [point.x - start.x, point.y - start.y];
    const ahead = dx * direction[0] + dy * direction[1];
    if (i === from || ahead <= 0) return;
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    const cost = ahead + 2 * aside + (aside > ahead ? BESIDE : 0);
    if (cost < least) [least, best] = [cost, i];
  });
  return best;
}

function clamp(i: number, count: number): number {
  return Math.max(0, Math.min(i, count - 1));
}
