// Checks bars, ledgers, tables, histograms and maps of points: order, lengths, sorting, files.
import { describe, expect, it } from "vitest";
import { barLength, barOrder, drawBars, fullBar } from "../../src/lib/kit/bars";
import { binUnder, drawHistogram, placeOf, plotOf } from "../../src/lib/kit/histogram";
import { drawLedger, reach, spanOf, threadInto } from "../../src/lib/kit/ledger";
import { drawScatter, planeOf, pointUnder, spotOf } from "../../src/lib/kit/scatter";
import { GIVEN, nextSort, sorted } from "../../src/lib/kit/sorting";
import { SvgSurface } from "../../src/lib/kit/svg";
import { csvOf, rowsAPage } from "../../src/lib/kit/table";
import type { LedgerLine } from "../../src/lib/kit/types";
import { LIGHT } from "./palette";

const plain = (n: number): string => String(n);

describe("bars", () => {
  const items = [{ label: "a", value: 0.2 }, { label: "b", value: 0.6, ghost: 0.5, marked: "target" as const }, { label: "c", value: 0.2 }];

  it("keep the given order or go by value, ties as given", () => {
    expect(barOrder(items, "given")).toEqual([0, 1, 2]);
    expect(barOrder(items, "value")).toEqual([1, 0, 2]);
  });

  it("have a full length of 1 unless told or exceeded", () => {
    expect(fullBar(items, undefined)).toBe(1);
    expect(fullBar([{ label: "x", value: -4 }], undefined)).toBe(4);
    expect(fullBar([{ label: "x", value: 1, ghost: 3 }], undefined)).toBe(3);
    expect(fullBar(items, 0.25)).toBe(0.25);
  });

  it("are cut at the full length, and what is no number has none", () => {
    expect([0.5, -0.5, 9, NaN, Infinity].map((value) => barLength(value, 1))).toEqual([0.5, 0.5, 1, 0, 0]);
  });

  it("are saved with their baselines and marks", () => {
    const surface = new SvgSurface(480, 70);
    drawBars(surface, 480, items, [1, 0, 2], 1, plain, LIGHT);
    const svg = surface.toString();
    expect(svg).toContain(">◀</text>");
    expect(svg.indexOf(">b</text>")).toBeLessThan(svg.indexOf(">a</text>"));
    expect(svg).toContain('width="164" height="15" fill="none"');
  });
});

describe("ledger", () => {
  const lines: LedgerLine[] = [
    { label: "tok", value: 0.5, from: 0, to: 0.5, kind: "start" },
    { label: "+ pos", value: -0.75, from: 0.5, to: -0.25, kind: "add" },
    { label: "= sum", value: -0.25, from: 0, to: -0.25, kind: "total" },
  ];

  it("begins each bar where the caller says the last one ended", () => {
    expect(spanOf(lines[1] ?? { label: "", value: 0 }, 1, "value")).toMatchObject({ left: 0.375, width: 0.375, start: 0.75, end: 0.375, sign: -1, cut: false });
    expect(threadInto(lines, 1, 1, "value")).toBe(0.75);
    expect(threadInto(lines, 0, 1, "value")).toBeNull();
    expect(threadInto(lines, 3, 1, "value")).toBeNull();
  });

  it("draws a line without ends from zero, and adds nothing up", () => {
    expect(spanOf({ label: "x", value: 0.5 }, 1, "value")).toMatchObject({ start: 0.5, end: 0.75 });
    expect(spanOf({ label: "x", value: 0.5, from: 0.1 }, 1, "value")).toBeNull();
    expect(spanOf({ label: "x", value: NaN }, 1, "value")).toBeNull();
    expect(spanOf({ label: "x", value: 0.5 }, 1, "share")).toMatchObject({ left: 0, width: 0.5 });
  });

  it("reaches as far as its furthest end and says where a bar is cut", () => {
    expect(reach(lines)).toBe(0.5);
    expect(reach([])).toBe(1);
    expect(spanOf({ label: "x", value: 3 }, 1, "value")?.cut).toBe(true);
  });

  it("is saved with every line", () => {
    const surface = new SvgSurface(640, 96);
    drawLedger(surface, 640, lines, 1, "value", plain, LIGHT);
    for (const { label } of lines) expect(surface.toString()).toContain(`>${label}</text>`);
  });
});

describe("tables", () => {
  const rows = [{ label: "a", values: [2] }, { label: "b", values: [NaN] }, { label: "c", values: [5] }, { label: "d", values: [2] }];

  it("sort by a column, ties as given, what is no number last", () => {
    expect(sorted(rows, { column: 0, descending: true })).toEqual([2, 0, 3, 1]);
    expect(sorted(rows, { column: 0, descending: false })).toEqual([0, 3, 2, 1]);
    expect(sorted(rows, GIVEN)).toEqual([0, 1, 2, 3]);
  });

  it("go round: largest first, smallest first, as given", () => {
    const first = nextSort(GIVEN, 1);
    const second = nextSort(first, 1);
    expect([first.descending, second.descending, nextSort(second, 1)]).toEqual([true, false, GIVEN]);
    expect(nextSort(second, 0)).toEqual({ column: 0, descending: true });
  });

  it("are written as CSV in full, with quotes where needed", () => {
    const data = { corner: "x", rows: 2, cols: 2, rowHead: (r: number) => `r${r}`, colHead: (c: number) => (c === 0 ? 'a "b"' : "c, d"), value: (r: number, c: number) => (r === c ? 1 / 3 : null) };
    expect(csvOf(data)).toBe('x,"a ""b""","c, d"\nr0,0.3333333333333333,\nr1,,0.3333333333333333\n');
  });

  it("hold few enough cells a page to change every frame", () => {
    expect(rowsAPage(4) * 4).toBeLessThanOrEqual(400);
    expect(rowsAPage(1000)).toBe(12);
    expect(rowsAPage(0)).toBe(400);
  });
});

describe("histogram", () => {
  const bins = { edges: [-1, 0, 1, 2], counts: [2, 8, 0], marks: [{ x: 0.5, label: "middle" }], kind: "value" as const };

  it("stands bins side by side over its whole width", () => {
    const plot = plotOf(308, 160, bins);
    expect([placeOf(plot, -1), placeOf(plot, 2), plot.most]).toEqual([4, 304, 8]);
    expect([2, 5, 150, 303, 305].map((pixel) => binUnder(plot, bins.edges, pixel))).toEqual([-1, 0, 1, 2, -1]);
  });

  it("draws no bar where nothing is, and its marks with words", () => {
    const surface = new SvgSurface(308, 160);
    drawHistogram(surface, plotOf(308, 160, bins), bins, -1, plain, LIGHT);
    const svg = surface.toString();
    expect(svg).toContain(">middle</text>");
    expect(svg.match(/width="99"/g)).toHaveLength(2);
  });
});

describe("map of points", () => {
  const points = [{ x: 0, y: 0, label: "a" }, { x: 4, y: 1, label: "b", marked: true }, { x: NaN, y: 0, label: "c" }];
  const plane = planeOf(600, 400, points, []);

  it("has one scale for both axes, everything inside, up is up", () => {
    const [a, b] = [spotOf(plane, 0, 0), spotOf(plane, 4, 1)];
    expect((b.x - a.x) / 4).toBeCloseTo(a.y - b.y, 9);
    for (const { x, y } of [a, b]) {
      expect(x).toBeGreaterThan(plane.left);
      expect(x).toBeLessThan(600);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(plane.height);
    }
  });

  it("makes room for trails", () => {
    expect(planeOf(600, 400, points, [[[0, 0], [40, 0]]]).scale).toBeLessThan(plane.scale);
  });

  it("finds the nearest point within reach", () => {
    const spots = [{ x: 10, y: 10 }, { x: 30, y: 10 }];
    expect([pointUnder(spots, 12, 10), pointUnder(spots, 28, 12), pointUnder(spots, 200, 10)]).toEqual([0, 1, -1]);
  });

  it("draws letters, the chosen one last, and none without a place", () => {
    const surface = new SvgSurface(600, 400);
    drawScatter(surface, plane, { points, trails: [], xTitle: "first", yTitle: "second" }, points.map(({ x, y }) => spotOf(plane, x, y)), 0, -1, LIGHT);
    const svg = surface.toString();
    expect(svg.lastIndexOf(">a</text>")).toBeGreaterThan(svg.lastIndexOf(">b</text>"));
    expect(svg).not.toContain(">c</text>");
  });
});
