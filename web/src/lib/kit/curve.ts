// The geometry of curves: which points to draw, where they lie, which is nearest, how labels keep apart.
// Decimation picks points to draw, a few for each column of pixels; it never changes a number.
import { textWidth } from "./surface";
import type { LineLevel, LineMark, LineSeries } from "./types";

export type Range = readonly [number, number];
export type Tick = { value: number; text: string };

/** A plot area in pixels and the numbers at its edges. */
export type Frame = {
  left: number;
  top: number;
  width: number;
  height: number;
  fullWidth: number;
  fullHeight: number;
  x: Range;
  y: Range;
  y2: Range;
  log: boolean;
  xTicks: readonly Tick[];
  yTicks: readonly Tick[];
  y2Ticks: readonly Tick[];
};

export function xAt(frame: Frame, x: number): number {
  return frame.left + ((x - frame.x[0]) / (frame.x[1] - frame.x[0])) * frame.width;
}

/** Only the left axis can be logarithmic. */
export function yAt(frame: Frame, y: number, scale: "y" | "y2" = "y"): number {
  const [low, high] = frame[scale];
  const part = frame.log && scale === "y" ? Math.log(y / low) / Math.log(high / low) : (y - low) / (high - low);
  return frame.top + frame.height * (1 - part);
}

/** The number on the x axis below a pixel. */
export function xUnder(frame: Frame, pixel: number): number {
  return frame.x[0] + ((pixel - frame.left) / frame.width) * (frame.x[1] - frame.x[0]);
}

/** Index of the last x that is not beyond `value`; −1 if all are. */
export function lastUpTo(x: ArrayLike<number>, value: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the x nearest to `value`; −1 if there is none. */
export function nearest(x: ArrayLike<number>, value: number): number {
  const below = lastUpTo(x, value);
  if (below + 1 >= x.length) return below;
  if (below < 0) return 0;
  return value - (x[below] ?? 0) <= (x[below + 1] ?? 0) - value ? below : below + 1;
}

/** Indices in view, and one beyond at each side, so that lines run on to the edge. */
export function inView(x: ArrayLike<number>, [from, to]: Range): [number, number] {
  return [Math.max(0, lastUpTo(x, from)), Math.min(x.length - 1, lastUpTo(x, to) + 1)];
}

/** A point that is drawn, as y and log axes can place it. */
export function drawable(value: number | null | undefined, log: boolean): value is number {
  return value !== null && value !== undefined && Number.isFinite(value) && (!log || value > 0);
}

/**
 * The points to draw of `first..=last`: for each column of pixels the first, lowest, highest and last. −1 stands for a gap.
 * `column` places an index; where it is the same for many, they share a column.
 */
export function decimate(values: ArrayLike<number | null>, first: number, last: number, column: (i: number) => number, log = false): number[] {
  const drawn: number[] = [];
  let here = -Infinity;
  let [open, low, high, close] = [-1, -1, -1, -1];
  const flush = (): void => {
    if (open < 0) return;
    for (const i of low < high ? [open, low, high, close] : [open, high, low, close]) if (drawn.at(-1) !== i) drawn.push(i);
    open = -1;
  };
  for (let i = first; i <= last; i++) {
    const value = values[i];
    if (!drawable(value, log)) {
      flush();
      if (drawn.length > 0 && drawn.at(-1) !== -1) drawn.push(-1);
      continue;
    }
    const at = column(i);
    if (open < 0 || at !== here) {
      flush();
      [here, open, low, high, close] = [at, i, i, i, i];
      continue;
    }
    if (value < (values[low] ?? 0)) low = i;
    if (value > (values[high] ?? 0)) high = i;
    close = i;
  }
  flush();
  return drawn;
}

/** Range of an axis: all that is in view, from zero where zero is not far, with some air above. */
export function valueRange(series: readonly ArrayLike<number | null>[], [first, last]: readonly [number, number], levels: readonly number[], log: boolean): Range {
  let [low, high] = [Infinity, -Infinity];
  const take = (value: number | null | undefined): void => {
    if (!drawable(value, log)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const values of series) for (let i = first; i <= last; i++) take(values[i]);
  levels.forEach(take);
  if (low > high) return log ? [0.1, 1] : [0, 1];
  if (log) return [low / 1.15, high * 1.15];
  if (low >= 0 && low < 0.6 * high) return [0, high * 1.06];
  const air = (high - low || Math.abs(high) || 1) * 0.08;
  return [low - air, high + air];
}

/** Places of labels along a line, as near to where they belong as a gap between them allows. */
export function pushApart(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const placed = [...wanted];
  let least = low;
  for (const i of order) {
    placed[i] = Math.max(wanted[i] ?? 0, least);
    least = (placed[i] ?? 0) + gap;
  }
  let most = high;
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i] ?? 0, most);
    most = (placed[i] ?? 0) - gap;
  }
  return placed;
}

const ROWS = 3;
export const LABEL_GAP = 16;

/** A label that lies in the plot already: its ends, and where its line of text stands. */
export type Taken = { span: Range; bottom: number };

/** Where the labels of level lines lie: at the right, above their lines, pushed apart. */
export function levelLabels(levels: readonly LineLevel[], frame: Frame, size = 12): (Taken & { label: string })[] {
  const bottom = frame.top + frame.height;
  const seen = levels.filter(({ value }) => yAt(frame, value) >= frame.top - 1 && yAt(frame, value) <= bottom + 1);
  const places = pushApart(seen.map(({ value }) => yAt(frame, value) - 4), LABEL_GAP, frame.top + 12, bottom - 2);
  const right = frame.left + frame.width - 6;
  return seen.map(({ label }, i) => ({ label, bottom: places[i] ?? 0, span: [right - textWidth(label, size), right] }));
}

/** Where a row of mark labels stands. */
export function rowBottom(frame: Frame, row: number): number {
  return frame.top + 14 + row * LABEL_GAP;
}

/** On which row each mark's label stands, so that none covers another or a level's; −1 where none is free. They lean away from the nearer edge. */
export function labelRows(marks: readonly LineMark[], frame: Frame, levels: readonly Taken[] = [], size = 12): { row: number; side: "left" | "right" }[] {
  const taken: Range[][] = Array.from({ length: ROWS }, (_, row) =>
    levels.filter(({ bottom }) => Math.abs(bottom - rowBottom(frame, row)) < LABEL_GAP - 2).map(({ span }) => span),
  );
  return marks.map(({ x, label }) => {
    const at = xAt(frame, x);
    const width = textWidth(label, size) + 16;
    const side = at + width > frame.left + frame.width ? "left" : "right";
    const [from, to] = side === "right" ? [at, at + width] : [at - width, at];
    const row = taken.findIndex((spans) => spans.every(([a, b]) => to < a || from > b));
    taken[row]?.push([from, to]);
    return { row, side };
  });
}

/** Colour, width and dashes of each series. Curves laid over the main one are told apart by their dashes, not by colour. */
export type Stroke = { colour: "ink" | "muted"; width: number; alpha: number; dash: readonly number[]; dots: boolean };

const DASHES: readonly (readonly number[])[] = [[7, 3], [2, 3], [10, 3, 2, 3]];

export function strokes(series: readonly LineSeries[]): Stroke[] {
  let overlays = 0;
  return series.map(({ style, scale }) => {
    const right = scale === "y2";
    if (style === "raw") return { colour: "muted", width: 1, alpha: 0.45, dash: [], dots: false };
    if (style === "dots") return { colour: "ink", width: 1, alpha: 1, dash: [1, 3], dots: true };
    if (style === "overlay") return { colour: "ink", width: 1.5, alpha: 0.75, dash: DASHES[overlays++ % DASHES.length] ?? [], dots: false };
    return right ? { colour: "muted", width: 1.5, alpha: 1, dash: [], dots: false } : { colour: "ink", width: 2, alpha: 1, dash: [], dots: false };
  });
}

const ROOM_STEP = 8;

/** Room beside a plot for all of these, in pixels: in steps, so that the plot stands still while its numbers grow. */
export function roomFor(widths: readonly number[], least: number): number {
  const most = Math.max(least, ...widths);
  return least + Math.ceil((most - least) / ROOM_STEP) * ROOM_STEP;
}

const DIGITS = { least: 3, most: 7 };

/** Words for the lines of an axis: of as many digits as tell them apart. */
export function tickWords(values: readonly number[], format: (n: number, digits: number) => string): string[] {
  for (let digits = DIGITS.least; ; digits += 1) {
    const words = values.map((value) => format(value, digits));
    if (digits === DIGITS.most || new Set(words).size === new Set(values).size) return words;
  }
}
