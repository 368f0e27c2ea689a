// Checks how often texts follow a run.
import { expect, it } from "vitest";
import { pauseOf } from "../../src/lib/state/reading";
import { PACES } from "../../src/pages/lab/transport/pace";

it("follows single steps as fast as they can be read, a stream of them more seldom, and what stands still at once", () => {
  expect(PACES.map((pace) => pauseOf({ phase: "running", pace }))).toEqual([200, 200, 400, 400, 400]);
  expect(PACES.map((pace) => pauseOf({ phase: "paused", pace }))).toEqual([0, 0, 0, 0, 0]);
  expect(pauseOf({ phase: "running", pace: null }, 33)).toBe(33);
  expect(pauseOf({ phase: "finished", pace: null }, 33)).toBe(0);
});
