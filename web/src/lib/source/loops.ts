// The loops that lines stand in: over the steps of training, the positions of a text, layers and heads. They are found by what
// their first lines say, never by number; a test holds every one of these against the sources.
import type { SourceFile } from "./data";
import type { Language } from "./language";
import { indentOf, textOf } from "./listing";

export const LOOPS = ["step", "position", "layer", "head"] as const;
export type LoopName = (typeof LOOPS)[number];

/** Where a loop stands, and how to move it. The page says it, because the selection is the page's. */
export type Loop = {
  value: number;
  min: number;
  max: number;
  /** What is there, such as the letter at a position. */
  note?: string | undefined;
  /** Why it cannot be moved at present. */
  locked?: string | undefined;
  set: (to: number) => void;
};

/** The loops of a page; null for one that it has not. To be asked where it is drawn, so that only that is drawn anew. */
export type LoopsOf = (name: LoopName) => Loop | null;

/** First lines of loops, and of functions that are called once for each turn of one. */
export const HEADS: Readonly<Record<Language, readonly (readonly [LoopName, string])[]>> = {
  rust: [
    ["step", "pub fn step(&mut self) -> Step {"],
    ["position", ".map(|position| {"],
    ["position", "for position in 0..block_size {"],
    ["position", "pub fn gpt(&self, token: TokenId, position: usize"],
    ["layer", "in self.layers.iter().enumerate() {"],
    ["layer", "fn attention("],
    ["layer", "fn mlp("],
    ["head", "for head in (0..q.len()).step_by(head_dim)"],
  ],
  python: [
    ["step", "def train_step(self):"],
    ["position", "for position in range(n):"],
    ["position", "for position in range(self.config.block_size):"],
    ["position", "def forward(self, token, position, memory):"],
    ["layer", "def attend(self, query, keys, values):"],
    ["layer", "for i, (keys, values) in enumerate(memory):"],
    ["head", "for start in range(0, self.config.n_embd, width):"],
  ],
};

/** A loop in a file: its first line, and the last line of its body. */
export type Stretched = { name: LoopName; first: number; last: number };

export function loopsOf({ lines }: SourceFile, language: Language): Stretched[] {
  const texts = lines.map(textOf);
  return texts.flatMap((text, first) => {
    const found = HEADS[language].find(([, head]) => text.includes(head));
    return found === undefined ? [] : [{ name: found[0], first, last: endOf(texts, first) }];
  });
}

/** The last line of what begins at `first`: all that is indented below it, with a bracket that closes it. */
function endOf(texts: readonly string[], first: number): number {
  const depth = indentOf(texts[first] ?? "");
  let last = first;
  for (let line = first + 1; line < texts.length; line++) {
    const text = texts[line] ?? "";
    if (text.trim() === "") continue;
    const deep = indentOf(text);
    const goesOn = deep > depth || (deep === depth && text.trim().startsWith(")"));
    if (!goesOn && !(deep === depth && text.trim().startsWith("}"))) break;
    last = line;
    if (!goesOn) break;
  }
  return last;
}

/** The loops that a line stands in, outermost first. */
export function loopsAt(loops: readonly Stretched[], line: number): LoopName[] {
  const around = loops.filter(({ first, last }) => first <= line && line <= last).map(({ name }) => name);
  return LOOPS.filter((name) => around.includes(name));
}
