// Checks the one law of the protocol: a snapshot and the events after it come to the same as a later snapshot.
import { describe, expect, it } from "vitest";
import { milestone, milestonesBelow, nothingHeard, reduce, type Heard } from "../src/lib/protocol/reduce";
import type { ServerMessage, Status } from "../src/lib/protocol/types";
import { event, experiment, live, snapshot, trained } from "./runs";

function hear(...messages: ServerMessage[]): Heard {
  return messages.reduce(reduce, nothingHeard);
}

const paused: Status = { phase: "paused", pace: null, run_until: null, divergence: null };

describe("reduce", () => {
  it("makes a snapshot and its events worth the later snapshot", () => {
    const folded = hear(
      snapshot(0, 0),
      event(1, trained(1, 2)),
      event(2, trained(3, 5)),
      event(3, { type: "status_changed", status: paused }),
    );
    const { timeline: seen, ...run } = folded.run ?? { timeline: [] };
    const { timeline: _, ...later } = hear(snapshot(3, 5)).run ?? { timeline: [] };
    expect(run).toEqual(later);
    expect(folded.seq).toBe(3);
    expect(seen.map(({ step }) => step)).toEqual([0, 2, 5]);
  });

  it("changes nothing it was given", () => {
    const before = hear(snapshot(0, 0));
    const copy = structuredClone(before);
    reduce(before, event(1, trained(1, 1)));
    expect(before).toEqual(copy);
  });

  it("ignores what comes after a gap until a snapshot closes it", () => {
    const gap = hear(snapshot(0, 0), event(1, trained(1, 1)), event(3, trained(3, 3)), event(4, trained(4, 4)));
    expect(gap.behind).toBe(true);
    expect(gap.run?.records).toHaveLength(1);
    const healed = reduce(gap, snapshot(4, 4));
    expect(healed.behind).toBe(false);
    expect(healed.run?.records).toHaveLength(4);
    expect(reduce(healed, event(5, trained(5, 5))).run?.records).toHaveLength(5);
  });

  it("hears an event only once", () => {
    const once = hear(snapshot(0, 0), event(1, trained(1, 1)));
    expect(reduce(once, event(1, trained(1, 1)))).toBe(once);
  });

  it("ignores events before the first snapshot", () => {
    expect(hear(event(1, trained(1, 1)))).toBe(nothingHeard);
  });

  it("starts over on reset and keeps the pace", () => {
    const status: Status = { phase: "running", pace: 100, run_until: 10, divergence: null };
    const run = hear(
      snapshot(0, 0),
      event(1, { type: "status_changed", status }),
      event(2, trained(1, 3)),
      event(3, { type: "started", experiment, live_samples: live(0) }),
    ).run;
    expect(run?.records).toEqual([]);
    expect(run?.view).toBeNull();
    expect(run?.samples).toBeNull();
    expect(run?.status).toEqual({ phase: "ready", pace: 100, run_until: null, divergence: null });
    expect(run?.timeline.map(({ step }) => step)).toEqual([0]);
  });

  it("keeps a refusal until a later command is carried out", () => {
    const refusal = { field: "n_head", message: "n_head does not divide n_embd" };
    const refused = hear(snapshot(0, 0), { type: "refused", id: 7, refusal });
    expect(refused.refused).toEqual({ id: 7, refusal });
    expect(refused.run).toEqual(hear(snapshot(0, 0)).run);
    expect(reduce(refused, { type: "done", id: 8 }).refused).toBeNull();
  });

  it("keeps the timeline over a resynchronisation of the same experiment only", () => {
    const seen = hear(snapshot(0, 0), event(1, trained(1, 1)), event(2, trained(2, 2)));
    const steps = (heard: Heard) => heard.run?.timeline.map(({ step }) => step);
    expect(steps(reduce(seen, snapshot(5, 5)))).toEqual([0, 1, 2, 5]);
    expect(steps(reduce(seen, snapshot(5, 5, { experiment: { ...experiment, num_docs: 4 } })))).toEqual([5]);
    expect(steps(reduce(seen, snapshot(5, 1)))).toEqual([0, 1]);
  });
});

describe("milestone", () => {
  it.each([[0, 0], [1, 1], [4, 2], [5, 5], [19, 10], [50, 50], [999, 500], [1000, 1000]])("of %i is %i", (step, at) => {
    expect(milestone(step)).toBe(at);
  });
});

it("counts the milestones below a step", () => {
  expect([0, 1, 2, 5, 6, 1000].map(milestonesBelow)).toEqual([0, 1, 2, 3, 4, 10]);
});
