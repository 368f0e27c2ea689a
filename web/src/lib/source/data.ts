// The sources as `cargo xtask source` wrote them, loaded when the code is first looked at. Nothing here knows a line number
// that was not made from the very text that runs.
import type { Language } from "./language";

/** Which of the explanations of a concept: when it holds, and addresses of its numbers with P, L and H still open. */
export type Entry = { when: readonly [setting: string, value: string] | null; numbers: readonly string[] };

export type Concept = {
  id: string;
  title: string;
  summary: string;
  formula: string | null;
  numbers: readonly string[];
  /** The file that explains it. */
  part: string;
  /** The one language that has it, and why. */
  only: readonly [Language, string] | null;
  entries: readonly Entry[];
};

/** Lines first to last, counted from 0; `headed` says that the first is a mark and nothing else. */
export type Region = readonly [concepts: readonly string[], first: number, last: number, headed: boolean];
export type Explained = readonly [line: number, concept: string, entry: number];
export type SourceFile = {
  path: string;
  /** Each line as class, text, class, text. */
  lines: readonly (readonly string[])[];
  regions: readonly Region[];
  explained: readonly Explained[];
};
/** Explanations by concept, entry and depth. */
export type Texts = Readonly<Record<string, readonly (readonly string[])[]>>;

const MADE = import.meta.glob<unknown>("../../../source/**/*.json", { import: "default" });

async function load<T>(name: string): Promise<T> {
  const made = MADE[`../../../source/${name}.json`];
  if (made === undefined) throw new Error(`web/source/${name}.json is missing: run cargo xtask source`);
  return (await made()) as T;
}

export function loadConcepts(): Promise<readonly Concept[]> {
  return load("concepts");
}

export async function loadFiles(language: Language): Promise<readonly SourceFile[]> {
  return (await load<{ files: readonly SourceFile[] }>(language)).files;
}

export function loadTexts(part: string): Promise<Texts> {
  return load(`texts/${part}`);
}
