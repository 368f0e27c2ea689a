// How often what is read may change while a run goes on. Steps that come one by one are followed one by one, as far as eyes can; of a
// stream of them nobody reads more than two or three a second, and everything else would cost the curve its frames.
import type { Status } from "../protocol/types";

/** Steps a second that can still be told apart. */
const TELLABLE = 30;
const STEPS_MS = 200;
const STREAM_MS = 400;

/** The least time from one text to the next, in milliseconds. */
export function readingPause({ phase, pace }: Pick<Status, "phase" | "pace">): number {
  if (phase !== "running") return 0;
  return pace !== null && pace <= TELLABLE ? STEPS_MS : STREAM_MS;
}
