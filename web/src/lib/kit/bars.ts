// Orders and scales bars, and draws them for a saved picture; on screen they are rows of the page.
// Apart from the component, because order and length are geometry and can be tested without a page.
import { m } from "../messages/en/kit";
import { MONO, SANS, type Palette } from "./palette";
import { largest } from "./scale";
import type { Surface } from "./surface";
import type { BarItem } from "./types";

/** Indices of the items in the order shown. Ties keep the given order, so that equal bars do not dance. */
export function barOrder(items: readonly BarItem[], order: "given" | "value"): number[] {
  const indices = items.map((_, i) => i);
  const value = (i: number): number => items[i]?.value ?? 0;
  return order === "given" ? indices : indices.sort((a, b) => value(b) - value(a) || a - b);
}

/** What a full bar stands for: as given; else 1, or the largest number if one is larger. */
export function fullBar(items: readonly BarItem[], max: number | undefined): number {
  if (max !== undefined) return max > 0 ? max : 1;
  return Math.max(1, largest(items.map(({ value }) => value)), largest(items.map(({ ghost }) => ghost ?? 0)));
}

/** Length of a bar as a part of the full one. What is longer is cut; what is no number has no length. */
export function barLength(value: number, full: number): number {
  const part = Math.abs(value) / full;
  return Number.isFinite(part) ? Math.min(1, part) : 0;
}

export const ROW = 22;
const LABEL = 72;
const VALUE = 64;

export function barsHeight(count: number): number {
  return count * ROW + 4;
}

export function drawBars(
  surface: Surface,
  width: number,
  items: readonly BarItem[],
  order: readonly number[],
  full: number,
  format: (n: number) => string,
  palette: Palette,
): void {
  const room = width - LABEL - VALUE - 16;
  order.forEach((index, row) => {
    const item = items[index];
    if (item === undefined) return;
    const y = row * ROW + ROW / 2;
    surface.textBaseline = "middle";
    surface.textAlign = "left";
    surface.font = `${item.marked ? 700 : 400} 13px ${MONO}`;
    surface.fillStyle = palette.ink;
    surface.fillText(item.label, 0, y);
    surface.fillStyle = palette.sunken;
    surface.fillRect(LABEL, y - 5, room, 10);
    surface.fillStyle = item.value < 0 ? palette.valueMinus : palette.ink;
    surface.fillRect(LABEL, y - 5, barLength(item.value, full) * room, 10);
    if (item.ghost !== undefined) {
      surface.strokeStyle = palette.control;
      surface.lineWidth = 1;
      surface.strokeRect(LABEL, y - 7.5, barLength(item.ghost, full) * room, 15);
    }
    surface.font = `400 13px ${SANS}`;
    surface.textAlign = "right";
    surface.fillStyle = palette.ink;
    surface.fillText(format(item.value), LABEL + room + VALUE, y);
    surface.textAlign = "left";
    surface.fillStyle = palette.nowRing;
    if (item.marked) surface.fillText(glyphOf(item.marked), LABEL + room + VALUE + 4, y);
  });
}

export function glyphOf(marked: "target" | "drawn"): string {
  return marked === "target" ? "◀" : "◆";
}

export function markedWord(marked: "target" | "drawn"): string {
  return m.bars[marked];
}
