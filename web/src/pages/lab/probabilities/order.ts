// Which tokens come first: the largest of numbers that the engine gave, picked, never computed.

/** Indices of the `k` largest, the largest first; equals keep their order, what is no number comes last. */
export function largest(values: ArrayLike<number>, k: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    let place = best.length;
    while (place > 0 && value > (values[best[place - 1] ?? 0] ?? NaN)) place -= 1;
    if (place < k) best.splice(place, 0, i);
    if (best.length > k) best.pop();
  }
  return best;
}

/** One row of numbers that lie row by row. */
export function rowOf(values: Float64Array, row: number, cols: number): Float64Array {
  return values.subarray(row * cols, (row + 1) * cols);
}
