// The phases of one training step in their real order: its document, forward part by part, backward the same way back, then Adam matrix by matrix.
// A phase says which numbers a box may show by then; the numbers themselves were computed before the replay begins.
import type { MatrixShape } from "../../../lib/protocol/types";
import type { LoopPart } from "../../../lib/state/desk.svelte";
import type { Box } from "./boxes";

export type Phase =
  | { pass: "pick" }
  | { pass: "forward" | "backward"; box: string; index: number; of: number }
  | { pass: "update"; matrix: string; index: number; of: number };

/** What a box shows: nothing yet, its numbers, their gradient, or (matrices only) the update. */
export type Shows = "nothing" | "value" | "gradient" | "update";

/** `trained` tells a step of training from a text that is only read: that has no document to pick and no update. */
export function phasesOf(boxes: readonly Box[], matrices: readonly MatrixShape[], trained = true): Phase[] {
  const of = boxes.length;
  const there = boxes.map(({ id }, index): Phase => ({ pass: "forward", box: id, index, of }));
  const back = [...boxes].reverse().map(({ id }, index): Phase => ({ pass: "backward", box: id, index, of }));
  if (!trained) return [...there, ...back];
  const updates = matrices.map(({ name }, index): Phase => ({ pass: "update", matrix: name, index, of: matrices.length }));
  return [{ pass: "pick" }, ...there, ...back, ...updates];
}

/** What the numbers of box `place` of the forward order show in a phase; null is no replay: its numbers. */
export function boxShows(place: number, phase: Phase | null): Shows {
  if (phase === null) return "value";
  if (phase.pass === "pick") return "nothing";
  if (phase.pass === "forward") return place <= phase.index ? "value" : "nothing";
  if (phase.pass === "backward") return phase.of - 1 - place <= phase.index ? "gradient" : "value";
  return "gradient";
}

/** What the matrix of box `place` shows. `order` is its place among the matrices. */
export function matrixShows(place: number, order: number, phase: Phase | null): Shows {
  if (phase === null || phase.pass === "pick" || phase.pass === "forward") return "value";
  if (phase.pass === "backward") return boxShows(place, phase);
  return order <= phase.index ? "update" : "gradient";
}

/** Whether a phase is about this box. */
export function isAt(box: Box, phase: Phase | null): boolean {
  if (phase === null || phase.pass === "pick") return false;
  return phase.pass === "update" ? box.matrix?.name === phase.matrix : phase.box === box.id;
}

/** Which part of the training loop a phase belongs to. */
export function loopPartOf(phase: Phase): LoopPart {
  if (phase.pass === "pick" || phase.pass === "backward") return phase.pass;
  if (phase.pass === "update") return "adam";
  return phase.box === "loss" ? "loss" : "forward";
}
