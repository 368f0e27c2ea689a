// Draws how many numbers lie in each bin. The counts are the engine's; this only stands them up.
import { pushApart } from "./curve";
import { rampIndex, rampOf } from "./colour";
import { SANS, type Palette } from "./palette";
import { largest, ticks } from "./scale";
import { haloText, type Surface } from "./surface";
import type { HistogramMark, Scale } from "./types";

export type Bins = { edges: ArrayLike<number>; counts: ArrayLike<number>; marks: readonly HistogramMark[]; kind: Scale["kind"] };
export type Plot = { left: number; top: number; width: number; height: number; from: number; to: number; most: number };

const AXIS = 24;
const TOP = 18;

export function plotOf(width: number, height: number, { edges, counts }: Bins): Plot {
  const [from, to] = [edges[0] ?? 0, edges[edges.length - 1] ?? 1];
  return { left: 4, top: TOP, width: width - 8, height: height - TOP - AXIS, from, to: to > from ? to : from + 1, most: largest(counts) || 1 };
}

export function placeOf({ left, width, from, to }: Plot, x: number): number {
  return left + ((x - from) / (to - from)) * width;
}

/** The bin under a pixel; −1 beside them. */
export function binUnder(plot: Plot, edges: ArrayLike<number>, pixel: number): number {
  for (let i = 0; i + 1 < edges.length; i++) {
    if (pixel >= placeOf(plot, edges[i] ?? 0) && pixel < placeOf(plot, edges[i + 1] ?? 0)) return i;
  }
  return -1;
}

export function drawHistogram(surface: Surface, plot: Plot, bins: Bins, chosen: number, words: (n: number) => string, palette: Palette): void {
  const { edges, counts, marks, kind } = bins;
  const base = plot.top + plot.height;
  const ramp = rampOf(kind, palette);
  const side = Math.max(Math.abs(plot.from), Math.abs(plot.to)) || 1;
  for (let i = 0; i < counts.length; i++) {
    const [a, b] = [edges[i] ?? 0, edges[i + 1] ?? 0];
    const [x0, x1] = [placeOf(plot, a), placeOf(plot, b)];
    const height = ((counts[i] ?? 0) / plot.most) * plot.height;
    const middle = (a + b) / 2;
    surface.fillStyle = kind === "share" ? palette.ink : (ramp.css[rampIndex(Math.sign(middle) * (0.6 + (0.4 * Math.abs(middle)) / side))] ?? palette.ink);
    if (height > 0) surface.fillRect(x0 + 0.5, base - Math.max(1, height), Math.max(1, x1 - x0 - 1), Math.max(1, height));
    if (i === chosen) {
      surface.strokeStyle = palette.nowRing;
      surface.lineWidth = 2;
      surface.strokeRect(x0, plot.top + 1, x1 - x0, plot.height - 1);
    }
  }
  surface.fillStyle = palette.control;
  surface.fillRect(plot.left, base, plot.width, 1);
  drawScale(surface, plot, base, words, palette);
  drawMarks(surface, plot, marks, palette);
}

function drawScale(surface: Surface, plot: Plot, base: number, words: (n: number) => string, palette: Palette): void {
  surface.font = `400 12px ${SANS}`;
  surface.fillStyle = palette.muted;
  surface.textBaseline = "top";
  for (const value of ticks(plot.from, plot.to, Math.max(2, plot.width / 90))) {
    const x = placeOf(plot, value);
    surface.fillRect(x - 0.5, base, 1, 4);
    surface.textAlign = x < plot.left + 16 ? "left" : x > plot.left + plot.width - 16 ? "right" : "center";
    surface.fillText(words(value), x, base + 7);
  }
}

function drawMarks(surface: Surface, plot: Plot, marks: readonly HistogramMark[], palette: Palette): void {
  const rows = pushApart(marks.map(() => plot.top - 4), 15, 12, plot.top + plot.height);
  surface.font = `400 12px ${SANS}`;
  surface.textBaseline = "bottom";
  marks.forEach(({ x, label }, i) => {
    const at = Math.round(placeOf(plot, x)) + 0.5;
    surface.strokeStyle = palette.nowRing;
    surface.lineWidth = 1.5;
    surface.beginPath();
    surface.moveTo(at, plot.top - 2);
    surface.lineTo(at, plot.top + plot.height);
    surface.stroke();
    surface.textAlign = at > plot.left + plot.width / 2 ? "right" : "left";
    haloText(surface, label, at + (surface.textAlign === "right" ? -5 : 5), rows[i] ?? plot.top, palette.ink, palette.paper);
  });
}
