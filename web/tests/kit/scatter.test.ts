// Letters on a map stay where their points are, unless they would lie on each other.
import { describe, expect, test } from "vitest";
import { labelSpots, type Spot } from "../../src/lib/kit/scatter";

const gaps = (spots: readonly Spot[]): number[] => spots.flatMap((a, i) => spots.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));

describe("labels", () => {
  test("what has room stays to the bit", () => {
    const spots = [{ x: 0, y: 0 }, { x: 40, y: 3 }, { x: 20, y: 30 }];
    expect(labelSpots(spots)).toEqual(spots);
  });

  test("what lies on each other parts, and stays near", () => {
    const spots = [{ x: 100, y: 100 }, { x: 100, y: 100 }, { x: 103, y: 100 }, { x: 300, y: 50 }];
    const labels = labelSpots(spots);
    expect(Math.min(...gaps(labels))).toBeGreaterThan(11);
    labels.forEach((label, i) => expect(Math.hypot(label.x - (spots[i]?.x ?? 0), label.y - (spots[i]?.y ?? 0))).toBeLessThan(20));
    expect(labels[3]).toEqual(spots[3]);
    expect(spots[0]).toEqual({ x: 100, y: 100 });
  });

  test("a crowd stays finite and readable, and what is no number does no harm", () => {
    const spots = Array.from({ length: 27 }, (_, i) => ({ x: 200 + 30 * Math.sin(i), y: 200 + 30 * Math.cos(2 * i) }));
    const labels = labelSpots([...spots, { x: NaN, y: NaN }]);
    expect(labels.slice(0, 27).every(({ x, y }) => Number.isFinite(x + y))).toBe(true);
    expect(gaps(labels.slice(0, 27)).filter((gap) => gap < 9)).toEqual([]);
  });
});
