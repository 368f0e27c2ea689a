// The phases of one training step in their real order: forward part by part, backward the same way back, then Adam matrix by matrix.
// A phase says which numbers a box may show by then; the numbers themselves were computed before the replay begins.
import type { MatrixShape } from "../../../lib/protocol/types";
import type { Box } from "./boxes";

export type Phase =
  | { pass: "forward" | "backward"; box: string; index: number; of: number }
  | { pass: "update"; matrix: string; index: number; of: number };

/** What a box shows: nothing yet, its numbers, their gradient, or (matrices only) the update. */
export type Shows = "nothing" | "value" | "gradient" | "update";

export function phasesOf(boxes: readonly Box[], matrices: readonly MatrixShape[]): Phase[] {
  const of = boxes.length;
  const there = boxes.map(({ id }, index): Phase => ({ pass: "forward", box: id, index, of }));
  const back = [...boxes].reverse().map(({ id }, index): Phase => ({ pass: "backward", box: id, index, of }));
  const updates = matrices.map(({ name }, index): Phase => ({ pass: "update", matrix: name, index, of: matrices.length }));
  return [...there, ...back, ...updates];
}

/** What the numbers of box `place` of the forward order show in a phase; null is no replay: its numbers. */
export function boxShows(place: number, phase: Phase | null): Shows {
  if (phase === null) return "value";
  if (phase.pass === "forward") return place <= phase.index ? "value" : "nothing";
  if (phase.pass === "backward") return phase.of - 1 - place <= phase.index ? "gradient" : "value";
  return "gradient";
}

/** What the matrix of box `place` shows. `order` is its place among the matrices. */
export function matrixShows(place: number, order: number, phase: Phase | null): Shows {
  if (phase === null || phase.pass === "forward") return "value";
  if (phase.pass === "backward") return boxShows(place, phase);
  return order <= phase.index ? "update" : "gradient";
}

/** Whether a phase is about this box. */
export function isAt(box: Box, phase: Phase | null): boolean {
  if (phase === null) return false;
  return phase.pass === "update" ? box.matrix?.name === phase.matrix : phase.box === box.id;
}
