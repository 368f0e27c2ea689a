// What the page makes of the engine's answer: lanes, letters, where two names part, and how rows of numbers are laid out.
import { describe, expect, test } from "vitest";
import type { DrawnToken, Experiment, Writings } from "../../src/lib/protocol/types";
import { arcsOf } from "../../src/pages/generate/arcs";
import { beginning, freshIn, lanesOf, lettersOf, parts } from "../../src/pages/generate/lanes";
import { brief, foldOf, perLine } from "../../src/pages/generate/vectors";

const experiment = { vocab: ["a", "b", "c", "BOS"], bos: 3, config: { block_size: 4 } } as unknown as Experiment;
const draw = (position: number, token: number): DrawnToken => ({ position, total: 1, probability: 0.25, landing: { random: 0.5, point: 0.5, from: 0.4, to: 0.6, token } });
const written = (text: string, tokens: number[], draws: DrawnToken[], ended: boolean, in_corpus = false) => ({
  seed: 1, draws, ended, chance: 0.1, probability: 0.2,
  score: { text, tokens: [3, ...tokens, 3], losses: [], loss: 1, ln_probability: -1, is_cut: !ended, in_corpus, nearest: { doc: 0, text: "abc", distance: 1 } },
});
const writings: Writings = {
  step: 9, prefix: [0],
  batches: [{ sampling: { temperature: 1 }, texts: [written("ab", [0, 1], [draw(1, 1), draw(2, 3)], true, true), written("abca", [0, 1, 2, 0], [draw(1, 1), draw(2, 2), draw(3, 0)], false)] }],
};

describe("a lane", () => {
  const [ended, full] = lanesOf(writings, 0, 4);
  if (ended === undefined || full === undefined) throw new Error("two lanes");

  test("reads BOS and the letters, and knows what comes after each", () => {
    expect([ended.tokens, ended.positions, ended.prefix]).toEqual([[3, 0, 1], 3, 1]);
    expect([0, 1, 2].map((p) => ended.next(p))).toEqual([0, 1, 3]);
    expect([0, 1, 2].map((p) => ended.drawn(p)?.landing.token ?? null)).toEqual([null, 1, 3]);
  });

  test("that fills the context has no end, and its last letter is never read", () => {
    expect([full.tokens, full.positions]).toEqual([[3, 0, 1, 2], 4]);
    expect(full.next(3)).toBe(0);
    expect(lettersOf(full, experiment).map(({ label }) => label).join("")).toBe("abca");
  });

  test("has letters that were given and letters that were drawn, and an end", () => {
    expect(lettersOf(ended, experiment)).toEqual([
      { label: "a", position: 0, given: true, chance: null, end: false },
      { label: "b", position: 1, given: false, chance: 0.25, end: false },
      { label: "BOS", position: 2, given: false, chance: 0.25, end: true },
    ]);
    expect(freshIn([ended, full])).toBe(1);
  });
});

test("two names part where their first letters differ", () => {
  expect([parts("zepto", "zepto"), parts("zepto", undefined), parts("zepto", "zebra"), parts("zep", "zepto"), parts("zepto", "zep")]).toEqual([null, null, 2, 3, 3]);
  expect(beginning("💎💎a", 2)).toBe("💎💎");
});

test("rows break into full lines, as wide as there is room", () => {
  expect([perLine(16, 700), perLine(16, 358), perLine(64, 700), perLine(12, 300), perLine(7, 100), perLine(16, 60)]).toEqual([16, 8, 16, 6, 2, 1]);
});

test("small numbers are brief and never minus nothing", () => {
  expect([0, -0, 0.001, -0.001, -0.53, 12.34, 123.4, NaN, -Infinity].map(brief)).toEqual(["0", "0", "0.00", "0.00", "−0.53", "12.3", "123", "?", "−∞"]);
});

test("lines to letters are as thick as attention, and grow", () => {
  const arcs = arcsOf([0.5, 0.005, 0.3], 3, 300, 90, 1);
  expect(arcs.map(({ t }) => t)).toEqual([0, 2]);
  expect(arcs[0]?.width).toBeGreaterThan(arcs[1]?.width ?? 99);
  expect(arcsOf([0.5, 0.2, 0.3], 3, 300, 90, 0)).toEqual([]);
  expect(arcsOf([0.5, 0.2, 0.3], 3, 300, 90, 0.4)).toEqual(arcsOf([0.5, 0.2, 0.3], 3, 300, 90, 0.4));
});

test("rows too wide for numbers are folded into full lines of colours", () => {
  expect([foldOf(128), foldOf(512), foldOf(96), foldOf(67), foldOf(65)]).toEqual([64, 64, 48, 67, 13]);
});
