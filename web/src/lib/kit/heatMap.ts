// Draws a matrix as colours on any surface; large ones as pixels, which a canvas enlarges.
// Sign is told by a stroke as well as by colour, and what is no number is hatched.
import { fixed } from "../format";
import { rampIndex, rampOf } from "./colour";
import { corner, drawLabels, gapOf, type Grid } from "./grid";
import { SANS, type Palette } from "./palette";
import { partOf } from "./scale";
import { hatch, ring, type Surface } from "./surface";
import type { Cell, Scale } from "./types";

/** Cells this large say their sign, and this large their number. */
const SIGNED = 14;
const WRITTEN = 34;
/** What is this near to zero has no sign to speak of. */
const FAINT = 0.03;

export type Matrix = {
  values: ArrayLike<number>;
  rows: number;
  cols: number;
  /** Drawn with rows and columns exchanged. */
  transposed: boolean;
  kind: Scale["kind"];
  max: number;
};

/** The cell of the data that is drawn at a cell of the picture, and the other way round: the exchange is its own inverse. */
export function exchanged(cell: Cell, transposed: boolean): Cell {
  return transposed ? { row: cell.col, col: cell.row } : cell;
}

function valueAt({ values, cols, transposed }: Matrix, row: number, col: number): number {
  return values[transposed ? col * cols + row : row * cols + col] ?? NaN;
}

/** A number short enough for a cell: two decimals, fewer when it is large. */
export function cellText(value: number): string {
  const size = Math.abs(value);
  return size < 10000 ? fixed(value, size < 10 ? 2 : size < 100 ? 1 : 0) : "";
}

export function drawHeatMap(surface: Surface, grid: Grid, matrix: Matrix, palette: Palette, strong: Cell | null = null): void {
  drawCells(surface, grid, matrix, palette);
  drawFrame(surface, grid, palette);
  drawLabels(surface, grid, palette, strong);
}

export function drawFrame(surface: Surface, { left, top, rows, cols, cell }: Grid, palette: Palette): void {
  surface.strokeStyle = palette.rule;
  surface.lineWidth = 1;
  surface.strokeRect(left - 0.5, top - 0.5, cols * cell + 1, rows * cell + 1);
}

export function drawCells(surface: Surface, grid: Grid, matrix: Matrix, palette: Palette): void {
  const { cell, rows, cols } = grid;
  const ramp = rampOf(matrix.kind, palette);
  const gap = gapOf(cell);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const [x, y] = corner(grid, { row, col });
      const value = valueAt(matrix, row, col);
      if (!Number.isFinite(value)) {
        hatch(surface, x, y, cell - gap, palette.muted);
        continue;
      }
      const index = rampIndex(partOf(value, matrix.max, matrix.kind));
      surface.fillStyle = ramp.css[index] ?? palette.valueZero;
      surface.fillRect(x, y, cell - gap, cell - gap);
      surface.fillStyle = ramp.text[index] ?? palette.ink;
      if (cell >= WRITTEN) write(surface, value, x + (cell - gap) / 2, y + (cell - gap) / 2);
      else if (cell >= SIGNED && value < -FAINT * matrix.max && matrix.kind !== "share") minus(surface, x, y, cell - gap);
    }
  }
}

function write(surface: Surface, value: number, x: number, y: number): void {
  surface.font = `400 12px ${SANS}`;
  surface.textAlign = "center";
  surface.textBaseline = "middle";
  surface.fillText(cellText(value), x, y);
}

function minus(surface: Surface, x: number, y: number, size: number): void {
  const width = Math.max(4, Math.round(size * 0.3));
  surface.fillRect(x + Math.round((size - width) / 2), y + Math.round(size / 2), width, 1);
}

/** Small cells as pixels, one each, in the order in which they are drawn. What is no number stays clear, to be hatched. */
export function heatPixels(matrix: Matrix, palette: Palette): Uint8ClampedArray<ArrayBuffer> {
  const [rows, cols] = matrix.transposed ? [matrix.cols, matrix.rows] : [matrix.rows, matrix.cols];
  const { rgb } = rampOf(matrix.kind, palette);
  const pixels = new Uint8ClampedArray(rows * cols * 4);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++, at += 4) {
      const value = valueAt(matrix, row, col);
      if (!Number.isFinite(value)) continue;
      const colour = rgb[rampIndex(partOf(value, matrix.max, matrix.kind))];
      if (colour !== undefined) pixels.set(colour, at);
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}

/** Hatches over what `heatPixels` left clear. */
export function drawHoles(surface: Surface, grid: Grid, matrix: Matrix, palette: Palette): void {
  for (let row = 0; row < grid.rows; row++) {
    for (let col = 0; col < grid.cols; col++) {
      if (Number.isFinite(valueAt(matrix, row, col))) continue;
      const [x, y] = corner(grid, { row, col });
      hatch(surface, x, y, grid.cell, palette.muted);
    }
  }
}

/** Rings: a thin one where someone looks, a strong one where they pinned. */
export function drawRings(surface: Surface, grid: Grid, looked: Cell | null, pinned: Cell | null, palette: Palette): void {
  const size = grid.cell - gapOf(grid.cell);
  if (looked !== null) {
    const [x, y] = corner(grid, looked);
    ring(surface, x, y, size, size, palette.ink, palette.paper, 1);
  }
  if (pinned !== null) {
    const [x, y] = corner(grid, pinned);
    ring(surface, x - 0.5, y - 0.5, size + 1, size + 1, palette.nowRing, palette.paper, 2);
  }
}
