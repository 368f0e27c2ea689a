// The reference keeps its word: every word once, every cross-reference leads somewhere, everything can be found.
import { describe, expect, test } from "vitest";
import { GLOSSARY } from "../../src/lib/messages/en/reference/glossary";
import { PAPER, SIZES } from "../../src/lib/messages/en/reference/paper";
import { EXAMPLES } from "../../src/pages/reference/examples";
import { FORMULA_IDS } from "../../src/pages/reference/formulas/formulas";
import { PLACES, SECTIONS } from "../../src/pages/reference/places";
import { find } from "../../src/pages/reference/search";
import { SYMBOLS } from "../../src/pages/reference/symbols";
import { parameterRows, presetRows } from "../../src/pages/reference/tables";
import { catalog } from "../configure/catalog";

describe("the glossary", () => {
  const ids = GLOSSARY.map(({ id }) => id);
  test("has sixty words or more, each once", () => {
    expect(ids.length).toBeGreaterThanOrEqual(60);
    expect(new Set(ids).size).toBe(ids.length);
    const names = GLOSSARY.flatMap(({ term, also = [] }) => [term, ...also].map((name) => name.toLowerCase()));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
  test("leads nowhere that does not exist, and from no word to itself", () => {
    for (const { id, see = [] } of GLOSSARY) expect(see.filter((other) => other === id || !ids.includes(other)), id).toEqual([]);
  });
  test("says what it says in whole sentences and without figures of a model", () => {
    for (const { id, text } of GLOSSARY) {
      expect(text, id).toMatch(/[.!?]$/);
      expect(text, id).not.toMatch(/\b\d{2,3}(,\d{3})+\b/);
    }
  });
});

describe("search", () => {
  test("finds every word by its name, and first what begins with it", () => {
    for (const { term, id } of GLOSSARY) expect(find(PLACES, term).map(({ anchor }) => anchor), term).toContain(`glossary-${id}`);
    expect(find(PLACES, "SOFTMAX")[0]?.anchor).toBe("glossary-softmax");
  });
  test("wants all words, and nothing for nothing", () => {
    expect(find(PLACES, "  ")).toEqual([]);
    expect(find(PLACES, "softmax zebra")).toEqual([]);
    expect(find(PLACES, "attn_wq")[0]?.anchor).toBe("parameters");
  });
  test("leads to places of the page only", () => {
    const known = new Set<string>([...SECTIONS, ...GLOSSARY.map(({ id }) => `glossary-${id}`), ...FORMULA_IDS.map((id) => `formula-${id}`), ...EXAMPLES.map((id) => `api-${id}`)]);
    expect(PLACES.filter(({ anchor }) => !known.has(anchor))).toEqual([]);
  });
});

describe("tables", () => {
  test("mark the settings in which presets differ, and only those", () => {
    const rows = presetRows(catalog);
    expect(rows.length).toBeGreaterThan(14);
    for (const { cells, marked } of rows) expect(marked, cells[0]).toBe(new Set(cells.slice(1)).size > 1);
  });
  test("say how each matrix begins", () => {
    const { config } = catalog.usual;
    const experiment = { matrices: [{ name: "layer1.attn_wo", rows: 2, cols: 3 }], config: { ...config, zero_init: true } };
    expect(parameterRows(experiment as unknown as Parameters<typeof parameterRows>[0])[0]?.cells).toEqual(["layer1.attn_wo", "2 × 3", "6", "combines what the heads found", "zeros"]);
  });
  test("give published sizes that fit their own layers, width and vocabulary", () => {
    for (const { name, params, layers, width, heads, context, vocab } of SIZES) {
      const computed = (12 * layers * width ** 2 + (vocab + context) * width) / 1e6; // one table for both ends; biases and norms are the rest
      expect(Math.abs(computed / params - 1), name).toBeLessThan(0.005);
      expect(width % heads, name).toBe(0);
    }
  });
  test("name each symbol, row and model once", () => {
    for (const names of [SYMBOLS.map(({ symbol }) => symbol), PAPER.map(({ paper }) => paper), SIZES.map(({ name }) => name)]) expect(new Set(names).size).toBe(names.length);
  });
});
