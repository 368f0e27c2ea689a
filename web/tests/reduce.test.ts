// Checks the one law of the protocol: a snapshot and the events after it come to the same as a later snapshot.
import { describe, expect, it } from "vitest";
import { milestone, nothingHeard, reduce, type Heard } from "../src/lib/protocol/reduce";
import type { ServerMessage, Status } from "../src/lib/protocol/types";
import { automatic, branch, event, experiment, heldOut, live, record, settings, snapshot, trained, view } from "./runs";

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
      event(3, { type: "started", experiment, settings, line: { records: [], automatic_samples: automatic(0, 0), held_out: [] }, live_samples: live(0) }),
    ).run;
    expect(run?.records).toEqual([]);
    expect(run?.view).toBeNull();
    expect(run?.samples).toBeNull();
    expect([run?.step, run?.branch, run?.branches, run?.automatic_samples]).toEqual([0, 0, [branch(0)], automatic(0, 0)]);
    expect(run?.status).toEqual({ phase: "ready", pace: 100, run_until: null, divergence: null });
    expect(run?.timeline.map(({ step }) => step)).toEqual([0]);
  });

  it("goes back to a moment and keeps the curve", () => {
    const back = hear(
      snapshot(0, 5),
      event(1, { type: "moved", branch: 0, step: 2, line: null, settings: { ...settings, temperature: 1 }, view: view(2), live_samples: live(2) }),
      event(2, { type: "status_changed", status: paused }),
    ).run;
    expect([back?.step, back?.branch, back?.records.length]).toEqual([2, 0, 5]);
    expect([back?.view, back?.live_samples, back?.settings.temperature]).toEqual([view(2), live(2), 1]);
  });

  it("begins a branch, changes its settings, and comes back to the first", () => {
    const changed = { ...settings, learning_rate: 0.5 };
    const onward = hear(
      snapshot(0, 7),
      event(1, { type: "moved", branch: 0, step: 4, line: null, settings, view: view(4), live_samples: live(4) }),
      event(2, { type: "forked", branch: { id: 1, parent: 0, begin: 4, end: 4, changes: [{ step: 4, settings }] } }),
      event(3, { type: "settings_changed", change: { step: 4, settings: changed }, live_samples: live(4) }),
      event(4, trained(5, 6)),
    );
    const run = onward.run;
    expect([run?.step, run?.branch, run?.settings]).toEqual([6, 1, changed]);
    expect(run?.branches).toEqual([branch(7), { id: 1, parent: 0, begin: 4, end: 6, changes: [{ step: 4, settings: changed }] }]);
    expect(run?.records.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect([run?.automatic_samples, run?.held_out]).toEqual([automatic(0, 6), heldOut(0, 6)]);

    const line = { records: [1, 2, 3, 4, 5, 6, 7].map(record), automatic_samples: automatic(0, 7), held_out: heldOut(0, 7) };
    const back = reduce(onward, event(5, { type: "moved", branch: 0, step: 7, line, settings, view: view(7), live_samples: live(7) })).run;
    expect([back?.step, back?.branch, back?.settings]).toEqual([7, 0, settings]);
    expect([back?.records, back?.automatic_samples, back?.held_out]).toEqual([line.records, line.automatic_samples, line.held_out]);
    expect(back?.timeline).toEqual([live(7)]);
  });

  it("keeps what is watched and changed through a reset, until it is told otherwise", () => {
    const readings = [{ address: "step:4/loss", shape: [], is_triangle: false, values: [2.5] }];
    const interventions = { active: [{ id: 0, intervention: { type: "zero_mlp" as const, layer: 0 } }], next_id: 1 };
    const watching = hear(
      snapshot(0, 5),
      event(1, { type: "observed", readings }),
      event(2, { type: "interventions_changed", interventions }),
      event(3, { type: "started", experiment, settings, line: { records: [], automatic_samples: [], held_out: [] }, live_samples: live(0) }),
    );
    expect([watching.run?.readings, watching.run?.interventions]).toEqual([readings, interventions]);
    expect(reduce(watching, event(4, { type: "observed", readings: [] })).run?.readings).toEqual([]);
  });

  it("becomes what a trace tells of", () => {
    const told = snapshot(1, 7);
    if (told.type !== "snapshot") throw new Error("a snapshot");
    const report = {
      reproduced: true, num_steps: 7, first_difference: null, same_samples: true, same_held_out: true,
      first_different_activation: null, same_end: true, same_params: true, expected_params_sha256: "ab", found_params_sha256: "ab",
    };
    const imported = hear(snapshot(0, 3), event(1, { type: "imported", report, snapshot: told.snapshot }));
    const { seq: _, ...rest } = told.snapshot;
    expect(imported.seq).toBe(1);
    expect(imported.run).toEqual({ ...rest, timeline: [live(7)] });
  });

  it("is not changed by an answer: that is for whoever asked", () => {
    const refusal = { field: "n_head", message: "n_head does not divide n_embd" };
    const heard = hear(snapshot(0, 0));
    expect(reduce(heard, { type: "refused", id: 7, refusal })).toBe(heard);
    expect(reduce(heard, { type: "done", id: 8 })).toBe(heard);
    expect(reduce(heard, { type: "answered", id: 9, answer: { type: "text", answer: "" } })).toBe(heard);
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
});
