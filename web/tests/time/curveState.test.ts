// Checks what a curve says when there is none: the way on, unless there is no way.
import { describe, expect, it } from "vitest";
import { m } from "../../src/lib/messages/en/time";
import { curveState } from "../../src/pages/lab/training/curveState";

describe("a curve", () => {
  it("is drawn once there is a step, however it ended", () => {
    for (const phase of ["paused", "finished", "diverged"] as const) expect(curveState(1, phase)).toEqual({ state: "ready" });
  });

  it("asks to train before the first step, but not when that step broke the model", () => {
    expect(curveState(0, "ready")).toEqual({ state: "empty", message: m.curve.empty });
    expect(curveState(0, "diverged")).toEqual({ state: "empty", message: m.curve.broken });
  });
});
