// Checks the geometry of the figures: what is where, how long, and that the future cannot be pointed at.
import { describe, expect, it } from "vitest";
import { cellAt, mapGeometry } from "../src/lib/figures/attention";
import { barLength, lossHeight, orderedBars } from "../src/lib/figures/bars";
import { Columns, topOfLoss } from "../src/lib/figures/lossChart";
import { record } from "./runs";

describe("attention map", () => {
  it("fits its cells into the square and labels them while there is room", () => {
    const few = mapGeometry(150, 5);
    expect(few.labelled).toBe(true);
    expect(few.left + few.n * few.cell).toBeLessThanOrEqual(150);
    expect(mapGeometry(150, 64).labelled).toBe(false);
  });

  it("finds the cell under the pointer, and none in the future", () => {
    const geometry = mapGeometry(150, 5);
    const centre = (i: number): number => geometry.left + (i + 0.5) * geometry.cell;
    expect(cellAt(geometry, centre(1), centre(3))).toEqual({ row: 3, column: 1 });
    expect(cellAt(geometry, centre(3), centre(1))).toBeNull();
    expect(cellAt(geometry, 2, 2)).toBeNull();
    expect(cellAt(geometry, centre(0), 151)).toBeNull();
  });
});

describe("bars", () => {
  it("orders by vocabulary or by probability, ties in vocabulary order", () => {
    expect(orderedBars([0.2, 0.6, 0.2], "vocabulary").map(({ token }) => token)).toEqual([0, 1, 2]);
    expect(orderedBars([0.2, 0.6, 0.2], "probability").map(({ token }) => token)).toEqual([1, 0, 2]);
  });

  it("draws a probability as a share of the full length", () => {
    expect(barLength(0.25)).toBe("scaleX(0.25)");
    expect(barLength(2)).toBe("scaleX(1)");
  });

  it("puts the loss of a blind guess at half height and says when a bar is cut", () => {
    expect(lossHeight(3, 3)).toEqual({ share: 0.5, cut: false });
    expect(lossHeight(9, 3)).toEqual({ share: 1, cut: true });
  });
});

describe("loss chart", () => {
  it("turns records into columns, growing or starting over as they do", () => {
    const columns = new Columns();
    const first = [record(1), record(2)];
    expect(columns.of([])).toEqual([[], [], []]);
    expect(columns.of(first)[0]).toEqual([1, 2]);
    expect(columns.of([...first, record(3)])[0]).toEqual([1, 2, 3]);
    expect(columns.of([record(1)])).toEqual([[1], [record(1).loss], [record(1).smoothed_loss]]);
    expect(columns.of([record(1), record(2)])[0]).toEqual([1, 2]);
  });

  it("leaves room above the level line and above the highest loss", () => {
    expect(topOfLoss(3, 2)).toBeGreaterThan(3);
    expect(topOfLoss(3, 8)).toBeGreaterThan(8);
  });
});
