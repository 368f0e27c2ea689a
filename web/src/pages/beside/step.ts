// The figures of the training step on screen, as the engine told them. Picking only.
import type { Run } from "../../lib/protocol/reduce";
import type { StepRecord } from "../../lib/protocol/types";

/** The record of the step that the page stands at; null before the first. */
export function recordAt({ records, step }: Pick<Run, "records" | "step">): StepRecord | null {
  const near = records[step - 1];
  if (near?.step === step) return near;
  return records.findLast((record) => record.step === step) ?? null;
}
