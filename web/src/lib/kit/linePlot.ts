// uPlot, set up for the kit: it lays out axes, ticks and grid and keeps the canvas sharp; the kit draws the curves into it.
// A module of its own, loaded when the first chart appears, so that pages without one do not pay for it.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { count } from "../format";
import type { Frame, Range, Tick } from "./curve";
import { SANS, type Palette } from "./palette";

export type Look = {
  x: Range;
  y: Range;
  y2: Range;
  log: boolean;
  right: boolean;
  xTitle: string;
  format: (n: number) => string;
};

const FONT = `12px ${SANS}`;
const TOP = 28;

export class LinePlot {
  #plot: uPlot;
  #look: Look;
  #ticks: { x: Tick[]; y: Tick[]; y2: Tick[] } = { x: [], y: [], y2: [] };

  constructor(target: HTMLElement, width: number, height: number, look: Look, palette: Palette, draw: (context: CanvasRenderingContext2D, frame: Frame) => void) {
    this.#look = look;
    const axis = (of: "x" | "y" | "y2"): uPlot.Axis => ({
      scale: of,
      stroke: palette.muted,
      font: FONT,
      labelFont: FONT,
      grid: { stroke: palette.rule, width: 1, show: of !== "y2" },
      ticks: { stroke: palette.rule, width: 1, size: 4 },
      values: (_u, splits) => this.#words(of, splits),
    });
    const empty: uPlot.Series = { paths: () => null, points: { show: false }, auto: false };
    this.#plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [TOP, look.right ? 4 : 16, 0, 0],
        scales: {
          x: { time: false, range: () => [...this.#look.x] },
          y: { distr: look.log ? 3 : 1, range: () => [...this.#look.y] },
          y2: { range: () => [...this.#look.y2] },
        },
        axes: [
          { ...axis("x"), label: look.xTitle, labelSize: 20, size: 28, space: 64 },
          { ...axis("y"), size: 46, space: 36 },
          ...(look.right ? [{ ...axis("y2"), side: 1 as const, size: 52, space: 36 }] : []),
        ],
        series: [{}, { ...empty, scale: "y" }, { ...empty, scale: "y2" }],
        hooks: {
          draw: [
            ({ ctx }) => {
              ctx.save();
              ctx.scale(uPlot.pxRatio, uPlot.pxRatio);
              draw(ctx, this.frame());
              ctx.restore();
            },
          ],
        },
      },
      this.#data(),
      target,
    );
  }

  /** Draws anew, with other ranges if they have changed. */
  show(look: Look): void {
    this.#look = look;
    this.#plot.setData(this.#data());
  }

  resize(width: number, height: number): void {
    if (this.#plot.width !== width || this.#plot.height !== height) this.#plot.setSize({ width, height });
  }

  destroy(): void {
    this.#plot.destroy();
  }

  /** The plot area as uPlot laid it out, in CSS pixels. */
  frame(): Frame {
    const { bbox, width, height } = this.#plot;
    const ratio = uPlot.pxRatio;
    const { x, y, y2, log } = this.#look;
    return {
      left: bbox.left / ratio, top: bbox.top / ratio, width: bbox.width / ratio, height: bbox.height / ratio,
      fullWidth: width, fullHeight: height, x, y, y2, log,
      xTicks: this.#ticks.x, yTicks: this.#ticks.y, y2Ticks: this.#look.right ? this.#ticks.y2 : [],
    };
  }

  /** uPlot needs the ends of the x axis only: the curves are not its business. */
  #data(): uPlot.AlignedData {
    return [[...this.#look.x], [], []];
  }

  #words(of: "x" | "y" | "y2", splits: readonly (number | null)[]): string[] {
    const { format, log, y } = this.#look;
    /** Less than a decade has no power of ten to name: then every line is named. */
    const decades = log && y[1] / y[0] >= 10;
    const words = splits.map((value) => {
      if (value === null) return "";
      if (of === "x") return Number.isInteger(value) ? count(value) : "";
      return decades && of === "y" && !/^1e|^1$|^0\.0*1$|^10+$/.test(String(value)) ? "" : format(value);
    });
    this.#ticks[of] = splits.flatMap((value, i) => (value === null || words[i] === "" ? [] : [{ value, text: words[i] ?? "" }]));
    return words;
  }
}
