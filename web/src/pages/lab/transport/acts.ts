// What the controls of time can do at this moment, and why not if they cannot.
// One place for buttons and keys, so that a key never does what its button would refuse.
import { m } from "../../../lib/messages/en/time";
import type { Run } from "../../../lib/protocol/reduce";
import type { Session } from "../../../lib/state/session.svelte";

export type Act = "train" | "run" | "step" | "pause" | "reset" | "previous" | "next" | "play";

/** Steps reached on the present branch: what can be sought. */
export function endOf(run: Run): number {
  return Math.max(run.step, run.branches.find(({ id }) => id === run.branch)?.end ?? 0);
}

/** Whether the run goes on beyond the moment on screen. */
export function isPast(run: Run): boolean {
  return run.step < endOf(run);
}

/** Why an act is not possible; null if it is. */
export function obstacle(act: Act, run: Run, session: Pick<Session, "connected" | "retraining" | "looking">): string | null {
  const { phase } = run.status;
  if (!session.connected) return m.cannot.lost;
  if (session.looking) return m.cannot.looking;
  if (session.retraining) return m.cannot.retraining;
  const running = phase === "running";
  switch (act) {
    case "train":
      return running ? m.cannot.running : null;
    case "run":
    case "step":
      if (running) return act === "run" ? m.cannot.runRunning : m.cannot.stepRunning;
      if (phase === "diverged") return m.cannot.diverged;
      return phase === "finished" ? m.cannot.over(run.step) : null;
    case "pause":
      return running ? null : m.cannot.notRunning;
    case "reset":
      return run.step === 0 && endOf(run) === 0 && run.branches.length < 2 && phase === "ready" ? m.cannot.fresh : null;
    case "previous":
      return run.step === 0 ? m.cannot.first : null;
    case "next":
      return isPast(run) ? null : m.cannot.last(run.step);
    case "play":
      return endOf(run) === 0 ? m.cannot.empty : null;
  }
}

/** What the main button does: the word on it. */
export function mainWord(run: Run): string {
  const words = m.transport;
  if (run.status.phase === "running") return words.pause;
  if (isPast(run)) return words.runOn;
  if (run.status.phase === "paused") return words.trainOn;
  return run.status.phase === "ready" ? words.train : words.trainAgain;
}
