// The hands on a matrix: pointer and keys become "looked at" and "pinned", the same for heat maps and attention maps.
// A plain function of what it is given, so that both maps and their tests share it.
import { isPlain } from "./keys";
import type { Cell } from "./types";

export type Hands = {
  under: (x: number, y: number) => Cell | null;
  move: (cell: Cell, key: string) => Cell | null;
  /** Where the keys stand. */
  at: () => Cell;
  look: (cell: Cell | null, by: "pointer" | "keys") => void;
  pin: (cell: Cell | null) => void;
  pinned: () => Cell | null;
};

export function same(a: Cell | null, b: Cell | null): boolean {
  return a === b || (a !== null && b !== null && a.row === b.row && a.col === b.col);
}

/** Pins a cell, or releases it if it is the pinned one. */
export function toggle(hands: Pick<Hands, "pin" | "pinned">, cell: Cell): void {
  hands.pin(same(hands.pinned(), cell) ? null : cell);
}

/** Returns whether the key was meant for the matrix. */
export function press(hands: Hands, event: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): boolean {
  if (!isPlain(event)) return false;
  if (event.key === "Enter" || event.key === " ") {
    toggle(hands, hands.at());
    return true;
  }
  if (event.key === "Escape") {
    if (hands.pinned() === null) return false;
    hands.pin(null);
    return true;
  }
  const to = hands.move(hands.at(), event.key);
  if (to === null) return false;
  hands.look(to, "keys");
  return true;
}
