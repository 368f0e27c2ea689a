// Checks the geometry of curves: places, nearest points, what is drawn of many points, ranges, labels that keep apart.
import { describe, expect, it } from "vitest";
import {
  decimate, inView, labelRows, lastUpTo, levelLabels, nearest, pushApart, roomFor, strokes, tickWords, valueRange, xAt, xUnder, yAt, type Frame,
} from "../../src/lib/kit/curve";
import { drawAxes, drawChart } from "../../src/lib/kit/curveDraw";
import { SvgSurface } from "../../src/lib/kit/svg";
import type { LineSeries } from "../../src/lib/kit/types";
import { LIGHT } from "./palette";

const frame: Frame = {
  left: 50, top: 20, width: 400, height: 200, fullWidth: 470, fullHeight: 260, x: [0, 1000], y: [0, 4], y2: [0, 1], log: false,
  xTicks: [{ value: 500, text: "500" }], yTicks: [{ value: 2, text: "2" }], y2Ticks: [],
};

describe("places", () => {
  it("puts the ends of the axes at the edges and finds the way back", () => {
    expect([xAt(frame, 0), xAt(frame, 1000), yAt(frame, 0), yAt(frame, 4)]).toEqual([50, 450, 220, 20]);
    expect(yAt(frame, 0.5, "y2")).toBe(120);
    expect(xUnder(frame, xAt(frame, 123))).toBeCloseTo(123, 9);
  });

  it("is logarithmic on the left axis only", () => {
    const log = { ...frame, log: true, y: [0.01, 1] as const };
    expect(yAt(log, 0.1)).toBeCloseTo(120, 9);
    expect(yAt(log, 0.5, "y2")).toBe(120);
  });
});

describe("room beside the plot", () => {
  it("is the usual, and grows in steps with the widest word", () => {
    expect(roomFor([], 46)).toBe(46);
    expect(roomFor([30, 46], 46)).toBe(46);
    expect([47, 54, 55].map((width) => roomFor([30, width], 46))).toEqual([54, 54, 62]);
  });
});

describe("words of an axis", () => {
  const format = (n: number, digits: number): string => String(Number(n.toPrecision(digits)));
  it("have three digits, and more where lines would be called the same", () => {
    expect(tickWords([0, 0.005, 0.01], format)).toEqual(["0", "0.005", "0.01"]);
    expect(tickWords([0.009995, 0.01], format)).toEqual(["0.009995", "0.01"]);
    expect(tickWords([1, 1 + 1e-12], format)).toEqual(["1", "1"]);
    expect(tickWords([], format)).toEqual([]);
  });
});

describe("points", () => {
  const x = [1, 2, 5, 10];
  it("finds the last up to a number and the nearest", () => {
    expect([0, 1, 4, 10, 99].map((value) => lastUpTo(x, value))).toEqual([-1, 0, 1, 3, 3]);
    expect([0, 3, 4, 7.6, 99].map((value) => nearest(x, value))).toEqual([0, 1, 2, 3, 3]);
    expect(nearest([], 3)).toBe(-1);
  });
  it("takes one more on each side of the view", () => {
    expect(inView(x, [2.5, 4])).toEqual([1, 2]);
    expect(inView(x, [-5, 50])).toEqual([0, 3]);
  });
});

describe("decimation", () => {
  it("keeps every point where there is room", () => {
    expect(decimate([3, 1, 2], 0, 2, (i) => i)).toEqual([0, 1, 2]);
  });

  it("keeps first, lowest, highest and last of a column, in order", () => {
    expect(decimate([5, 9, 1, 4, 6], 0, 4, () => 0)).toEqual([0, 1, 2, 4]);
    expect(decimate([5, 1, 9, 4, 6], 0, 4, () => 0)).toEqual([0, 1, 2, 4]);
  });

  it("draws at most four points a column and misses no extreme", () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i * 7.13) * (i === 12_345 ? 9 : 1));
    const drawn = decimate(values, 0, values.length - 1, (i) => Math.floor(i / 50));
    expect(drawn.length).toBeLessThanOrEqual(4 * 400);
    expect(drawn).toContain(12_345);
    expect([...drawn].sort((a, b) => a - b)).toEqual(drawn);
  });

  it("leaves a gap where there is no number, and none at the ends", () => {
    expect(decimate([NaN, 1, null, Infinity, 2, 3], 0, 5, (i) => i)).toEqual([1, -1, 4, 5]);
    expect(decimate([1, 0, -2, 4], 0, 3, (i) => i, true)).toEqual([0, -1, 3]);
    expect(decimate([], 0, -1, (i) => i)).toEqual([]);
  });
});

describe("range of values", () => {
  it("begins at zero where zero is not far", () => {
    expect(valueRange([[2, 4]], [0, 1], [], false)[0]).toBe(0);
    expect(valueRange([[3.9, 4]], [0, 1], [], false)[0]).toBeGreaterThan(3.8);
  });
  it("holds the levels and overlooks what is not in view or no number", () => {
    expect(valueRange([[1, 99]], [0, 0], [3.3], false)[1]).toBeCloseTo(3.3 * 1.06, 9);
    expect(valueRange([[NaN, 1]], [0, 1], [], false)[1]).toBeCloseTo(1.08, 9);
    expect(valueRange([], [0, -1], [], false)).toEqual([0, 1]);
    expect(valueRange([[0, 0.01, 1]], [0, 2], [], true)[0]).toBeCloseTo(0.01 / 1.15, 9);
  });
});

describe("labels", () => {
  it("are pushed apart as far as needed and stay inside", () => {
    expect(pushApart([10, 50, 90], 15, 0, 100)).toEqual([10, 50, 90]);
    const placed = pushApart([97, 98, 99], 15, 0, 100);
    expect(placed).toEqual([70, 85, 100]);
    expect(pushApart([3, 1], 15, 5, 100)).toEqual([20, 5]);
  });

  it("of marks take rows, turn at the right edge, and are left out where there is none free", () => {
    const mark = (x: number, label = "a label of a mark") => ({ x, label, tone: "note" as const });
    const rows = labelRows([mark(100), mark(110), mark(120), mark(130), mark(900)], frame);
    expect(rows.map(({ row }) => row)).toEqual([0, 1, 2, -1, 0]);
    expect(rows.map(({ side }) => side)).toEqual(["right", "right", "right", "right", "left"]);
  });

  it("of marks keep clear of the labels of levels", () => {
    const levels = levelLabels([{ label: "guessing blindly: ln 27 = 3.30", value: 3.85 }], frame);
    const [row] = labelRows([{ x: 700, label: "mark", tone: "note" }], frame, levels);
    expect(labelRows([{ x: 700, label: "mark", tone: "note" }], frame)[0]?.row).toBe(0);
    expect(row?.row).toBe(1);
  });

  it("of levels out of view are not drawn", () => {
    expect(levelLabels([{ label: "far", value: 44 }, { label: "near", value: 2 }], frame).map(({ label }) => label)).toEqual(["near"]);
  });
});

describe("the picture", () => {
  const line = (style: LineSeries["style"], values: (number | null)[]): LineSeries => ({ key: style, label: style, values, style });
  const svgOf = (series: LineSeries[]): string => {
    const surface = new SvgSurface(470, 260);
    drawAxes(surface, frame, { x: "step", y2: "" }, LIGHT);
    drawChart(surface, frame, { x: [0, 500, 1000], series, levels: [{ label: "ln 27", value: 3.3 }], marks: [{ x: 500, label: "here", tone: "warning" }] }, LIGHT);
    return surface.toString("Loss");
  };

  it("tells curves apart by their strokes", () => {
    const [raw, first, second] = strokes([line("raw", []), line("overlay", []), line("overlay", [])]);
    expect(raw?.width).toBe(1);
    expect(first?.dash).not.toEqual(second?.dash);
  });

  it("has lines, ticks, levels and marks as lines and letters", () => {
    const svg = svgOf([line("main", [4, 2, 0])]);
    expect(svg).toContain("M50 20L250 120L450 220");
    for (const word of ["500", "step", "ln 27", "! here"]) expect(svg).toContain(`>${word}</text>`);
  });

  it("shows a point that stands alone", () => {
    expect(svgOf([line("main", [NaN, 2, NaN])])).toContain("A3 3");
    expect(svgOf([line("main", [4, 2, 0])])).not.toContain("A3 3");
  });

  it("shows rare points as rings joined across the gaps", () => {
    const svg = svgOf([line("dots", [4, null, 0])]);
    expect(svg).toContain("M50 20L450 220");
    expect(svg.match(/A3 3/g)?.length).toBeGreaterThanOrEqual(4);
  });
});
