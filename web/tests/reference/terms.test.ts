// Words marked in running text: each is one of the glossary's, is found as a whole word, once, and not where the text is about it.
import { describe, expect, test } from "vitest";
import { entryOf } from "../../src/lib/messages/en/reference/glossary";
import { MARKED } from "../../src/lib/messages/en/reference/terms";
import { Marker } from "../../src/lib/terms/mark";

const ids = (marker: Marker, text: string): (string | null)[] => marker.mark(text).map(({ id }) => id);

/** Of one, whether the word says one or several. */
const one = (name: string): string => name.toLowerCase().replace(/s$/, "");

test("every marked word is the glossary's own name for it, or its plural", () => {
  const seen = new Set<string>();
  for (const [id, phrases] of Object.entries(MARKED)) {
    const entry = entryOf(id);
    const names = [entry?.term ?? "", ...(entry?.also ?? [])].map(one);
    for (const phrase of phrases) {
      const low = phrase.toLowerCase();
      expect(names, `${id}: ${phrase}`).toContain(one(phrase));
      expect(seen.has(low), phrase).toBe(false);
      seen.add(low);
    }
  }
});

describe("marking", () => {
  test("finds whole words, whatever their case, and loses no letter", () => {
    const text = "Softmax makes of logits shares; softmaxing and x_logits_y are other words.";
    const pieces = new Marker().mark(text);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.filter(({ id }) => id !== null)).toEqual([{ text: "Softmax", id: "softmax" }, { text: "logits", id: "logits" }]);
  });
  test("takes the longest name", () => {
    expect(ids(new Marker(), "position embedding")).toEqual(["position-embedding"]);
    expect(ids(new Marker(), "attention weights")).toEqual(["attention-weights"]);
  });
  test("marks a word once, also over several texts, and not what is known", () => {
    const marker = new Marker(9, ["mlp"]);
    expect(ids(marker, "The MLP and a gradient, the gradient.")).toEqual([null, "gradient", null]);
    expect(ids(marker, "Gradients")).toEqual([null]);
  });
  test("marks only a few", () => {
    expect(ids(new Marker(2), "Adam, softmax, ReLU").filter((id) => id !== null)).toEqual(["adam", "softmax"]);
  });
  test("leaves addresses alone", () => {
    expect(ids(new Marker(), "step:120/p2/logits[4] and wte[4]")).toEqual([null]);
  });
  test("leaves what has none as it is, and nothing as nothing", () => {
    expect(new Marker().mark("plain words")).toEqual([{ text: "plain words", id: null }]);
    expect(new Marker().mark("")).toEqual([]);
  });
});
