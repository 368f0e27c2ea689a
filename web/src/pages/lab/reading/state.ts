// The state of a figure that waits for numbers: refused, on its way, or there.
import type { FigureState } from "../../../lib/kit/types";
import type { Refusal } from "../../../lib/protocol/types";

/** What was read last is shown until something newer comes; a refusal is told only where there is nothing to show. */
export function stateOf(refusal: Refusal | null, numbers: unknown): FigureState {
  if (numbers !== null && numbers !== undefined) return { state: "ready" };
  return refusal === null ? { state: "loading" } : { state: "error", message: refusal.message };
}
