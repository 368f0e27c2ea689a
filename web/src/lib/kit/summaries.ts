// Sentences made from the numbers a figure shows, for those who hear it instead of seeing it.
// They pick numbers out of what is drawn; they compute none.
import { m } from "../messages/en/kit";
import { extremes, largest } from "./scale";
import type { BarItem, LineSeries } from "./types";

/** A label with its index, as read-outs name rows and columns. */
export function named(index: number, labels: readonly string[] | undefined): string {
  return m.matrix.index(index, labels?.[index]);
}

export function matrixSummary(
  values: ArrayLike<number>,
  rows: number,
  cols: number,
  names: { rowTitle: string; colTitle: string; rowLabels?: readonly string[] | undefined; colLabels?: readonly string[] | undefined },
): string {
  const found = extremes(values);
  if (found === null) return m.matrix.none(rows, cols);
  const row = named(Math.floor(found.maxAt / cols), names.rowLabels);
  const col = named(found.maxAt % cols, names.colLabels);
  return m.matrix.summary(rows, cols, found.min, found.max, `${names.rowTitle} ${row}, ${names.colTitle} ${col}`, found.notFinite);
}

/** What the three strongest looks of a row are. */
export function attentionSummary(weights: readonly number[], tokens: readonly string[], position: number): string {
  const strongest = weights.map((weight, i) => ({ weight, i })).sort((a, b) => b.weight - a.weight || a.i - b.i).slice(0, 3);
  const at = (i: number): string => m.attention.position(i, tokens[i] ?? "");
  return m.attention.row(at(position), strongest.map(({ weight, i }) => m.attention.part(at(i), m.number(weight, 3))));
}

export function barsSummary(items: readonly BarItem[], format: (n: number) => string): string {
  const size = largest(items.map(({ value }) => value));
  const most = items.find(({ value }) => Math.abs(value) === size);
  if (most === undefined) return m.bars.none;
  const marked = items.filter((item) => item.marked).map((item) => m.bars.marked(m.bars[item.marked ?? "target"], item.label, format(item.value)));
  return m.bars.summary(items.length, most.label, format(most.value)) + marked.join("");
}

export function chartSummary(x: ArrayLike<number>, series: readonly LineSeries[], xTitle: string, format: (n: number) => string): string {
  const n = x.length;
  if (n === 0) return m.chart.none;
  const parts = series.flatMap(({ label, values }) => {
    const found = extremes(values);
    const [first, last] = [edge(values, 1), edge(values, -1)];
    return found === null || first === null || last === null
      ? []
      : [m.chart.series(label, format(first), format(last), format(found.min), format(found.max))];
  });
  return m.chart.summary(xTitle, n, m.number(x[0] ?? 0), m.number(x[n - 1] ?? 0), parts);
}

/** The first finite value, going forward or backward. */
function edge(values: ArrayLike<number | null>, step: 1 | -1): number | null {
  for (let i = step === 1 ? 0 : values.length - 1; i >= 0 && i < values.length; i += step) {
    const value = values[i];
    if (value !== null && value !== undefined && Number.isFinite(value)) return value;
  }
  return null;
}
