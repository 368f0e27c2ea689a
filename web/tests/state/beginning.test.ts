// How a session begins: what is usual, where a run stands, and which messages tell that one began.
import { describe, expect, test } from "vitest";
import { nothingHeard, reduce, type Run } from "../../src/lib/protocol/reduce";
import type { Phase, ServerMessage, Status } from "../../src/lib/protocol/types";
import { begins, standing, usual } from "../../src/lib/state/beginning";
import { catalog } from "../configure/catalog";
import { event, snapshot, trained } from "../runs";

const status = (phase: Phase): Status => ({ phase, pace: null, run_until: null, divergence: null });

function runOf(message: ServerMessage): Run {
  const { run } = reduce(nothingHeard, message);
  if (run === null) throw new Error("a snapshot makes a run");
  return run;
}

test("who asks for nothing gets what the catalog says, trained", () => {
  const another = { corpus: "startups", config: { ...catalog.usual.config, steps: 12 } };
  expect(usual({ ...catalog, usual: another })).toEqual({ spec: { config: another.config, corpus: { from: "named", name: "startups" } }, standAt: "end" });
});

test("a run stands at its end, at a step of it, or nowhere yet", () => {
  expect(standing(runOf(snapshot(1, 0)))).toBe("untrained");
  expect(standing(runOf(snapshot(1, 4)))).toBe(4);
  expect(standing(runOf(snapshot(1, 4, { step: 0 })))).toBe(0);
  expect(standing(runOf(snapshot(1, 10, { status: status("finished") })))).toBe("end");
  expect(standing(runOf(snapshot(1, 7, { status: status("diverged") })))).toBe("end");
});

describe("a run begins", () => {
  test("when its status says so, not when it is answered or trained", () => {
    expect(begins(event(2, { type: "status_changed", status: status("running") }))).toBe(true);
    expect(begins(event(2, { type: "status_changed", status: status("finished") }))).toBe(false);
    expect(begins(event(2, trained(1, 2)))).toBe(false);
    expect(begins({ type: "done", id: 1 })).toBe(false);
  });

  test("before a snapshot that shows it on its way or over", () => {
    expect(begins(snapshot(1, 0))).toBe(false);
    expect(begins(snapshot(1, 3, { status: status("running") }))).toBe(true);
    expect(begins(snapshot(1, 10, { status: status("finished") }))).toBe(true);
  });
});
