// Draws one head's attention: a row for each position, a cell for each position it may look back to.
// More ink is more attention, on a scale from 0 to 1 that never changes, so that maps can be compared.
import type { Palette } from "./palette";

export type MapGeometry = { n: number; cell: number; left: number; top: number; labelled: boolean };
export type Cell = { row: number; column: number };

/** Below this many pixels a cell has no room for a letter beside it. */
const SMALLEST_LABELLED = 8;
const LABEL = 16;

/** How `n` positions fit into a square of `size` pixels. */
export function mapGeometry(size: number, n: number): MapGeometry {
  const withLabels = (size - LABEL - 1) / Math.max(n, 1);
  const labelled = withLabels >= SMALLEST_LABELLED;
  const cell = labelled ? withLabels : (size - 1) / Math.max(n, 1);
  return { n, cell, left: labelled ? LABEL : 0, top: labelled ? LABEL : 0, labelled };
}

/** The cell under a point; null outside and in the future, where no one may look. */
export function cellAt(geometry: MapGeometry, x: number, y: number): Cell | null {
  const column = Math.floor((x - geometry.left) / geometry.cell);
  const row = Math.floor((y - geometry.top) / geometry.cell);
  const inside = column >= 0 && row >= 0 && row < geometry.n && column <= row;
  return inside ? { row, column } : null;
}

export function drawAttention(
  context: CanvasRenderingContext2D,
  geometry: MapGeometry,
  rows: readonly (readonly number[])[],
  labels: readonly string[],
  selected: number,
  pointed: Cell | null,
  palette: Palette,
): void {
  const { n, cell, left, top } = geometry;
  const gap = cell > 8 ? 1 : 0;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const x = left + column * cell;
      const y = top + row * cell;
      context.globalAlpha = 1;
      context.fillStyle = palette.rule;
      context.fillRect(x + gap / 2, y + gap / 2, cell - gap, cell - gap);
      context.globalAlpha = Math.max(0, Math.min(1, rows[row]?.[column] ?? 0));
      context.fillStyle = palette.ink;
      context.fillRect(x + gap / 2, y + gap / 2, cell - gap, cell - gap);
    }
  }
  context.globalAlpha = 1;
  if (geometry.labelled) drawLabels(context, geometry, labels, selected, palette);
  ring(context, left, top + selected * cell, (selected + 1) * cell, cell, palette.nowRing);
  if (pointed !== null && pointed.row < n) {
    ring(context, left + pointed.column * cell, top + pointed.row * cell, cell, cell, palette.nowRing);
  }
}

function drawLabels(
  context: CanvasRenderingContext2D,
  { n, cell, left, top }: MapGeometry,
  labels: readonly string[],
  selected: number,
  palette: Palette,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < n; i++) {
    const label = labels[i] ?? "";
    context.font = `${i === selected ? 700 : 400} 12px "Source Code Pro Variable", monospace`;
    context.fillStyle = i === selected ? palette.ink : palette.muted;
    context.fillText(label, left + (i + 0.5) * cell, top / 2);
    context.fillText(label, left / 2, top + (i + 0.5) * cell);
  }
}

function ring(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
}
