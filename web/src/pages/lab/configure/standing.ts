// Where to stand after a retraining: at the same step as before, or at the end if one stood at the end.
// A run made shorter than that step only borrows its end: when it grows again, the step is the old one.
import type { Run } from "../../../lib/protocol/reduce";

/** Where the last retraining was wished to stand, and where it came to stand; null while it is under way. */
export type Stand = { wanted: number | "end"; landed: number | null };

/** `busy`: a retraining is under way, so what the run shows is no place that anyone chose. */
export function placeToStand(run: Run, last: Stand | null, busy: boolean): number | "end" {
  if (last !== null && (busy || run.step === last.landed)) return last.wanted;
  const { phase } = run.status;
  if (phase === "finished" || phase === "diverged" || run.step >= run.experiment.config.steps) return "end";
  // Nothing was trained yet, so there is no later step that the reader turned away from.
  return run.step === 0 && run.records.length === 0 && run.branches.every(({ end }) => end === 0) ? "end" : run.step;
}
