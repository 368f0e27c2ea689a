// What a text looks like to the model: which characters it knows, and what its tokens are called.
// Looking things up only; what a token is, the engine says.
import { tokenLabel } from "../../../lib/format";

/** A stretch of text that the vocabulary has, or has not. */
export type Piece = { text: string; known: boolean };

/** `text` cut where known and unknown characters meet. */
export function pieces(text: string, vocab: readonly string[], bos: number): Piece[] {
  const letters = new Set(vocab.filter((_, token) => token !== bos));
  const cut: Piece[] = [];
  for (const letter of text) {
    const known = letters.has(letter);
    const last = cut.at(-1);
    if (last?.known === known) last.text += letter;
    else cut.push({ text: letter, known });
  }
  return cut;
}

/** A token as a figure labels it: letters, visible blanks, BOS. */
export function nameOf(token: number | undefined, vocab: readonly string[]): string {
  return tokenLabel(vocab[token ?? -1] ?? "?");
}

/** Names of tokens where each may occur more than once: its position first. */
export function placeNames(names: readonly string[]): string[] {
  return names.map((name, position) => `${position} ${name}`);
}

/** Where the arrow keys lead along `n` positions; null for other keys. */
export function walk(at: number, key: string, n: number): number | null {
  const to = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: n - 1 }[key];
  return to === undefined ? null : Math.max(0, Math.min(to, n - 1));
}

/** How far to scroll so that the tile at `position` lies in a window of `width`; null if it does already. */
export function scrollTo(position: number, tile: number, left: number, width: number): number | null {
  const begin = position * tile;
  if (begin < left) return begin;
  const end = begin + tile;
  return end > left + width ? end - width : null;
}
