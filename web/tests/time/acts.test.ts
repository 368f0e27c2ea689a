// Checks what the controls of time may do, and that what they may not comes with a reason.
import { describe, expect, it } from "vitest";
import { m } from "../../src/lib/messages/en/time";
import { endOf, isPast, mainWord, obstacle, type Act } from "../../src/pages/lab/transport/acts";
import { branch } from "../runs";
import { runAt } from "./run";

const acts: readonly Act[] = ["train", "run", "step", "pause", "reset", "previous", "next", "play"];
const free = { connected: true, retraining: false, looking: false };
const able = (...given: Parameters<typeof runAt>): Act[] => acts.filter((act) => obstacle(act, runAt(...given), free) === null);

describe("what can be done", () => {
  it("at the start: train", () => expect(able(0, "ready")).toEqual(["train", "run", "step"]));
  it("while training: pause, or begin anew", () => expect(able(4, "running")).toEqual(["pause", "reset", "previous", "play"]));
  it("paused at the end of what is trained: everything but going on in time", () => expect(able(4, "paused")).toEqual(["train", "run", "step", "reset", "previous", "play"]));
  it("in the past: go on in time as well", () => expect(able(4, "paused", { end: 7 })).toEqual(["train", "run", "step", "reset", "previous", "next", "play"]));
  it("at the end: train again, or go back", () => expect(able(10, "finished")).toEqual(["train", "reset", "previous", "play"]));
  it("diverged at once: train again, or reset", () => expect(able(0, "diverged")).toEqual(["train", "reset"]));

  it("nothing without an engine, or while the model is retrained", () => {
    for (const act of acts) {
      expect(obstacle(act, runAt(4, "paused"), { ...free, connected: false })).toBe(m.cannot.lost);
      expect(obstacle(act, runAt(4, "paused"), { ...free, retraining: true })).toBe(m.cannot.retraining);
      expect(obstacle(act, runAt(4, "paused"), { ...free, looking: true })).toBe(m.cannot.looking);
    }
  });

  it("gives the reason that helps", () => {
    expect(obstacle("step", runAt(4, "running"), free)).toBe(m.cannot.stepRunning);
    expect(obstacle("step", runAt(10, "finished"), free)).toContain("10");
    expect(obstacle("next", runAt(4, "paused"), free)).toContain("4");
  });

  it("does not call a start with branches fresh", () => {
    const run = { ...runAt(0, "ready"), branches: [branch(0), { ...branch(0), id: 1, parent: 0 }] };
    expect(obstacle("reset", run, free)).toBeNull();
  });
});

describe("where the page stands", () => {
  it("is in the past if the branch goes on", () => {
    expect(isPast(runAt(4, "paused", { end: 7 }))).toBe(true);
    expect(isPast(runAt(7, "paused"))).toBe(false);
    expect(endOf(runAt(4, "paused", { end: 7 }))).toBe(7);
  });

  it("is what the main button says", () => {
    const words = m.transport;
    expect(mainWord(runAt(0, "ready"))).toBe(words.train);
    expect(mainWord(runAt(4, "running"))).toBe(words.pause);
    expect(mainWord(runAt(4, "paused"))).toBe(words.trainOn);
    expect(mainWord(runAt(4, "paused", { end: 7 }))).toBe(words.runOn);
    expect(mainWord(runAt(0, "ready", { end: 7 }))).toBe(words.runOn);
    expect(mainWord(runAt(10, "finished"))).toBe(words.trainAgain);
    expect(mainWord(runAt(3, "diverged"))).toBe(words.trainAgain);
  });
});
