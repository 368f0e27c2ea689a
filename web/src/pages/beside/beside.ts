// What code and architecture are given, on whatever page they stand: the run on screen, where in it the page stands, and how to
// move there. One type, so that every page has the same column.
import type { Run } from "../../lib/protocol/reduce";
import type { Live } from "../../lib/source/live";
import type { LoopsOf } from "../../lib/source/loops";
import type { Desk } from "../../lib/state/desk.svelte";
import type { Session } from "../../lib/state/session.svelte";

export type BesideProps = {
  session: Session;
  run: Run;
  desk: Desk;
  /** The model on the page and the place in it; null shows no numbers. */
  live: Live | null;
  loops: LoopsOf;
  /** Copies a link to the place in the code. */
  onlink?: (() => void) | undefined;
};
