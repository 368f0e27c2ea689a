// The order of a table's rows when one of its columns is sorted.
// Apart from the component, because it must keep ties and put what is no number last.
import type { TableRow } from "./types";

/** `column` −1 is the given order. */
export type Sort = { column: number; descending: boolean };
export const GIVEN: Sort = { column: -1, descending: false };

/** A click on a column: largest first, then smallest first, then as given. */
export function nextSort(sort: Sort, column: number): Sort {
  if (sort.column !== column) return { column, descending: true };
  return sort.descending ? { column, descending: false } : GIVEN;
}

/** Indices of the rows in order. */
export function sorted(rows: readonly TableRow[], { column, descending }: Sort): number[] {
  const order = rows.map((_, i) => i);
  if (column < 0) return order;
  const value = (i: number): number => rows[i]?.values[column] ?? NaN;
  return order.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    if (x === y) return a - b;
    return (x < y) === descending ? 1 : -1;
  });
}
