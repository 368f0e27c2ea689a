// What the engine wrote, letter by letter, ready to be drawn: which were given, which drawn, and how likely each was.
// Picking only: every number is one that the engine sent.
import type { DrawnToken, Experiment, Writings, Written } from "../../lib/protocol/types";

export type Lane = {
  written: Written;
  text: string;
  /** What is read, one token a position; the last is the last letter, after which BOS is drawn or the context is full. */
  tokens: readonly number[];
  /** Tokens that were given, without BOS. */
  prefix: number;
  /** Positions at which something is predicted. */
  positions: number;
  /** The draw at a position; null where the beginning says what comes. */
  drawn(position: number): DrawnToken | null;
  /** The token that comes after a position; null after the last letter of a full context. */
  next(position: number): number | null;
};

export function laneOf(written: Written, prefix: number, blockSize: number): Lane {
  const tokens = written.score.tokens.slice(0, -1); // the ending BOS is never read
  const read = tokens.slice(0, blockSize);
  return {
    written,
    text: written.score.text,
    tokens: read,
    prefix,
    positions: read.length,
    drawn: (position) => written.draws.find((draw) => draw.position === position) ?? null,
    next: (position) => written.draws.find((draw) => draw.position === position)?.landing.token ?? tokens[position + 1] ?? null,
  };
}

export function lanesOf(writings: Writings, batch: number, blockSize: number): Lane[] {
  return (writings.batches[batch]?.texts ?? []).map((written) => laneOf(written, writings.prefix.length, blockSize));
}

export type Letter = { label: string; position: number; given: boolean; chance: number | null; end: boolean };

/** The letters of a lane: those given, those drawn, and the BOS that ended it. `position` is where each was predicted. */
export function lettersOf(lane: Lane, { vocab, bos }: Experiment): Letter[] {
  const given = lane.tokens.slice(1, 1 + lane.prefix).map((token, position) => ({ label: vocab[token] ?? "?", position, given: true, chance: null, end: false }));
  const drawn = lane.written.draws.map(({ position, probability, landing }) => ({
    label: vocab[landing.token] ?? "?", position, given: false, chance: probability, end: landing.token === bos,
  }));
  return [...given, ...drawn];
}

/** How many are not in the data. */
export function freshIn(lanes: readonly Lane[]): number {
  return lanes.filter(({ written }) => !written.score.in_corpus).length;
}

/** The first place at which a text is another than the one beside it; null where they are the same. */
export function parts(text: string, other: string | undefined): number | null {
  if (other === undefined || text === other) return null;
  const [a, b] = [[...text], [...other]];
  const at = a.findIndex((letter, i) => letter !== b[i]);
  return at < 0 ? a.length : at;
}

/** The first `n` characters, as the engine counts them. */
export function beginning(text: string, n: number): string {
  return [...text].slice(0, n).join("");
}
