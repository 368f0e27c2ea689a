// The letters of the formulas: what each stands for, its shape in letters, and what that comes to in the loaded model.
import { count } from "../../lib/format";
import type { Facts } from "../../lib/state/facts";

export type Letter = { symbol: string; what: string; shape: string; here: (facts: Facts) => string };

const vector = (shape: (f: Facts) => number) => (f: Facts): string => count(shape(f));

export const SYMBOLS: readonly Letter[] = [
  { symbol: "V", what: "tokens in the vocabulary, BOS included", shape: "1", here: vector(({ V }) => V) },
  { symbol: "T", what: "the longest context, in tokens", shape: "1", here: vector(({ T }) => T) },
  { symbol: "C", what: "the width of the residual stream", shape: "1", here: vector(({ C }) => C) },
  { symbol: "H", what: "heads in a layer", shape: "1", here: vector(({ H }) => H) },
  { symbol: "L", what: "layers", shape: "1", here: vector(({ L }) => L) },
  { symbol: "D", what: "the size of a head, C / H", shape: "1", here: vector(({ D }) => D) },
  { symbol: "x", what: "the residual stream at a position", shape: "C", here: vector(({ C }) => C) },
  { symbol: "q", what: "queries at a position, the heads side by side", shape: "H × D", here: ({ H, D }) => `${count(H)} × ${count(D)}` },
  { symbol: "k", what: "keys, the same way", shape: "H × D", here: ({ H, D }) => `${count(H)} × ${count(D)}` },
  { symbol: "v", what: "values, the same way", shape: "H × D", here: ({ H, D }) => `${count(H)} × ${count(D)}` },
  { symbol: "a", what: "attention weights of a head at position p", shape: "p + 1", here: ({ T }) => `1 to ${count(T)}` },
  { symbol: "h", what: "hidden units of the MLP", shape: "4C", here: ({ C }) => count(4 * C) },
  { symbol: "z", what: "logits at a position", shape: "V", here: vector(({ V }) => V) },
  { symbol: "p̂", what: "probabilities of the next token", shape: "V", here: vector(({ V }) => V) },
  { symbol: "θ", what: "all parameters", shape: "2VC + TC + 12LC²", here: vector(({ params }) => params) },
  { symbol: "g", what: "their gradient", shape: "as θ", here: vector(({ params }) => params) },
  { symbol: "m, v", what: "Adam’s memories of the gradient and of its square", shape: "as θ", here: vector(({ params }) => params) },
];
