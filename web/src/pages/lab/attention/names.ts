// The addresses of one head's numbers, without their moment. One place that spells them, so that figures agree.

export type HeadAt = { layer: number; head: number };

/** Of one head, at one position or (null) at all of them. */
export function headName({ layer, head }: HeadAt, tensor: string, position: number | null = null): string {
  return `${position === null ? "" : `p${position}/`}layer${layer}.head${head}.${tensor}`;
}

/** Of a layer, where the heads lie side by side. */
export function layerName(layer: number, tensor: string, position: number | "*"): string {
  return `p${position}/layer${layer}.${tensor}`;
}

/** The columns of one head in what has the heads side by side: `cols` numbers from `first` on, of every row. */
export function columnsOf(values: Float64Array, width: number, first: number, cols: number, rows: number): Float64Array {
  const cut = new Float64Array(rows * cols);
  for (let row = 0; row < rows; row++) cut.set(values.subarray(row * width + first, row * width + first + cols), row * cols);
  return cut;
}
