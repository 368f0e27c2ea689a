// Source text can be read on every ground it stands on, in both themes: contrast of 4.5 : 1, as WCAG asks.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contrast, parseColour } from "../../src/lib/kit/colour";

const TOKENS = readFileSync(new URL("../../src/styles/tokens.css", import.meta.url), "utf8");
const TEXT = ["code-keyword", "code-string", "code-number", "code-type", "code-name", "code-comment", "ink", "muted"];
const GROUNDS = ["raised", "paper", "sunken", "now-wash"];

/** A token's colours, light and dark. */
function pair(name: string): [string, string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(TOKENS);
  if (found?.[1] === undefined || found[2] === undefined) throw new Error(`--${name} has no colours`);
  return [found[1], found[2]];
}

for (const [theme, i] of [["light", 0], ["dark", 1]] as const) {
  test.each(TEXT)(`%s can be read in the ${theme} theme`, (name) => {
    for (const ground of GROUNDS) expect(contrast(parseColour(pair(name)[i]), parseColour(pair(ground)[i])), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });
}
