// What can be looked up in the files of one language: the lines of a concept, the explanation of a line, what a search finds.
// Pure, so that folding, finding and linking are tried without a page.
import type { Concept, Region, SourceFile } from "./data";

/** A line of a file, both counted from 0. */
export type Place = { file: number; line: number };
/** A line as links name it: the how-manieth explained line of its concept. It survives edits elsewhere. */
export type Anchor = { concept: string; ordinal: number };
export type Stretch = { file: number; first: number; last: number };

/** Regions that are closed at first: they are no part of the algorithm. */
export const ASIDE: ReadonlySet<string> = new Set(["imports", "names", "refusals", "accessors"]);

export class Listing {
  readonly files: readonly SourceFile[];
  #anchored = new Map<string, Place[]>();
  #entries: Map<number, { concept: string; entry: number; ordinal: number }>[] = [];

  constructor(files: readonly SourceFile[]) {
    this.files = files;
    files.forEach(({ explained }, file) => {
      const entries = new Map<number, { concept: string; entry: number; ordinal: number }>();
      for (const [line, concept, entry] of explained) {
        const places = this.#anchored.get(concept) ?? [];
        entries.set(line, { concept, entry, ordinal: places.length });
        places.push({ file, line });
        this.#anchored.set(concept, places);
      }
      this.#entries.push(entries);
    });
  }

  /** What explains a line; null for lines that say nothing. */
  entryAt({ file, line }: Place): { concept: string; entry: number; ordinal: number } | null {
    return this.#entries[file]?.get(line) ?? null;
  }

  /** The line that an anchor names; null if there is none. */
  placeOf({ concept, ordinal }: Anchor): Place | null {
    return this.#anchored.get(concept)?.[ordinal] ?? null;
  }

  /** All stretches of lines about a concept, without those that belong to a concept inside them and without closed rooms at their ends. */
  stretches(concept: string): Stretch[] {
    return this.files.flatMap(({ regions }, file) =>
      regions.filter(([concepts]) => concepts.includes(concept)).map(([, first, last]) => ({ file, first, last })),
    );
  }

  /** The innermost concept of a line. */
  conceptAt({ file, line }: Place): string | null {
    const inner = this.files[file]?.regions.findLast(([, first, last]) => first <= line && line <= last);
    return this.entryAt({ file, line })?.concept ?? inner?.[0][0] ?? null;
  }

  text(file: number): string {
    return (this.files[file]?.lines.map(textOf).join("\n") ?? "") + "\n";
  }

  /** Lines first to last, without the indentation that they share. */
  excerpt({ file, first, last }: Stretch): string {
    const lines = (this.files[file]?.lines.slice(first, last + 1) ?? []).map(textOf);
    const shared = Math.min(...lines.filter((line) => line.trim() !== "").map(indentOf));
    return `${lines.map((line) => line.slice(shared)).join("\n")}\n`;
  }

  /** Lines in which a text stands, capitals or not. One letter finds nothing. */
  search(sought: string): Place[] {
    const wanted = sought.trim().toLowerCase();
    if (wanted.length < 2) return [];
    return this.files.flatMap(({ lines }, file) =>
      lines.flatMap((pieces, line) => (textOf(pieces).toLowerCase().includes(wanted) ? [{ file, line }] : [])),
    );
  }
}

export function textOf(pieces: readonly string[]): string {
  return pieces.filter((_, i) => i % 2 === 1).join("");
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A row of the listing: a line, the head of what can be folded, or both. */
export type Row = {
  line: number;
  /** The region it opens, if it is the head of one. */
  head: Region | null;
  /** How many regions it lies in, for screen readers. */
  level: number;
  /** Lines hidden below it. */
  hidden: number;
};

/** The rows of a file when regions (by first line) are folded. Where one line heads two regions, the outer one folds. */
export function rowsOf({ lines, regions }: SourceFile, folded: ReadonlySet<number>): Row[] {
  const heads = new Map(regions.filter(([, first, last, headed]) => headed && last > first).toReversed().map((region) => [region[1], region]));
  const rows: Row[] = [];
  for (let line = 0; line < lines.length; line++) {
    const head = heads.get(line) ?? null;
    const hidden = head !== null && folded.has(line) ? head[2] - line : 0;
    const level = regions.filter(([, first, last, headed]) => headed && first < line && line <= last).length + 1;
    rows.push({ line, head, level, hidden });
    line += hidden;
  }
  return rows;
}

/** First lines of the regions that are closed at first. */
export function closedAtFirst({ regions }: SourceFile): number[] {
  return regions.filter(([concepts, first, last, headed]) => headed && last > first && concepts.every((id) => ASIDE.has(id))).map(([, first]) => first);
}

/** What people call the parts that explanations are written in, in reading order. */
export function byPart(concepts: readonly Concept[]): { part: string; concepts: Concept[] }[] {
  const parts = new Map<string, Concept[]>();
  for (const concept of concepts) parts.set(concept.part, [...(parts.get(concept.part) ?? []), concept]);
  return [...parts].map(([part, of]) => ({ part, concepts: of }));
}
