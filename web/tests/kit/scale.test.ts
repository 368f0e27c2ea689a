// Checks where numbers stand on a scale, which ones are extreme, and which ticks an axis has.
import { describe, expect, it } from "vitest";
import { extremes, fullScale, largest, partOf, ticks } from "../../src/lib/kit/scale";

describe("extremes", () => {
  it("names the first smallest and largest and counts what is no number", () => {
    expect(extremes([2, NaN, -3, 5, 5, Infinity])).toEqual({ min: -3, max: 5, minAt: 2, maxAt: 3, notFinite: 2 });
    expect(extremes([NaN, null])).toBeNull();
    expect(extremes([])).toBeNull();
  });
});

describe("the end of a scale", () => {
  it("is as set, else as locked, else the largest magnitude", () => {
    expect(fullScale({ kind: "value", max: 2 }, [9], 4)).toBe(2);
    expect(fullScale({ kind: "value", max: null }, [9], 4)).toBe(4);
    expect(fullScale({ kind: "gradient", max: null }, [3, -9, Infinity, NaN])).toBe(9);
  });

  it("is 1 for shares and never 0", () => {
    expect(fullScale({ kind: "share", max: null }, [0.2])).toBe(1);
    expect(fullScale({ kind: "value", max: null }, [0, 0])).toBe(1);
    expect(fullScale({ kind: "value", max: 0 }, [1])).toBe(1);
  });

  it("overlooks what is no number", () => {
    expect(largest([NaN, -Infinity, null, -2])).toBe(2);
    expect(largest([])).toBe(0);
  });
});

describe("a number's place", () => {
  it("is symmetric for signed numbers and cut at the ends", () => {
    expect([-4, -1, 0, 1, 4].map((v) => partOf(v, 2, "value"))).toEqual([-1, -0.5, 0, 0.5, 1]);
  });
  it("begins at zero for shares", () => {
    expect(partOf(-0.5, 1, "share")).toBe(0);
    expect(partOf(0.25, 1, "share")).toBe(0.25);
  });
});

describe("ticks", () => {
  it.each([
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-0.6, 0.6, 6, [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6]],
    [3, 17, 3, [5, 10, 15]],
    [2, 2, 5, [2]],
  ])("from %f to %f, about %i", (min, max, wanted, expected) => {
    expect(ticks(min, max, wanted)).toEqual(expected);
  });
});
