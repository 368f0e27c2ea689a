// Checks what tells runs apart: their settings by name, and the first loss that is not the same to the bit.
import { describe, expect, it } from "vitest";
import { Comparison, firstDifference, labelOf, MOST_PINS, nameOf, settingsBetween } from "../../src/lib/state/comparison.svelte";
import type { Session } from "../../src/lib/state/session.svelte";
import type { Config, CorpusSource, Spec } from "../../src/lib/protocol/types";
import { experiment, record, settings } from "../runs";
import { runAt } from "./run";

const course = (config: Partial<Config> = {}, corpus: CorpusSource = { from: "named", name: "letters" }) => {
  const whole = { ...experiment.config, ...config };
  return { experiment: { ...experiment, config: whole, corpus: corpus.name }, records: [], settings, spec: { config: whole, corpus } satisfies Spec };
};

describe("the name of a pinned run", () => {
  it("is what differs", () => {
    expect(nameOf(course({ n_head: 4 }), course({ n_head: 1 }))).toBe("n_head 4 → 1");
    expect(labelOf(course({ n_head: 4 }), course({ n_head: 1 }))).toBe("n_head 4");
    expect(nameOf(course(), course())).toBe("same settings");
  });

  it("stays short when much differs", () => {
    expect(nameOf(course(), course({ n_head: 1, n_layer: 2, seed: 7, steps: 20 }))).toMatch(/,.* and 2 more$/);
  });

  it("sees another text under the same name", () => {
    const text = (words: string): CorpusSource => ({ from: "text", name: "own", text: words });
    expect(settingsBetween(course({}, text("a")), course({}, text("b"))).map(({ name }) => name)).toEqual(["corpus"]);
    expect(settingsBetween(course({}, text("a")), course({}, text("a")))).toEqual([]);
  });

  it("sees what was changed on the way", () => {
    expect(nameOf(course(), { ...course(), settings: { ...settings, learning_rate: 0.02 } })).toBe("learning_rate 0.01 → 0.02");
  });
});

describe("the first difference", () => {
  const losses = (...given: number[]) => given.map((loss, i) => ({ ...record(i + 1), loss }));

  it("is exact to the last bit", () => {
    expect(firstDifference(losses(1, 0.3, 5), losses(1, 0.1 + 0.2, 5))).toEqual({ step: 2, a: 0.3, b: 0.1 + 0.2 });
    expect(firstDifference(losses(1, 2, 3), losses(1, 2, 3))).toBeNull();
  });

  it("looks no further than both go", () => {
    expect(firstDifference(losses(1, 2), losses(1))).toBeNull();
    expect(firstDifference([], losses(1))).toBeNull();
  });
});

describe("pins", () => {
  const session = (step: number, spec: Spec | null = null): Session => ({ run: runAt(step, "paused"), spec }) as unknown as Session;

  it("keep the run once, and no more than there is room for", async () => {
    const comparison = new Comparison();
    const one = session(3);
    await comparison.pin(one);
    await comparison.pin(one);
    expect(comparison.pins.map(({ step }) => step)).toEqual([3]);
    for (let n = 4; n < 9; n++) await comparison.pin(session(n));
    expect(comparison.pins.length).toBe(MOST_PINS);
    comparison.remove(comparison.pins[0]?.id ?? -1);
    expect(comparison.pins.map(({ step }) => step)).toEqual([4, 5]);
  });

  it("keep nothing of a run that has not begun", async () => {
    const comparison = new Comparison();
    await comparison.pin(session(0));
    expect(comparison.pins).toEqual([]);
  });

  it("bring a run back to where it stood, or say why not", async () => {
    const comparison = new Comparison();
    const spec: Spec = { config: experiment.config, corpus: { from: "named", name: "letters" } };
    await comparison.pin(session(4, spec));
    await comparison.pin(session(5));
    const asked: unknown[] = [];
    const engine = { retrain: (...wish: unknown[]) => (asked.push(wish), Promise.resolve({ type: "trained" })) } as unknown as Session;
    const [known, unknown] = comparison.pins;
    expect(known && (await comparison.bringBack(engine, known))).toBeNull();
    expect(asked).toEqual([[spec, "end"]]);
    expect(unknown && (await comparison.bringBack(engine, unknown))).toContain("not known");
  });
});
