// Checks the geometry of matrices: what fits, which cell is where, exchanged and masked, as rectangles and as pixels.
import { describe, expect, it } from "vitest";
import { positionsOf, rowOf, weightAt, drawAttention } from "../../src/lib/kit/attention";
import { rampIndex, rampOf } from "../../src/lib/kit/colour";
import { cellUnder, corner, layOut } from "../../src/lib/kit/grid";
import { cellText, drawHeatMap, exchanged, heatPixels, type Matrix } from "../../src/lib/kit/heatMap";
import { SvgSurface } from "../../src/lib/kit/svg";
import { LIGHT } from "./palette";

const input = { width: 400, rows: 27, cols: 16, minCell: 5, maxCell: 28 };

describe("layout", () => {
  it("gives cells whole pixels between the least and the most", () => {
    expect(layOut(input).cell).toBe(23);
    expect(layOut({ ...input, width: 2000 }).cell).toBe(28);
    expect(layOut({ ...input, width: 20 }).cell).toBe(5);
  });

  it("becomes wider than its place rather than too small", () => {
    expect(layOut({ ...input, cols: 200 }).fullWidth).toBeGreaterThan(400);
  });

  it("thins out labels that have no room, numbers to 1, 2, 5, 10", () => {
    expect(layOut({ ...input, cols: 60 }).colEvery).toBe(5);
    expect(layOut({ ...input, maxCell: 5 }).rowEvery).toBe(5);
    expect(layOut(input).rowEvery).toBe(1);
  });

  it("stands words upright and leaves letters lying", () => {
    const words = ["attn_wq", "attn_wk"];
    expect(layOut({ ...input, cols: 2, colLabels: words }).turned).toBe(true);
    expect(layOut({ ...input, cols: 2, colLabels: ["a", "b"] }).turned).toBe(false);
  });

  it("finds the cell it put somewhere, and none beside the matrix", () => {
    const grid = layOut({ ...input, rowTitle: "token", colTitle: "dimension" });
    const [x, y] = corner(grid, { row: 26, col: 15 });
    expect(cellUnder(grid, x + 1, y + 1)).toEqual({ row: 26, col: 15 });
    expect(cellUnder(grid, x + grid.cell + 1, y)).toBeNull();
    expect(cellUnder(grid, 0, 0)).toBeNull();
  });

  it("fills its place exactly when it is bare", () => {
    const grid = layOut({ ...input, width: 120, bare: true, minCell: 1, maxCell: Infinity });
    expect([grid.left, grid.top, grid.cell * 16]).toEqual([0, 0, 120]);
  });
});

describe("heat map", () => {
  const matrix: Matrix = { values: [0, 1, -1, NaN, 2, -0.5], rows: 2, cols: 3, transposed: false, kind: "value", max: 1 };

  it("exchanges rows and columns and back", () => {
    expect(exchanged({ row: 1, col: 2 }, true)).toEqual({ row: 2, col: 1 });
    expect(exchanged(exchanged({ row: 1, col: 2 }, true), true)).toEqual({ row: 1, col: 2 });
  });

  it("makes one pixel a cell, clear where there is no number", () => {
    const pixels = heatPixels(matrix, LIGHT);
    const ramp = rampOf("value", LIGHT);
    expect(pixels).toHaveLength(24);
    expect([...pixels.slice(4, 8)]).toEqual([179, 88, 6, 255]);
    expect([...pixels.slice(8, 12)]).toEqual([33, 102, 172, 255]);
    expect([...pixels.slice(12, 16)]).toEqual([0, 0, 0, 0]);
    expect(ramp.rgb[rampIndex(2)]).toEqual([179, 88, 6]);
  });

  it("puts the same numbers elsewhere when transposed", () => {
    const pixels = heatPixels({ ...matrix, transposed: true }, LIGHT);
    expect([...pixels.slice(4, 8)]).toEqual([0, 0, 0, 0]);
    expect([...pixels.slice(8, 12)]).toEqual([179, 88, 6, 255]);
  });

  it("writes numbers into large cells, a stroke into smaller negative ones, a hatch where there is none", () => {
    const draw = (width: number): string => {
      const grid = layOut({ width, rows: 2, cols: 3, minCell: 5, maxCell: 60, bare: true });
      const surface = new SvgSurface(grid.fullWidth, grid.fullHeight);
      drawHeatMap(surface, grid, matrix, LIGHT);
      return surface.toString();
    };
    expect(draw(180)).toContain(">−1.00</text>");
    expect(draw(180)).toContain("<path");
    const small = draw(60);
    expect(small).not.toContain("<text");
    expect(small.match(/height="1"/g)).toHaveLength(2);
  });

  it.each([[0.1234, "0.12"], [-12.345, "−12.3"], [456.7, "457"], [-0.004, "0.00"], [1e9, ""]])("writes %f as %s", (value, text) => expect(cellText(value)).toBe(text));
});

describe("attention", () => {
  const rows = [[1], [0.25, 0.75], [0.1, 0.2, 0.7]];
  const flat = Float64Array.from(rows.flat());

  it("reads rows and a flat triangle alike", () => {
    expect([positionsOf(rows), positionsOf(flat)]).toEqual([3, 3]);
    expect([weightAt(rows, { row: 2, col: 1 }), weightAt(flat, { row: 2, col: 1 })]).toEqual([0.2, 0.2]);
    expect(rowOf(flat, 1)).toEqual([0.25, 0.75]);
    expect(weightAt(rows, { row: 0, col: 2 })).toBeNaN();
  });

  it("shows the future only with its mask, as −∞", () => {
    const grid = layOut({ width: 200, rows: 3, cols: 3, minCell: 14, maxCell: 44 });
    const draw = (masked: boolean): string => {
      const surface = new SvgSurface(200, 200);
      drawAttention(surface, grid, { weights: rows, position: 1, masked }, LIGHT);
      return surface.toString();
    };
    expect(draw(false)).not.toContain("−∞");
    expect(draw(true).match(/−∞/g)).toHaveLength(3);
    expect(draw(false)).toContain(">0.75</text>");
  });
});
