// Checks how a playback keeps its pace, how speed is measured, and that seeking never piles up.
import { describe, expect, it } from "vitest";
import { playedTo, Speed } from "../../src/pages/lab/transport/pace";
import { Seeker, type Goal } from "../../src/pages/lab/transport/seeker";

describe("a playback", () => {
  it("keeps its pace, whatever the frames do", () => {
    expect(playedTo(0, 999, 1, 50)).toBe(0);
    expect(playedTo(0, 1000, 1, 50)).toBe(1);
    expect(playedTo(10, 250, 100, 50)).toBe(35);
  });

  it("stops at the end", () => expect(playedTo(10, 60_000, 100, 50)).toBe(50));

  it("passes a run of any length in a second at full speed", () => {
    expect(playedTo(0, 1000, null, 20_000)).toBe(20_000);
    expect(playedTo(0, 500, null, 20_000)).toBe(10_000);
    expect(playedTo(0, 10, null, 100)).toBe(10);
  });
});

describe("speed", () => {
  it("is steps by time, once there is enough of both", () => {
    const speed = new Speed();
    speed.note(0, 0);
    speed.note(100, 10);
    expect(speed.perSecond).toBeNull();
    speed.note(500, 50);
    expect(speed.perSecond).toBe(100);
  });

  it("forgets what is long past", () => {
    const speed = new Speed();
    for (let at = 0; at <= 2000; at += 100) speed.note(at, at);
    for (let at = 2100; at <= 6000; at += 100) speed.note(at, 2000 + (at - 2000) * 3);
    expect(speed.perSecond).toBeCloseTo(3000, 6);
  });

  it("measures a step a second", () => {
    const speed = new Speed();
    for (let second = 0; second < 5; second++) speed.note(second * 1000, second);
    expect(speed.perSecond).toBe(1);
  });

  it("begins anew when the run goes back", () => {
    const speed = new Speed();
    speed.note(0, 100);
    speed.note(1000, 200);
    speed.note(1100, 3);
    expect(speed.perSecond).toBeNull();
  });
});

describe("seeking", () => {
  const goal = (step: number): Goal => ({ step, branch: null });

  it("has one wish under way, and then goes to the latest", async () => {
    const asked: number[] = [];
    const told: (number | null)[] = [];
    let arrive: () => void = () => undefined;
    const seeker = new Seeker(
      ({ step }) => (asked.push(step), new Promise<void>((resolve) => (arrive = resolve))),
      (to) => told.push(to?.step ?? null),
    );
    void seeker.to(goal(1));
    void seeker.to(goal(2));
    const last = seeker.to(goal(3));
    expect(asked).toEqual([1]);
    expect(seeker.busy).toBe(true);
    arrive();
    await Promise.resolve();
    expect(asked).toEqual([1, 3]);
    arrive();
    await last;
    expect(asked).toEqual([1, 3]);
    expect(told).toEqual([1, 2, 3, null]);
    expect(seeker.busy).toBe(false);
  });
});
