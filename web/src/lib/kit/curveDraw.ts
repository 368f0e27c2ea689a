// Draws curves, level lines, marks and the cursor into a plot area, on screen over uPlot's axes and in files with axes of its own.
import { decimate, drawable, inView, labelRows, levelLabels, rowBottom, strokes, xAt, yAt, type Frame, type Stroke, type Taken } from "./curve";
import { SANS, type Palette } from "./palette";
import { haloText, type Surface } from "./surface";
import type { LineLevel, LineMark, LineSeries } from "./types";

export type Chart = { x: ArrayLike<number>; series: readonly LineSeries[]; levels: readonly LineLevel[]; marks: readonly LineMark[] };

const SIZE = 12;

export function drawChart(surface: Surface, frame: Frame, chart: Chart, palette: Palette): void {
  surface.save();
  surface.beginPath();
  surface.rect(frame.left - 4, frame.top - 4, frame.width + 8, frame.height + 8);
  surface.clip();
  drawLevelLines(surface, frame, chart.levels, palette);
  const looks = strokes(chart.series);
  chart.series.forEach((series, i) => {
    const look = looks[i];
    if (look !== undefined) drawSeries(surface, frame, chart.x, series, look, palette);
  });
  surface.restore();
  const labels = levelLabels(chart.levels, frame, SIZE);
  drawLevelLabels(surface, labels, palette);
  drawMarks(surface, frame, chart.marks, labels, palette);
}

function drawSeries(surface: Surface, frame: Frame, x: ArrayLike<number>, series: LineSeries, look: Stroke, palette: Palette): void {
  const scale = series.scale ?? "y";
  const log = frame.log && scale === "y";
  const { values } = series;
  const [first, last] = inView(x, frame.x);
  const place = (i: number): [number, number] => [xAt(frame, x[i] ?? 0), yAt(frame, values[i] ?? 0, scale)];
  surface.save();
  surface.globalAlpha = look.alpha;
  surface.strokeStyle = palette[look.colour];
  surface.fillStyle = look.dots ? palette.paper : palette[look.colour];
  surface.lineWidth = look.width;
  surface.lineJoin = "round";
  surface.setLineDash([...look.dash]);
  if (look.dots) drawDots(surface, values, first, last, place, log);
  else drawLine(surface, decimate(values, first, last, (i) => Math.floor(xAt(frame, x[i] ?? 0)), log), place, look.width);
  surface.restore();
}

function drawLine(surface: Surface, drawn: readonly number[], place: (i: number) => [number, number], width: number): void {
  const single: number[] = [];
  surface.beginPath();
  drawn.forEach((i, at) => {
    if (i < 0) return;
    const starts = at === 0 || drawn[at - 1] === -1;
    const ends = at === drawn.length - 1 || drawn[at + 1] === -1;
    if (starts && ends) single.push(i);
    else if (starts) surface.moveTo(...place(i));
    else surface.lineTo(...place(i));
  });
  surface.stroke();
  for (const i of single) dot(surface, ...place(i), width + 1, false);
}

/** Points that are rare, with a fine line from one to the next across what lies between. */
function drawDots(surface: Surface, values: ArrayLike<number | null>, first: number, last: number, place: (i: number) => [number, number], log: boolean): void {
  const known: number[] = [];
  for (let i = first; i <= last; i++) if (drawable(values[i], log)) known.push(i);
  surface.beginPath();
  known.forEach((i, at) => (at === 0 ? surface.moveTo(...place(i)) : surface.lineTo(...place(i))));
  surface.stroke();
  surface.setLineDash([]);
  surface.lineWidth = 1.5;
  for (const i of known) dot(surface, ...place(i), known.length > 120 ? 2 : 3, true);
}

function dot(surface: Surface, x: number, y: number, radius: number, hollow: boolean): void {
  surface.beginPath();
  surface.arc(x, y, radius, 0, 2 * Math.PI);
  surface.fill();
  if (hollow) surface.stroke();
}

function drawLevelLines(surface: Surface, frame: Frame, levels: readonly LineLevel[], palette: Palette): void {
  surface.save();
  surface.strokeStyle = palette.muted;
  surface.lineWidth = 1;
  surface.setLineDash([5, 4]);
  for (const { value } of levels) {
    const y = Math.round(yAt(frame, value)) + 0.5;
    surface.beginPath();
    surface.moveTo(frame.left, y);
    surface.lineTo(frame.left + frame.width, y);
    surface.stroke();
  }
  surface.restore();
}

function drawLevelLabels(surface: Surface, labels: ReturnType<typeof levelLabels>, palette: Palette): void {
  surface.save();
  surface.font = `400 ${SIZE}px ${SANS}`;
  surface.textAlign = "right";
  surface.textBaseline = "bottom";
  for (const { label, span, bottom } of labels) haloText(surface, label, span[1], bottom, palette.ink, palette.paper);
  surface.restore();
}

function drawMarks(surface: Surface, frame: Frame, marks: readonly LineMark[], levels: readonly Taken[], palette: Palette): void {
  const seen = marks.filter(({ x }) => x >= frame.x[0] && x <= frame.x[1]);
  const rows = labelRows(seen, frame, levels, SIZE);
  surface.save();
  surface.font = `400 ${SIZE}px ${SANS}`;
  surface.textBaseline = "bottom";
  seen.forEach((mark, i) => {
    const x = Math.round(xAt(frame, mark.x)) + 0.5;
    const { row, side } = rows[i] ?? { row: -1, side: "right" };
    surface.strokeStyle = mark.tone === "note" ? palette.control : palette.nowRing;
    surface.lineWidth = mark.tone === "note" ? 1 : 1.5;
    surface.setLineDash(mark.tone === "warning" ? [3, 3] : []);
    surface.beginPath();
    surface.moveTo(x, frame.top);
    surface.lineTo(x, frame.top + frame.height);
    surface.stroke();
    if (row < 0) return;
    surface.setLineDash([]);
    surface.textAlign = side === "right" ? "left" : "right";
    const words = mark.tone === "warning" ? `! ${mark.label}` : mark.label;
    haloText(surface, words, x + (side === "right" ? 6 : -6), rowBottom(frame, row), palette.ink, palette.paper);
  });
  surface.restore();
}

/** A vertical line with a dot on each curve: thin where someone looks; strong and with a handle where the page stands. */
export function drawCursor(surface: Surface, frame: Frame, chart: Chart, index: number, strong: boolean, palette: Palette, place?: number): void {
  const at = xAt(frame, place ?? chart.x[index] ?? NaN);
  if (!Number.isFinite(at) || at < frame.left - 1 || at > frame.left + frame.width + 1) return;
  surface.save();
  surface.strokeStyle = strong ? palette.nowRing : palette.control;
  surface.lineWidth = strong ? 2 : 1;
  surface.beginPath();
  surface.moveTo(at, frame.top);
  surface.lineTo(at, frame.top + frame.height);
  surface.stroke();
  surface.strokeStyle = palette.ink;
  surface.fillStyle = strong ? palette.now : palette.paper;
  surface.lineWidth = 1.5;
  for (const { style, values, scale } of chart.series) {
    const value = values[index];
    if (style === "raw" || !drawable(value, frame.log && scale !== "y2")) continue;
    dot(surface, at, yAt(frame, value, scale), strong ? 4.5 : 3.5, true);
  }
  if (strong) {
    surface.fillStyle = palette.now;
    surface.strokeStyle = palette.nowRing;
    surface.beginPath();
    surface.moveTo(at - 7, frame.top - 9);
    surface.lineTo(at + 7, frame.top - 9);
    surface.lineTo(at + 7, frame.top - 3);
    surface.lineTo(at, frame.top + 5);
    surface.lineTo(at - 7, frame.top - 3);
    surface.closePath();
    surface.fill();
    surface.stroke();
  }
  surface.restore();
}

/** Axes for files: on screen they are uPlot's. Same ticks, same words. */
export function drawAxes(surface: Surface, frame: Frame, titles: { x: string; y2: string }, palette: Palette): void {
  const bottom = frame.top + frame.height;
  surface.font = `400 ${SIZE}px ${SANS}`;
  surface.strokeStyle = palette.rule;
  surface.lineWidth = 1;
  surface.fillStyle = palette.muted;
  surface.textBaseline = "middle";
  surface.textAlign = "center";
  for (const { value, text } of frame.xTicks) {
    const x = Math.round(xAt(frame, value)) + 0.5;
    line(surface, x, frame.top, x, bottom + 4);
    surface.fillText(text, x, bottom + 15);
  }
  surface.fillText(titles.x, frame.left + frame.width / 2, bottom + 36);
  surface.textAlign = "right";
  for (const { value, text } of frame.yTicks) {
    const y = Math.round(yAt(frame, value)) + 0.5;
    line(surface, frame.left - 4, y, frame.left + frame.width, y);
    surface.fillText(text, frame.left - 8, y);
  }
  surface.textAlign = "left";
  for (const { value, text } of frame.y2Ticks) surface.fillText(text, frame.left + frame.width + 8, yAt(frame, value, "y2"));
}

/** Titles of the upright axes lie above them, where they are read without turning the head. */
export function drawTitles(surface: Surface, frame: Frame, titles: { y: string; y2: string }, palette: Palette): void {
  surface.font = `400 ${SIZE}px ${SANS}`;
  surface.fillStyle = palette.muted;
  surface.textBaseline = "middle";
  surface.textAlign = "left";
  surface.fillText(titles.y, 0, 8);
  surface.textAlign = "right";
  surface.fillText(titles.y2, frame.fullWidth, 8);
}

function line(surface: Surface, x0: number, y0: number, x1: number, y1: number): void {
  surface.beginPath();
  surface.moveTo(x0, y0);
  surface.lineTo(x1, y1);
  surface.stroke();
}
