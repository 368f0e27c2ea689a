// Finds the words of the glossary in running text: each where it occurs for the first time, and only a few in one text, so that
// a sentence stays a sentence. Pure.
import { MARKED } from "../messages/en/reference/terms";

export type Marked = { text: string; id: string | null };

const OF_PHRASE = new Map(Object.entries(MARKED).flatMap(([id, phrases]) => phrases.map((phrase) => [phrase.toLowerCase(), id] as const)));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** Longer phrases first, whole words only. */
const PHRASES = new RegExp(
  `(?<![\\p{L}\\p{N}_/])(${[...OF_PHRASE.keys()].toSorted((a, b) => b.length - a.length).map(escaped).join("|")})(?![\\p{L}\\p{N}_[])`,
  "giu",
);

export class Marker {
  #seen: Set<string>;
  #left: number;

  /** `known` are words that need no mark: those that the text is about. */
  constructor(most = 3, known: readonly string[] = []) {
    this.#left = most;
    this.#seen = new Set(known);
  }

  /** The text in pieces; what was marked before in texts of this marker is not marked again. */
  mark(text: string): Marked[] {
    const pieces: Marked[] = [];
    let from = 0;
    for (const found of text.matchAll(PHRASES)) {
      const id = OF_PHRASE.get(found[0].toLowerCase());
      if (id === undefined || this.#seen.has(id) || this.#left === 0) continue;
      this.#seen.add(id);
      this.#left -= 1;
      if (found.index > from) pieces.push({ text: text.slice(from, found.index), id: null });
      pieces.push({ text: found[0], id });
      from = found.index + found[0].length;
    }
    if (from < text.length) pieces.push({ text: text.slice(from), id: null });
    return pieces;
  }
}
