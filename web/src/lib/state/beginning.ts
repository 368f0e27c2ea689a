// How a session begins and where it is brought to: what one asks for, what is usual, how a run is told to have begun.
// Apart from the session, because links and notices begin sessions too.
import type { Run } from "../protocol/reduce";
import type { Catalog, ServerMessage, Spec } from "../protocol/types";

/** Where a fresh session is brought to: a step of the whole run, its end, or nowhere: then it is not trained at all. */
export type StandAt = number | "end" | "untrained";

/** An experiment and where to stand in it. */
export type Begun = { spec: Spec; standAt: StandAt };

/** The session to begin with, if it still lives, and whether only to look at it; else what to set up, once it is known what there is to choose from. */
export type First = { sessionId: string | null; look?: boolean; begin: (catalog: Catalog) => Begun };

/** The experiment of those who did not ask for one, trained to the end. */
export function usual({ usual: { config, corpus } }: Catalog): Begun {
  return { spec: { config, corpus: { from: "named", name: corpus } }, standAt: "end" };
}

export function over(run: Run): boolean {
  return run.status.phase === "finished" || run.status.phase === "diverged";
}

/** Where a run stands, so that the same run can be brought there. */
export function standing(run: Run): StandAt {
  if (run.records.length === 0) return "untrained";
  return over(run) ? "end" : run.step;
}

/** Whether a message tells that a run began. A snapshot may have missed it. */
export function begins(message: ServerMessage): boolean {
  if (message.type === "snapshot") return message.snapshot.status.phase !== "ready";
  return message.type === "event" && message.event.type === "status_changed" && message.event.status.phase === "running";
}
