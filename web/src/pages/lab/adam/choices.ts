// Which parameter to follow: the first, the next one on a walk through all of them, or one given by its address.
// The walk has a fixed stride and no chance in it, so that a lesson can be repeated.
import { entry, entryOf } from "../../../lib/address";
import type { MatrixShape } from "../../../lib/protocol/types";

/** About the golden share of a whole: neighbours on the walk lie far apart, and it comes everywhere. */
const STRIDE = 0.6180339887498949;

/** The address of a parameter by its place among all of them. */
export function nth(matrices: readonly MatrixShape[], index: number): string | null {
  let left = index;
  for (const { name, rows, cols } of matrices) {
    if (left < rows * cols) return entry(name, Math.floor(left / cols), left % cols);
    left -= rows * cols;
  }
  return null;
}

/** Its place among all of them; −1 for what is no parameter of this model. */
export function placeOf(matrices: readonly MatrixShape[], address: string): number {
  const found = entryOf(address);
  let before = 0;
  for (const { name, rows, cols } of matrices) {
    if (found?.matrix === name) return found.row < rows && found.col < cols ? before + found.row * cols + found.col : -1;
    before += rows * cols;
  }
  return -1;
}

/** The next parameter on the walk. */
export function another(matrices: readonly MatrixShape[], address: string): string | null {
  const total = matrices.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  if (total === 0) return null;
  const stride = strideFor(total);
  return nth(matrices, (Math.max(placeOf(matrices, address), 0) + stride) % total);
}

/** A stride that shares no divisor with the number of parameters, so that the walk visits all of them. */
function strideFor(total: number): number {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
  let stride = Math.max(1, Math.round(total * STRIDE));
  while (common(stride, total) !== 1) stride += 1;
  return stride;
}
