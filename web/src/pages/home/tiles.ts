// Picks, out of all probabilities of a reading, those of the letters that really came: a tile for each.
// Picking only: every number is one that the engine read out.
import type { Tensor } from "../../lib/engine/wire";

export type Tile = { label: string; isEnd: boolean; now: number; before: number };

/** At how many positions a name is read: its letters and the end, as far as the context reaches. */
export function placesIn(letters: number, blockSize: number): number {
  return Math.min(letters + 1, blockSize);
}

/** A tile for each letter and one for the end, as far as the context reaches. `now` and `before`: positions × tokens. */
export function tilesOf(
  letters: readonly string[],
  vocab: readonly string[],
  bos: number,
  blockSize: number,
  now: Tensor | null,
  before: Tensor | null,
): Tile[] {
  const targets = [...letters.map((letter) => vocab.indexOf(letter)), bos].slice(0, blockSize);
  if (now === null || before === null || targets.includes(-1)) return [];
  return targets.map((token, position) => ({
    label: vocab[token] ?? "",
    isEnd: token === bos,
    now: now.values[position * vocab.length + token] ?? 0,
    before: before.values[position * vocab.length + token] ?? 0,
  }));
}
