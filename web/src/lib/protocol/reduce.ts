// Folds the server's messages into what the page shows: one pure function, so that socket and worker mean the same
// and a snapshot is worth exactly the events it sums up.
import type { Branch, Event, Line, LiveSamples, ServerMessage, Snapshot } from "./types";

/** An experiment as the page knows it: the snapshot, and the live samples that were seen on the way. */
export type Run = Omit<Snapshot, "seq"> & {
  /** Live samples at about steps 0, 1, 2, 5, 10, 20, 50 …: the first to arrive at or after each. */
  timeline: LiveSamples[];
};

/** All that has been heard from the server. */
export type Heard = {
  sessionId: string | null;
  /** Number of the last event folded in. */
  seq: number;
  /** An event is missing: what follows is ignored until the next snapshot. */
  behind: boolean;
  run: Run | null;
};

export const nothingHeard: Heard = { sessionId: null, seq: 0, behind: false, run: null };

/** `heard` after one more message. */
export function reduce(heard: Heard, message: ServerMessage): Heard {
  switch (message.type) {
    case "snapshot":
      return {
        ...heard,
        sessionId: message.session_id,
        seq: message.snapshot.seq,
        behind: false,
        run: fromSnapshot(message.snapshot, heard.sessionId === message.session_id ? heard.run : null),
      };
    case "event":
      if (heard.run === null || heard.behind || message.seq <= heard.seq) return heard;
      if (message.seq > heard.seq + 1) return { ...heard, behind: true };
      return { ...heard, seq: message.seq, run: fold(heard.run, message.event) };
    case "events": // the engine hands them on one by one
    case "hello": // for the engine, which keeps the conversation
    case "answered": // for whoever asked
    case "done":
    case "refused":
      return heard;
  }
}

function fold(run: Run, event: Event): Run {
  switch (event.type) {
    case "started":
      return {
        experiment: event.experiment,
        status: { phase: "ready", pace: run.status.pace, run_until: null, divergence: null },
        step: 0,
        branch: 0,
        branches: [{ id: 0, parent: null, begin: 0, end: 0, changes: [{ step: 0, settings: event.settings }] }],
        settings: event.settings,
        ...event.line,
        view: null,
        live_samples: event.live_samples,
        samples: null,
        readings: run.readings,
        interventions: run.interventions,
        timeline: [event.live_samples],
      };
    case "trained": {
      const step = event.records.at(-1)?.step ?? run.step;
      return {
        ...run,
        step,
        branches: change(run.branches, run.branch, (branch) => ({ ...branch, end: step })),
        records: run.records.concat(event.records),
        automatic_samples: run.automatic_samples.concat(event.automatic_samples),
        held_out: run.held_out.concat(event.held_out),
        view: event.view ?? run.view,
        live_samples: event.live_samples,
        timeline: remember(run.timeline, event.live_samples),
      };
    }
    case "moved":
      return {
        ...run,
        step: event.step,
        branch: event.branch,
        settings: event.settings,
        ...event.line,
        view: event.view,
        live_samples: event.live_samples,
        // Another branch wrote other things on its way.
        timeline: event.line === null ? run.timeline : [event.live_samples],
      };
    case "forked":
      return {
        ...run,
        branch: event.branch.id,
        branches: [...run.branches, event.branch],
        ...until(run, event.branch.begin),
        timeline: run.timeline.filter(({ step }) => step <= event.branch.begin),
      };
    case "settings_changed":
      return {
        ...run,
        settings: event.change.settings,
        branches: change(run.branches, run.branch, (branch) => ({
          ...branch,
          changes: [...branch.changes.filter(({ step }) => step !== event.change.step), event.change],
        })),
        live_samples: event.live_samples,
      };
    case "status_changed":
      return { ...run, status: event.status };
    case "sampled":
      return { ...run, samples: event.samples };
    case "observed":
      return { ...run, readings: event.readings };
    case "interventions_changed":
      return { ...run, interventions: event.interventions };
    case "imported":
      return fromSnapshot(event.snapshot, null);
  }
}

/** What a branch that begins after `begin` steps shares with its parent. */
function until(line: Line, begin: number): Line {
  const past = ({ step }: { step: number }) => step <= begin;
  return {
    records: line.records.filter(past),
    automatic_samples: line.automatic_samples.filter(past),
    held_out: line.held_out.filter(past),
  };
}

function change(branches: Branch[], id: number, how: (branch: Branch) => Branch): Branch[] {
  return branches.map((branch) => (branch.id === id ? how(branch) : branch));
}

/** The timeline outlives a resynchronisation of the same experiment: a run is the same run every time. */
function fromSnapshot(snapshot: Snapshot, before: Run | null): Run {
  const { seq: _, ...rest } = snapshot;
  const same =
    before !== null && before.branch === rest.branch && JSON.stringify(before.experiment) === JSON.stringify(rest.experiment);
  const seen = same ? before.timeline.filter((past) => past.step < rest.live_samples.step) : [];
  return { ...rest, timeline: remember(seen, rest.live_samples) };
}

function remember(timeline: LiveSamples[], now: LiveSamples): LiveSamples[] {
  const last = timeline.at(-1);
  if (last !== undefined && milestone(last.step) >= milestone(now.step)) return timeline;
  return [...timeline, now];
}

/** The largest of 0, 1, 2, 5, 10, 20, 50 … that is not above `step`. */
export function milestone(step: number): number {
  if (step < 1) return 0;
  let decade = 1;
  while (decade * 10 <= step) decade *= 10;
  if (step >= decade * 5) return decade * 5;
  return step >= decade * 2 ? decade * 2 : decade;
}
