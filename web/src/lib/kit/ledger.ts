// Where the bars of a ledger lie on its axis, and how they are drawn for a saved picture.
// It places the numbers it is given; it adds none up.
import { MONO, SANS, type Palette } from "./palette";
import { hatch, type Surface } from "./surface";
import type { LedgerLine, Scale } from "./types";

/** A bar as parts of the axis: its left end and its width, both from 0 to 1, and the end at which it arrives. */
export type Span = { left: number; width: number; start: number; end: number; sign: -1 | 0 | 1; cut: boolean };

export function endsOfLine(line: LedgerLine): [number, number] {
  return [line.from ?? 0, line.to ?? (line.from === undefined ? line.value : NaN)];
}

/** The largest reach of any line, so that no bar leaves the axis. */
export function reach(lines: readonly LedgerLine[]): number {
  let most = 0;
  for (const line of lines) for (const end of endsOfLine(line)) if (Number.isFinite(end)) most = Math.max(most, Math.abs(end));
  return most || 1;
}

/** The axis runs from −max to max, for shares from 0 to max. Null for a line without finite ends. */
export function spanOf(line: LedgerLine, max: number, kind: Scale["kind"]): Span | null {
  const [from, to] = endsOfLine(line);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return null;
  const start = place(from, max, kind);
  const end = place(to, max, kind);
  const cut = start.cut || end.cut;
  const sign = Math.sign(line.value) as -1 | 0 | 1;
  return { left: Math.min(start.at, end.at), width: Math.abs(end.at - start.at), start: start.at, end: end.at, sign, cut };
}

export function zeroOf(kind: Scale["kind"]): number {
  return kind === "share" ? 0 : 0.5;
}

function place(value: number, max: number, kind: Scale["kind"]): { at: number; cut: boolean } {
  const part = kind === "share" ? value / max : 0.5 + value / max / 2;
  return { at: Math.max(0, Math.min(1, part)), cut: part < -1e-9 || part > 1 + 1e-9 };
}

/** Where the line before ended, from which a thread leads down to this one; null where nothing leads on. */
export function threadInto(lines: readonly LedgerLine[], index: number, max: number, kind: Scale["kind"]): number | null {
  const [before, line] = [lines[index - 1], lines[index]];
  if (before === undefined || line === undefined || before.from === undefined || line.from === undefined) return null;
  return spanOf(before, max, kind)?.end ?? null;
}

export const LINE = 32;
const LABEL = 150;
const VALUE = 80;

export function drawLedger(
  surface: Surface,
  width: number,
  lines: readonly LedgerLine[],
  max: number,
  kind: Scale["kind"],
  format: (n: number) => string,
  palette: Palette,
): void {
  const room = width - LABEL - VALUE - 16;
  const [minus, plus] = kind === "gradient" ? [palette.gradientMinus, palette.gradientPlus] : [palette.valueMinus, palette.valuePlus];
  surface.fillStyle = palette.control;
  surface.fillRect(LABEL + zeroOf(kind) * room, 0, 1, lines.length * LINE);
  lines.forEach((line, row) => {
    const y = row * LINE + LINE / 2;
    const total = line.kind === "total" || line.kind === "start";
    surface.textBaseline = "middle";
    surface.textAlign = "left";
    surface.font = `${total ? 600 : 400} 13px ${MONO}`;
    surface.fillStyle = palette.ink;
    surface.fillText(line.label, 0, y);
    surface.textAlign = "right";
    surface.font = `${total ? 600 : 400} 13px ${SANS}`;
    surface.fillText(format(line.value), LABEL + room + 16 + VALUE, y);
    const span = spanOf(line, max, kind);
    if (span === null) return hatch(surface, LABEL, y - 6, 12, palette.muted);
    surface.fillStyle = total ? palette.ink : span.sign < 0 ? minus : plus;
    surface.fillRect(LABEL + span.left * room, y - 6, Math.max(1, span.width * room), 12);
    surface.fillStyle = palette.control;
    const thread = threadInto(lines, row, max, kind);
    if (thread !== null) surface.fillRect(LABEL + thread * room - 0.5, y - LINE + 6, 1, LINE - 12);
  });
}
