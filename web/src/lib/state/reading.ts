// How often what is read may change while a run goes on. Steps that come one by one are followed one by one, as far as eyes can; of a
// stream of them nobody reads more than two or three a second, and everything else would cost the curve its frames.
import type { Status } from "../protocol/types";

/** Steps a second that can still be told apart. */
const TELLABLE = 30;
const STEPS_MS = 200;
const STREAM_MS = 400;

/** The least time from one value to the next that is shown, in milliseconds: for texts, unless told otherwise. None unless the run goes on. */
export function pauseOf({ phase, pace }: Pick<Status, "phase" | "pace">, pause = pace !== null && pace <= TELLABLE ? STEPS_MS : STREAM_MS): number {
  return phase === "running" ? pause : 0;
}
