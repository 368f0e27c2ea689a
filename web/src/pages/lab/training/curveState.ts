// Whether a curve over the steps can be drawn, and what its frame says if not: nothing is trained yet, or the first step broke.
// One place, so that all curves of the view say the same.
import type { FigureState } from "../../../lib/kit/types";
import { m } from "../../../lib/messages/en/time";
import type { Phase } from "../../../lib/protocol/types";

/** The state of a curve that has so many steps to show, of a run in this phase. */
export function curveState(steps: number, phase: Phase): FigureState {
  if (steps > 0) return { state: "ready" };
  return { state: "empty", message: phase === "diverged" ? m.curve.broken : m.curve.empty };
}
