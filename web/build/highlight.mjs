// Colours source text by its grammar: node highlight.mjs IN OUT, called by `cargo xtask source`. IN has [{ language, text }], OUT
// gets the lines of each as [class, text, class, text …]. Classes, not colours: the page's tokens say what they look like.
import { readFileSync, writeFileSync } from "node:fs";
import { createHighlighterCore } from "@shikijs/core";
import { createJavaScriptRegexEngine } from "@shikijs/engine-javascript";

/** What the page tells apart, by the start of a grammar's scope; the first that fits counts. "" is plain text. */
const CLASSES = [
  ["punctuation.definition.comment", "comment"],
  ["comment", "comment"],
  ["string.quoted.docstring", "comment"],
  ["punctuation.definition.string", "string"],
  ["constant.character.format", "string"],
  ["string", "string"],
  ["constant.character.escape", "string"],
  ["constant.numeric", "number"],
  ["constant.language", "number"],
  ["keyword.operator.exponent", "number"],
  ["punctuation.separator.dot.decimal", "number"],
  ["keyword.operator.logical.python", "keyword"],
  ["keyword.operator", ""],
  ["keyword", "keyword"],
  ["storage", "keyword"],
  ["punctuation.definition.attribute", "comment"],
  ["punctuation.brackets.attribute", "comment"],
  ["meta.attribute.rust", "comment"],
  ["entity.name.type.lifetime", "type"],
  ["punctuation.definition.lifetime", "type"],
  ["entity.name.type", "type"],
  ["support.type", "type"],
  ["entity.name.namespace", ""],
  ["entity.name.function", "name"],
  ["support.function", "name"],
  ["meta.function-call.generic", "name"],
  ["variable.language", "self"],
  ["variable.parameter.function.language.special.self", "self"],
];

const [from, to] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(from, "utf8"));
const highlighter = await createHighlighterCore({
  langs: [import("@shikijs/langs/python"), import("@shikijs/langs/rust")],
  // A theme without rules: only the grammar is wanted. One colour is needed, or Shiki would not look at the text.
  themes: [{ name: "classes", type: "light", settings: [{ settings: { foreground: "#000000" } }] }],
  engine: createJavaScriptRegexEngine(),
});

function classOf(scopes) {
  const docstring = scopes.some(({ scopeName }) => scopeName.startsWith("string.quoted.docstring"));
  const scope = scopes.at(-1)?.scopeName ?? "";
  const attribute = scopes.some(({ scopeName }) => scopeName === "meta.attribute.rust");
  if (docstring || attribute) return "comment";
  return CLASSES.find(([start]) => scope.startsWith(start))?.[1] ?? "";
}

function lineOf(tokens) {
  const pieces = [];
  for (const { content, scopes } of tokens.flatMap(({ explanation }) => explanation ?? [])) {
    const kind = content.trim() === "" ? pieces.at(-2) ?? "" : classOf(scopes);
    if (pieces.length > 0 && pieces.at(-2) === kind) pieces[pieces.length - 1] += content;
    else pieces.push(kind, content);
  }
  return pieces;
}

const coloured = asked.map(({ language, text }) => {
  const lines = highlighter.codeToTokensBase(text.replace(/\n+$/, ""), { lang: language, theme: "classes", includeExplanation: "scopeName" });
  return lines.map(lineOf);
});
writeFileSync(to, JSON.stringify(coloured));
