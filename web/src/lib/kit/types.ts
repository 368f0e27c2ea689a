// The shapes that figures are given: scales, cells, states and the items of each figure.
// Apart from the components, so that views and pure drawing functions share them.

/** Signed scales are symmetric, ±max; a share runs from 0 to max, 1 if not said. `max: null` fits the largest magnitude. */
export type Scale = { kind: "value" | "gradient" | "share"; max: number | null };
export type Cell = { row: number; col: number };

export type FigureState =
  | { state: "ready" }
  | { state: "empty"; message: string }
  | { state: "loading" }
  | { state: "error"; message: string; retry?: (() => void) | undefined };

/** What can be saved of a figure. `name` is the file's, without its ending. */
export type FigureExports = {
  name: string;
  png?: (() => Promise<Blob>) | undefined;
  svg?: (() => string) | undefined;
  csv?: (() => string) | undefined;
};

/** The weights of causal rows: row r holds r + 1 numbers, as lists or one after the other. */
export type Triangle = readonly (readonly number[])[] | Float64Array | Float32Array;

export type BarItem = {
  label: string;
  value: number;
  /** A baseline, drawn as an outline behind the bar. */
  ghost?: number | undefined;
  marked?: "target" | "drawn" | null | undefined;
  note?: string | undefined;
};

export type LedgerLine = {
  label: string;
  value: number;
  /** Where the bar begins and ends; without them it is drawn from zero. */
  from?: number | undefined;
  to?: number | undefined;
  note?: string | undefined;
  kind?: "start" | "add" | "total" | undefined;
};

export type LineSeries = {
  key: string;
  label: string;
  values: ArrayLike<number | null>;
  style: "raw" | "main" | "overlay" | "dots";
  scale?: "y" | "y2" | undefined;
};
export type LineLevel = { label: string; value: number };
export type LineMark = { x: number; label: string; tone: "now" | "warning" | "note" };

export type MultiplesItem = { key: string; label: string };

export type TableColumn = { key: string; label: string; format?: ((n: number) => string) | undefined };
export type TableRow = {
  label: string;
  /** Null where there is no number yet. */
  values: readonly (number | null)[];
  marked?: "target" | "drawn" | null | undefined;
  /** The address of each value that has one, so that it can be opened. */
  addresses?: readonly (string | undefined)[] | undefined;
};

export type HistogramMark = { x: number; label: string };
export type ScatterPoint = { x: number; y: number; label: string; marked?: boolean | undefined };
export type Trail = readonly (readonly [number, number])[];
