// uPlot, set up for the kit: it lays out axes, ticks and grid and keeps the canvas sharp; the kit draws the curves into it.
// A module of its own, loaded when the first chart appears, so that pages without one do not pay for it.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { count } from "../format";
import { roomFor, tickWords, type Frame, type Range, type Tick } from "./curve";
import { SANS, type Palette } from "./palette";

export type Look = {
  x: Range;
  y: Range;
  y2: Range;
  log: boolean;
  right: boolean;
  xTitle: string;
  format: (n: number, digits: number) => string;
};

const FONT = `12px ${SANS}`;
const TOP = 28;
/** Between the words of an upright axis and the plot: a tick and a gap. */
const APART = 10;
const LEAST = { y: 46, y2: 52, right: 16 };

export class LinePlot {
  #plot: uPlot;
  #look: Look;
  /** Measures words. */
  #ruler: CanvasRenderingContext2D | null = null;
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
    const upright = (of: "y" | "y2"): uPlot.Axis.Size => (_u, words) => roomFor(this.#widths(words ?? []).map((width) => width + APART), LEAST[of]);
    /** The last word below stands in the middle of its tick, which may be at the very end. */
    const half: uPlot.PaddingSide = () => roomFor(this.#widths(this.#ticks.x.slice(-1).map(({ text }) => text)).map((width) => width / 2), LEAST.right);
    const empty: uPlot.Series = { paths: () => null, points: { show: false }, auto: false };
    this.#plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [TOP, look.right ? 4 : half, 0, 0],
        scales: {
          x: { time: false, range: () => [...this.#look.x] },
          y: { distr: look.log ? 3 : 1, range: () => [...this.#look.y] },
          y2: { range: () => [...this.#look.y2] },
        },
        axes: [
          { ...axis("x"), label: look.xTitle, labelSize: 20, size: 28, space: 64 },
          { ...axis("y"), size: upright("y"), space: 36 },
          ...(look.right ? [{ ...axis("y2"), side: 1 as const, size: upright("y2"), space: 36 }] : []),
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

  /** Draws anew at once, with other ranges if they have changed. */
  show(look: Look): void {
    this.#look = look;
    this.#plot.batch(() => this.#plot.setData(this.#data()));
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

  /** In CSS pixels. */
  #widths(words: readonly string[]): number[] {
    this.#ruler ??= document.createElement("canvas").getContext("2d");
    const ruler = this.#ruler;
    if (ruler === null) return [];
    ruler.font = FONT;
    return words.map((word) => ruler.measureText(word).width);
  }

  #words(of: "x" | "y" | "y2", splits: readonly (number | null)[]): string[] {
    const { format, log, y } = this.#look;
    /** Less than a decade has no power of ten to name: then every line is named. */
    const decades = log && y[1] / y[0] >= 10;
    const isNamed = (value: number | null): value is number => {
      if (value === null) return false;
      return of === "x" ? Number.isInteger(value) : !(decades && of === "y") || /^1e|^1$|^0\.0*1$|^10+$/.test(String(value));
    };
    const named = splits.filter(isNamed);
    const said = new Map(tickWords(named, of === "x" ? count : format).map((word, i) => [named[i], word]));
    const words = splits.map((value) => said.get(value ?? NaN) ?? "");
    this.#ticks[of] = splits.flatMap((value, i) => (value === null || words[i] === "" ? [] : [{ value, text: words[i] ?? "" }]));
    return words;
  }
}
