// Turns the engine's count of documents by length into bins for a histogram: one bin a length, gaps included.
// Nothing is computed here: where lengths are too many to have a bin each, a bin reaches to the next length there is.
import type { LengthCount } from "../../../lib/protocol/types";

export type Bins = { edges: number[]; counts: number[] };

const MOST_BINS = 256;

export function histogramOf(lengths: readonly LengthCount[]): Bins {
  const [first, last] = [lengths[0], lengths.at(-1)];
  if (first === undefined || last === undefined) return { edges: [0, 1], counts: [0] };
  const span = last.length - first.length + 1;
  if (span > MOST_BINS) {
    return { edges: [...lengths.map(({ length }) => length), last.length + 1], counts: lengths.map(({ count }) => count) };
  }
  const by = new Map(lengths.map(({ length, count }) => [length, count]));
  return {
    edges: Array.from({ length: span + 1 }, (_, i) => first.length + i - 0.5),
    counts: Array.from({ length: span }, (_, i) => by.get(first.length + i) ?? 0),
  };
}
