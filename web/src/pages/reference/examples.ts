// The examples of the interface as files: the very ones that a test runs (crates/glassgpt-server/tests/server/examples.rs).
import { m, type Ending, type Example } from "../../lib/messages/en/reference/api";

const FILES = import.meta.glob<string>("../../content/api/*", { query: "?raw", import: "default", eager: true });

export const ENDINGS = Object.keys(m.languages) as Ending[];
export const EXAMPLES = Object.keys(m.examples) as Example[];

export function fileName(example: Example, ending: Ending): string {
  return `${example}.${ending}`;
}

/** The file's text. */
export function textOf(example: Example, ending: Ending): string {
  const text = FILES[`../../content/api/${fileName(example, ending)}`];
  if (text === undefined) throw new Error(`${fileName(example, ending)} is missing in web/src/content/api`);
  return text;
}

/** Lines, and whether each is only a comment. */
export function linesOf(text: string): { text: string; comment: boolean }[] {
  return text.trimEnd().split("\n").map((line) => ({ text: line, comment: /^\s*(#|\/\/|\/\*\*)/.test(line) }));
}
