// Draws the training curve with uPlot: every loss faint, their moving average on top, guessing blindly as a level line.
// A function of data and options: what there is none of is not drawn.
import uPlot from "uplot";
import { count, nats } from "../format";
import type { Divergence, StepRecord } from "../protocol/types";
import type { Palette } from "./palette";

export type ChartMarks = {
  steps: number;
  uniformLoss: number;
  vocabSize: number;
  divergence: Divergence | null;
  /** Step of the dot: the one read off, or the last. */
  dot: StepRecord | null;
};

/** Records as uPlot wants them. Grows in place as long as the records only grow. */
export class Columns {
  #steps: number[] = [];
  #losses: number[] = [];
  #smoothed: number[] = [];
  #last: StepRecord | undefined;

  of(records: readonly StepRecord[]): uPlot.AlignedData {
    const known = this.#steps.length;
    if (known > records.length || records[known - 1] !== this.#last) {
      this.#steps = [];
      this.#losses = [];
      this.#smoothed = [];
    }
    for (let i = this.#steps.length; i < records.length; i++) {
      const record = records[i];
      if (record === undefined) break;
      this.#steps.push(record.step);
      this.#losses.push(record.loss);
      this.#smoothed.push(record.smoothed_loss);
    }
    this.#last = records.at(-1);
    return [this.#steps, this.#losses, this.#smoothed];
  }
}

/** Top of the loss axis: room for the level line, and for what lies above it. */
export function topOfLoss(uniformLoss: number, highest: number): number {
  return Math.max(uniformLoss * 1.3, highest * 1.04);
}

export function chartOptions(
  width: number,
  height: number,
  palette: Palette,
  marks: () => ChartMarks,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const font = '13px "Source Sans 3 Variable", sans-serif';
  const axis = {
    stroke: palette.muted,
    font,
    labelFont: font,
    labelSize: 20,
    grid: { stroke: palette.rule, width: 1 },
    ticks: { stroke: palette.rule, width: 1, size: 4 },
  };
  return {
    width,
    height,
    legend: { show: false },
    padding: [10, 22, 0, 0],
    cursor: {
      drag: { x: false, y: false, setScale: false },
      x: true,
      y: false,
      points: { show: false },
    },
    scales: {
      x: { time: false, range: () => [0, Math.max(1, marks().steps)] },
      y: { range: (_u, _min, max) => [0, topOfLoss(marks().uniformLoss, max ?? 0)] },
    },
    axes: [
      { ...axis, label: "step", size: 30, space: 70, values: (_u, splits) => splits.map((v) => (Number.isInteger(v) ? count(v) : "")) },
      { ...axis, label: "loss, in nats", size: 34, space: 44 },
    ],
    series: [
      {},
      { stroke: palette.muted, alpha: 0.35, width: 1, points: { show: single } },
      { stroke: palette.ink, width: 2, points: { show: single } },
    ],
    hooks: {
      drawClear: [(u) => drawLevel(u, marks(), palette)],
      draw: [(u) => drawMarks(u, marks(), palette)],
      setCursor: [(u) => onPoint(u.cursor.idx ?? null)],
    },
  };
}

/** One point makes no line, so it is drawn as a point. */
function single(u: uPlot): boolean {
  return u.data[0].length === 1;
}

function drawLevel(u: uPlot, { uniformLoss }: ChartMarks, palette: Palette): void {
  const { ctx, bbox } = u;
  const ratio = uPlot.pxRatio;
  const y = Math.round(u.valToPos(uniformLoss, "y", true));
  ctx.save();
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = ratio;
  ctx.setLineDash([5 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function drawMarks(u: uPlot, { dot, divergence, uniformLoss, vocabSize }: ChartMarks, palette: Palette): void {
  const { ctx, bbox } = u;
  const ratio = uPlot.pxRatio;
  ctx.save();
  const level = u.valToPos(uniformLoss, "y", true) - 4 * ratio;
  label(u, `guessing blindly: ln ${count(vocabSize)} = ${nats(uniformLoss)}`, "right", bbox.left + bbox.width, level, palette);
  if (divergence !== null) {
    const x = u.valToPos(divergence.step, "x", true);
    ctx.strokeStyle = palette.nowRing;
    ctx.lineWidth = 2 * ratio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const side = x > bbox.left + bbox.width / 2 ? "right" : "left";
    label(u, `diverged at step ${count(divergence.step)}`, side, x, bbox.top + 20 * ratio, palette);
  }
  if (dot !== null) {
    ctx.beginPath();
    ctx.arc(u.valToPos(dot.step, "x", true), u.valToPos(dot.smoothed_loss, "y", true), 4.5 * ratio, 0, 2 * Math.PI);
    ctx.fillStyle = palette.now;
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 1.5 * ratio;
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** Text beside `x`, on a halo of paper so that the curve does not cross it out. */
function label(u: uPlot, text: string, side: "left" | "right", x: number, y: number, palette: Palette): void {
  const { ctx } = u;
  const ratio = uPlot.pxRatio;
  const at = x + (side === "right" ? -6 : 6) * ratio;
  ctx.font = `${13 * ratio}px "Source Sans 3 Variable", sans-serif`;
  ctx.textAlign = side;
  ctx.textBaseline = "bottom";
  ctx.lineJoin = "round";
  ctx.lineWidth = 5 * ratio;
  ctx.strokeStyle = palette.paper;
  ctx.strokeText(text, at, y);
  ctx.fillStyle = palette.ink;
  ctx.fillText(text, at, y);
}
