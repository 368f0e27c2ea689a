// Checks how terms are laid out and spelled: parts in order, long sums cut, every kind readable.
import { describe, expect, it } from "vitest";
import type { Ladder, Term } from "../../src/lib/protocol/types";
import { asJson, asText } from "../../src/pages/lab/inspector/report";
import { exactly, factorsOf, FIRST_TERMS, isFlat, isLeaf, MOST_TERMS, partsOf, shownOf, spelledOut } from "../../src/pages/lab/inspector/terms";

const number = (address: string, value: number): Term => ({ op: "number", address, value });
const two: Term = { op: "constant", value: 2, meaning: "two" };
const a = number("wte[0][0]", 3);
const product: Term = { op: "product", factors: [two, a], value: 6 };
const sum: Term = { op: "sum", terms: [product, a], from_zero: true, partial_sums: [6, 9], value: 9 };

describe("a term", () => {
  it("is flat if it fits on a line", () => {
    expect(isFlat(a)).toBe(true);
    expect(isFlat(product)).toBe(true);
    expect(isFlat({ op: "product", factors: [sum, two], value: 18 })).toBe(false);
    expect(isFlat(sum)).toBe(false);
    expect(isLeaf(two)).toBe(true);
  });

  it("gives its parts in order, with the word that leads to each", () => {
    const quotient: Term = { op: "quotient", of: a, by: sum, value: 1 / 3 };
    const difference: Term = { op: "difference", from: sum, less: a, value: 6 };
    expect(partsOf(quotient)).toEqual([{ role: "plain", term: a }, { role: "by", term: sum }]);
    expect(partsOf(difference)).toEqual([{ role: "plain", term: sum }, { role: "less", term: a }]);
    expect(partsOf(sum).map(({ term }) => term)).toEqual([product, a]);
    expect(partsOf({ op: "power", base: a, exponent: -0.5, value: 1 })).toEqual([{ role: "plain", term: a }]);
    expect(partsOf({ op: "log", of: a, value: 1 })).toEqual([{ role: "plain", term: a }]);
    expect(partsOf(a)).toEqual([]);
  });

  it("shows a line for each factor", () => {
    if (product.op !== "product") throw new Error("a product");
    expect(factorsOf(product)).toEqual([two, a]);
    expect(factorsOf({ op: "constant", value: 2, meaning: "two" })).toEqual([two]);
  });

  it("is spelled in one line, whatever it is made of", () => {
    expect(spelledOut(sum)).toBe("0 + (2 · wte[0][0]{3}) + wte[0][0]{3}");
    expect(spelledOut({ op: "quotient", of: product, by: a, value: 2 })).toBe("(2 · wte[0][0]{3}) / wte[0][0]{3}");
    expect(spelledOut({ op: "difference", from: a, less: product, value: -3 })).toBe("wte[0][0]{3} − (2 · wte[0][0]{3})");
    expect(spelledOut({ op: "power", base: a, exponent: 0.5, value: 1.7 })).toBe("wte[0][0]{3}^0.5");
    expect(spelledOut({ op: "exp", of: two, value: 7.4 })).toBe("exp 2");
    expect(spelledOut({ op: "log", of: sum, value: 2.2 })).toBe("ln (0 + (2 · wte[0][0]{3}) + wte[0][0]{3})");
    expect(spelledOut({ op: "relu", of: product, value: 6 })).toBe("max(0, 2 · wte[0][0]{3})");
  });

  it("is cut only where it is long", () => {
    expect(shownOf(MOST_TERMS, false)).toBe(MOST_TERMS);
    expect(shownOf(MOST_TERMS + 1, false)).toBe(FIRST_TERMS);
    expect(shownOf(64, true)).toBe(64);
  });
});

describe("a number to copy", () => {
  it("keeps every digit", () => {
    for (const value of [1.7385801756993533, 0.1, 5e-324, -0.0325]) expect(Number(exactly(value))).toBe(value);
    expect(exactly("-Infinity")).toBe("-Infinity");
  });

  const ladder: Ladder = {
    step: 3, text: "emma", limit: 1, left_out: 0,
    rungs: [{ depth: 0, address: "p1/loss", value: 9, words: "a loss", formula: "a + b", made: { how: "computed", term: sum }, sources: [{ file: "model.rs", first_line: 7, last_line: 8, code: "" }] }],
  };

  it("comes with what it is, how it was made and where", () => {
    expect(asText("step:3/p1/loss", ladder, { address: "p1/loss", value: 1, start: 1, contributions: [] })).toBe(
      ["step:3/p1/loss = 9", "a loss", "a + b", "= 0 + (2 · wte[0][0]{3}) + wte[0][0]{3}", "gradient 1", "model.rs:7"].join("\n"),
    );
  });

  it("is the engine’s own answer as JSON", () => {
    expect(JSON.parse(asJson("step:3/p1/loss", ladder, null))).toEqual({ address: "step:3/p1/loss", ladder, gradient: null });
  });
});
