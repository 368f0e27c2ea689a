// Draws one head's attention: a row for each position, a cell for each position it may look back to.
// More ink is more attention, on a scale from 0 to 1 that never changes, so that maps can be compared.
import { rampIndex, rampOf } from "./colour";
import { corner, drawLabels, gapOf, type Grid } from "./grid";
import { cellText } from "./heatMap";
import { SANS, type Palette } from "./palette";
import { hatch, ring, type Surface } from "./surface";
import type { Cell, Triangle } from "./types";

const WRITTEN = 34;

/** Positions of a triangle: its rows, or the n whose n(n+1)/2 cells fit a flat one. */
export function positionsOf(weights: Triangle): number {
  return isRows(weights) ? weights.length : Math.floor((Math.sqrt(8 * weights.length + 1) - 1) / 2);
}

export function weightAt(weights: Triangle, { row, col }: Cell): number {
  return (isRows(weights) ? weights[row]?.[col] : weights[(row * (row + 1)) / 2 + col]) ?? NaN;
}

export function rowOf(weights: Triangle, row: number): number[] {
  return Array.from({ length: row + 1 }, (_, col) => weightAt(weights, { row, col }));
}

function isRows(weights: Triangle): weights is readonly (readonly number[])[] {
  return Array.isArray(weights);
}

export type Map = { weights: Triangle; position: number; masked: boolean };

export function drawAttention(surface: Surface, grid: Grid, { weights, position, masked }: Map, palette: Palette): void {
  const ramp = rampOf("share", palette);
  const size = grid.cell - gapOf(grid.cell);
  for (let row = 0; row < grid.rows; row++) {
    const until = masked ? grid.cols : row + 1;
    for (let col = 0; col < until; col++) {
      const [x, y] = corner(grid, { row, col });
      if (col > row) {
        future(surface, x, y, size, palette);
        continue;
      }
      const weight = weightAt(weights, { row, col });
      surface.fillStyle = palette.sunken;
      surface.fillRect(x, y, size, size);
      if (!Number.isFinite(weight)) {
        hatch(surface, x, y, size, palette.muted);
        continue;
      }
      const index = rampIndex(Math.max(0, weight));
      surface.fillStyle = ramp.css[index] ?? palette.ink;
      surface.fillRect(x, y, size, size);
      if (size < WRITTEN - 1) continue;
      surface.fillStyle = ramp.text[index] ?? palette.ink;
      text(surface, cellText(weight), x + size / 2, y + size / 2);
    }
  }
  steps(surface, grid, masked, palette);
  drawLabels(surface, grid, palette, grid.bare ? null : { row: position, col: position });
  if (position >= 0 && position < grid.rows) {
    const [x, y] = corner(grid, { row: position, col: 0 });
    ring(surface, x - 0.5, y - 0.5, position * grid.cell + size + 1, size + 1, palette.nowRing, palette.paper, 2);
  }
}

function future(surface: Surface, x: number, y: number, size: number, palette: Palette): void {
  hatch(surface, x, y, size, palette.control);
  if (size < WRITTEN - 1) return;
  surface.fillStyle = palette.paper;
  surface.fillRect(x + size / 2 - 11, y + size / 2 - 8, 22, 16);
  surface.fillStyle = palette.muted;
  text(surface, "−∞", x + size / 2, y + size / 2);
}

function text(surface: Surface, words: string, x: number, y: number): void {
  surface.font = `400 12px ${SANS}`;
  surface.textAlign = "center";
  surface.textBaseline = "middle";
  surface.fillText(words, x, y);
}

/** The edge of what may be looked at: a staircase, or the whole square with a mask. */
function steps(surface: Surface, { left, top, cell, rows, cols }: Grid, masked: boolean, palette: Palette): void {
  surface.strokeStyle = palette.control;
  surface.lineWidth = 1;
  if (masked) surface.strokeRect(left - 0.5, top - 0.5, cols * cell + 1, rows * cell + 1);
  surface.beginPath();
  surface.moveTo(left - 0.5, top - 0.5);
  for (let i = 0; i < rows; i++) {
    surface.lineTo(left + (i + 1) * cell, top + i * cell - 0.5);
    surface.lineTo(left + (i + 1) * cell, top + (i + 1) * cell - 0.5);
  }
  surface.lineTo(left + cols * cell, top + rows * cell + 0.5);
  surface.lineTo(left - 0.5, top + rows * cell + 0.5);
  surface.closePath();
  surface.stroke();
}
