// The record of the step on screen is found wherever the records begin, and what a walk is about has a name in the source.
import { afterEach, expect, test, vi } from "vitest";
import type { StepRecord } from "../../src/lib/protocol/types";
import { loadConcepts } from "../../src/lib/source/data";
import { conceptOfLoop, FUNCTIONS } from "../../src/lib/source/concepts";
import { Desk, LOOP_PARTS } from "../../src/lib/state/desk.svelte";
import { loopWalkOf } from "../../src/pages/beside/loopWalk";
import { recordAt } from "../../src/pages/beside/step";

const record = (step: number): StepRecord => ({ step, doc: 0, loss: step / 10, smoothed_loss: 0, learning_rate: 0, grad_norm: 0, mean_abs_update: 0 });

afterEach(() => void vi.unstubAllGlobals());

test("the record is that of the step, and none before the first", () => {
  const records = [1, 2, 3].map(record);
  expect(recordAt({ records, step: 2 })).toBe(records[1]);
  expect(recordAt({ records: records.slice(1), step: 3 })).toBe(records[2]);
  expect(recordAt({ records, step: 0 })).toBeNull();
  expect(recordAt({ records, step: 4 })).toBeNull();
});

test("the walk through a step takes the code along, part by part, and there is one of it", async () => {
  const known = new Set((await loadConcepts()).filter(({ only }) => only === null).map(({ id }) => id));
  expect([...LOOP_PARTS.map(conceptOfLoop), ...FUNCTIONS].filter((id) => !known.has(id))).toEqual([]);
  vi.stubGlobal("cancelAnimationFrame", () => undefined); // a walk by hand needs no frames
  const desk = new Desk("python");
  const walk = loopWalkOf(desk);
  expect(loopWalkOf(desk)).toBe(walk);
  expect(loopWalkOf(new Desk("rust"))).not.toBe(walk);
  for (const [i, part] of LOOP_PARTS.entries()) {
    walk.scrub(i);
    expect(desk.loop).toBe(part);
    expect(desk.spot).toEqual({ language: "python", concept: conceptOfLoop(part), line: null });
  }
  walk.leave();
  expect(desk.loop).toBeNull();
  expect(desk.spot?.concept).toBe("training-step");
});
