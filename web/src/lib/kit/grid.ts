// Where the cells and labels of a matrix lie, and which cell lies under a point.
// Geometry only, shared by heat maps and attention maps.
import { MONO, type Palette } from "./palette";
import { textWidth, type Surface } from "./surface";
import type { Cell } from "./types";

export type GridInput = {
  /** Pixels offered. A matrix that does not fit at `minCell` becomes wider and scrolls. */
  width: number;
  rows: number;
  cols: number;
  rowLabels?: readonly string[] | undefined;
  colLabels?: readonly string[] | undefined;
  rowTitle?: string | undefined;
  colTitle?: string | undefined;
  minCell: number;
  maxCell: number;
  /** Without labels and titles. */
  bare?: boolean | undefined;
};

export type Grid = GridInput & {
  cell: number;
  left: number;
  top: number;
  /** Of the whole picture. */
  fullWidth: number;
  fullHeight: number;
  rowEvery: number;
  colEvery: number;
  /** Column labels stand upright, because they are words. */
  turned: boolean;
};

const FONT = 12;
const TITLES = 22;
const LONGEST = 12;
const GAP = 6;

export function layOut(input: GridInput): Grid {
  const { width, rows, cols, minCell, maxCell, bare = false } = input;
  const rowWidth = bare ? 0 : widest(input.rowLabels, rows) + GAP;
  const left = rowWidth;
  const fitting = (width - left - 1) / Math.max(1, cols);
  // Whole pixels keep cells sharp; only a bare matrix of many columns, which is drawn as pixels, fills its place exactly.
  const cell = bare && fitting < 10 ? Math.max(width / Math.max(1, cols), 0) : Math.max(minCell, Math.min(maxCell, Math.floor(fitting)));
  const colWidth = widest(input.colLabels, cols);
  const turned = !bare && input.colLabels !== undefined && colWidth > 3 * FONT * 0.6 && colWidth + 2 > cell;
  const titles = !bare && (input.rowTitle !== undefined || input.colTitle !== undefined) ? TITLES : 0;
  const labels = bare ? 0 : turned ? colWidth + GAP : FONT + GAP;
  const top = titles + labels;
  return {
    ...input, cell, left, top, turned,
    rowEvery: every((FONT + 2) / cell, input.rowLabels === undefined),
    colEvery: every((turned ? FONT + 2 : colWidth + 4) / cell, input.colLabels === undefined),
    fullWidth: left + cols * cell + 1,
    fullHeight: top + rows * cell + 1,
  };
}

/** Every how many rows there is room for a label; numbers keep to 1, 2, 5, 10 … */
function every(cellsALabel: number, numbers: boolean): number {
  const least = Math.max(1, Math.ceil(cellsALabel));
  if (!numbers) return least;
  for (let power = 1; ; power *= 10) {
    const found = [1, 2, 5].find((m) => m * power >= least);
    if (found !== undefined) return found * power;
  }
}

function widest(labels: readonly string[] | undefined, count: number): number {
  const longest = labels === undefined ? String(Math.max(0, count - 1)).length : labels.reduce((most, label) => Math.max(most, label.length), 1);
  return Math.ceil(textWidth("x".repeat(Math.min(longest, LONGEST)), FONT, "mono"));
}

export function cellUnder(grid: Grid, x: number, y: number): Cell | null {
  const col = Math.floor((x - grid.left) / grid.cell);
  const row = Math.floor((y - grid.top) / grid.cell);
  return col >= 0 && row >= 0 && col < grid.cols && row < grid.rows ? { row, col } : null;
}

/** Upper left corner of a cell. */
export function corner(grid: Grid, { row, col }: Cell): [number, number] {
  return [grid.left + col * grid.cell, grid.top + row * grid.cell];
}

/** Cells this large keep a line of paper between them. */
export function gapOf(cell: number): number {
  return cell >= 10 ? 1 : 0;
}

/** `strong` says which row's and column's labels stand out. */
export function drawLabels(surface: Surface, grid: Grid, palette: Palette, strong: Cell | null = null): void {
  if (grid.bare) return;
  const { left, top, cell, rowTitle, colTitle } = grid;
  const titleWidth = rowTitle === undefined ? 0 : textWidth(`${rowTitle} ↓`, FONT, "mono");
  surface.font = `400 ${FONT}px ${MONO}`;
  surface.textBaseline = "middle";
  surface.textAlign = "left";
  surface.fillStyle = palette.muted;
  if (rowTitle !== undefined) surface.fillText(`${rowTitle} ↓`, 0, 8);
  if (colTitle !== undefined) surface.fillText(`${colTitle} →`, Math.max(left, titleWidth === 0 ? 0 : titleWidth + 16), 8);
  surface.textAlign = "right";
  for (let row = 0; row < grid.rows; row++) {
    if (row % grid.rowEvery !== 0 && strong?.row !== row) continue;
    if (crowded(row, strong?.row, grid.rowEvery)) continue;
    pen(surface, palette, strong?.row === row);
    surface.fillText(labelOf(grid.rowLabels, row), left - GAP, top + (row + 0.5) * cell);
  }
  for (let col = 0; col < grid.cols; col++) {
    if (col % grid.colEvery !== 0 && strong?.col !== col) continue;
    if (crowded(col, strong?.col, grid.colEvery)) continue;
    pen(surface, palette, strong?.col === col);
    drawColumnLabel(surface, grid, labelOf(grid.colLabels, col), left + (col + 0.5) * cell);
  }
}

/** Where labels are thinned out, one that stands out pushes its neighbours away. */
function crowded(index: number, strong: number | undefined, each: number): boolean {
  return strong !== undefined && index !== strong && each > 1 && Math.abs(index - strong) < each;
}

function drawColumnLabel(surface: Surface, grid: Grid, label: string, x: number): void {
  if (!grid.turned) {
    surface.textAlign = "center";
    surface.fillText(label, x, grid.top - FONT / 2 - 3);
    return;
  }
  surface.save();
  surface.translate(x, grid.top - GAP);
  surface.rotate(-Math.PI / 2);
  surface.textAlign = "left";
  surface.fillText(label, 0, 0);
  surface.restore();
}

function pen(surface: Surface, palette: Palette, strong: boolean): void {
  surface.font = `${strong ? 700 : 400} ${FONT}px ${MONO}`;
  surface.fillStyle = strong ? palette.ink : palette.muted;
}

function labelOf(labels: readonly string[] | undefined, index: number): string {
  if (labels === undefined) return String(index);
  const label = labels[index] ?? "";
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}
