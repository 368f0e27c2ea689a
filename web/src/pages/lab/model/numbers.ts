// Which numbers the map asks for, and how a box finds its own among the answers.
import type { Tensor } from "../../../lib/engine/wire";
import type { Box } from "./boxes";
import type { Shows } from "./phases";

/** Matrices with more numbers than this are not drawn in the map but only when opened. */
export const MOST_DRAWN = 40_000;

export type Ask = { position: number; matrices: boolean; gradients: boolean; updates: boolean };

/** Names of all that `boxes` show. */
export function namesOf(boxes: readonly Box[], { position, matrices, gradients, updates }: Ask): string[] {
  const names: string[] = [];
  for (const { tensors, matrix } of boxes) {
    for (const tensor of tensors) {
      names.push(`p${position}/${tensor}`);
      if (gradients) names.push(`p${position}/${tensor}.grad`);
    }
    if (matrix === null || !matrices) continue;
    names.push(matrix.name);
    if (gradients) names.push(`${matrix.name}.grad`);
    if (updates) names.push(`${matrix.name}.update`);
  }
  return names;
}

/** The numbers of a box at a position, heads side by side; null while one of them is missing. */
export function rowOf(get: (name: string) => Tensor | null, box: Box, position: number, shows: Shows): Float64Array | null {
  const ending = shows === "gradient" ? ".grad" : "";
  const parts = box.tensors.map((tensor) => get(`p${position}/${tensor}${ending}`)?.values ?? null);
  if (!parts.every((part) => part !== null)) return null;
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function matrixOf(get: (name: string) => Tensor | null, box: Box, shows: Shows): Float64Array | null {
  if (box.matrix === null) return null;
  const ending = shows === "gradient" ? ".grad" : shows === "update" ? ".update" : "";
  return get(box.matrix.name + ending)?.values ?? null;
}

/** How many are above zero: the units that are on. */
export function countOn(values: ArrayLike<number>): number {
  let on = 0;
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) > 0) on += 1;
  return on;
}

/** How many of `cols` units are zero at every one of `rows` positions. */
export function countDead(values: ArrayLike<number>, rows: number, cols: number): number {
  let dead = 0;
  for (let col = 0; col < cols; col++) {
    let silent = true;
    for (let row = 0; row < rows && silent; row++) silent = values[row * cols + col] === 0;
    if (silent) dead += 1;
  }
  return dead;
}
