// Which cell of a figure is held on to: pins are addresses, figures have rows and columns.
// Pins of another moment are not of the figure on screen.
import { entryOf, spell, split } from "../../../lib/address";
import type { Cell } from "../../../lib/kit/types";

/** The cell of `tensor` by position that was pinned last: row is the position, column the index. */
export function pinnedAtPosition(pins: readonly string[], tensor: string, part: string | null = null): Cell | null {
  for (const pin of [...pins].reverse()) {
    const spelled = spell(pin);
    if (spelled === null || spelled.moment !== "" || spelled.tensor !== tensor || spelled.part !== part || spelled.position === null) continue;
    return { row: Number(spelled.position), col: spelled.index[0] ?? 0 };
  }
  return null;
}

/** The entry of a matrix that was pinned last. */
export function pinnedEntry(pins: readonly string[], matrix: string, part: string | null = null): Cell | null {
  for (const pin of [...pins].reverse()) {
    const entry = split(pin).moment === "" ? entryOf(pin) : null;
    if (entry?.matrix === matrix && entry.part === part) return { row: entry.row, col: entry.col };
  }
  return null;
}
