// The loops in the sources: each first line is there exactly once, its body ends where it ends, and a line knows its loops.
import { describe, expect, test } from "vitest";
import { loadFiles } from "../../src/lib/source/data";
import { LANGUAGES } from "../../src/lib/source/language";
import { textOf } from "../../src/lib/source/listing";
import { HEADS, LOOPS, loopsAt, loopsOf } from "../../src/lib/source/loops";

describe.each(LANGUAGES)("the loops of the %s source", (language) => {
  test("every first line is there, and only once", async () => {
    const lines = (await loadFiles(language)).flatMap((file) => file.lines.map(textOf));
    for (const [, head] of HEADS[language]) expect({ head, times: lines.filter((line) => line.includes(head)).length }).toEqual({ head, times: 1 });
    expect(LOOPS.filter((name) => !HEADS[language].some(([one]) => one === name))).toEqual([]);
  });

  test("the scores of attention lie in the loops over layers and heads, the update in none of them", async () => {
    const files = await loadFiles(language);
    const loopsOfLine = (text: string): string[] =>
      files.flatMap((file) => file.lines.flatMap((line, i) => (textOf(line).includes(text) ? [loopsAt(loopsOf(file, language), i).join(" ")] : [])));
    const [scores, output, surprise, pick, norm] = language === "rust"
      ? ["dot(&q[head.clone()]", "linear(&mixed,", "-softmax(&logits)", "documents.of_step(self.step)", "fn rmsnorm"]
      : ["fits = [sum(", 'linear(weights[layer + "attn_wo"]', "losses.append(", "self.docs[self.adam.step", "def rmsnorm"];
    expect(loopsOfLine(scores ?? "")).toEqual(["layer head"]);
    expect(loopsOfLine(output ?? "")).toEqual([language === "rust" ? "layer" : "position layer"]);
    expect(loopsOfLine(surprise ?? "")).toEqual(["position"]);
    expect(loopsOfLine(pick ?? "")).toEqual(["step"]);
    expect(loopsOfLine(norm ?? "")).toEqual([""]);
  });
});

test("a body ends with the bracket that closes it, and a signature in several lines belongs to it", () => {
  const texts = ["fn attention(", "    x: X,", ") -> Y {", "    a();", "", "    b();", "}", "c();"];
  const file = { path: "", regions: [], explained: [], lines: texts.map((text) => ["", text]) };
  expect(loopsOf(file, "rust")).toEqual([{ name: "layer", first: 0, last: 6 }]);
  expect(loopsAt(loopsOf(file, "rust"), 6)).toEqual(["layer"]);
  expect(loopsAt(loopsOf(file, "rust"), 7)).toEqual([]);
});
