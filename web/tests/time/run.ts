// Runs at chosen moments, for the tests of time: hand-made, of the right shape only.
import { nothingHeard, reduce, type Run } from "../../src/lib/protocol/reduce";
import type { Phase } from "../../src/lib/protocol/types";
import { branch, record, snapshot } from "../runs";

/** A run at `step`; its branch may go on to `end`. */
export function runAt(step: number, phase: Phase, { end = step }: { end?: number } = {}): Run {
  const records = Array.from({ length: end }, (_, i) => record(i + 1));
  const message = snapshot(1, step, { branches: [branch(end)], records, status: { phase, pace: null, run_until: null, divergence: null } });
  const { run } = reduce(nothingHeard, message);
  if (run === null) throw new Error("a snapshot makes a run");
  return run;
}
