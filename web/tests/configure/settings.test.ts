// Checks what typed text means, what lies within bounds, and how a change of settings is told.
import { describe, expect, it } from "vitest";
import { boundsOf, changesBetween, isWithin, parseNumber, specOf, spoken, typed, valueOf, valuesOf, NUMBER_KEYS } from "../../src/lib/settings";
import { experiment } from "../runs";
import { limits } from "./catalog";

describe("typed numbers", () => {
  it.each([["16", 16], [" 0.01 ", 0.01], ["1e-8", 1e-8], ["1,000", 1000], ["−3", -3], ["", null], ["abc", null], ["1,5", null], ["1e999", null], ["0,005", null], ["0,001", null], ["-0,005", null], ["1,000,000.5", 1000000.5], ["1,0000", null], ["12,34,567", null]])(
    "reads %o as %o", (text, number) => expect(parseNumber(text)).toBe(number));

  it("gives settings back unchanged", () => {
    const values = valuesOf(experiment);
    const texts = typed(values);
    expect(Object.fromEntries(NUMBER_KEYS.map((key) => [key, valueOf(key, texts[key])]))).toEqual(
      Object.fromEntries(NUMBER_KEYS.map((key) => [key, values[key]])));
  });

  it("an empty text means never only where never can be meant", () => {
    expect(valueOf("held_out_every", " ")).toBeNull();
    expect(valueOf("steps", " ")).toBeUndefined();
    expect(valueOf("n_embd", "2.5")).toBeUndefined();
    expect(valueOf("learning_rate", "2.5")).toBe(2.5);
  });
});

describe("bounds", () => {
  const around = { steps: 20_000, num_docs: 100 };

  it("leave out the end that the engine leaves out", () => {
    expect(isWithin(1, boundsOf("beta1", limits, around))).toBe(false);
    expect(isWithin(0, boundsOf("beta1", limits, around))).toBe(true);
    expect(isWithin(0, boundsOf("eps", limits, around))).toBe(false);
    expect(isWithin(1, boundsOf("eps", limits, around))).toBe(true);
  });

  it("keep samples seldom enough for the steps, and held-out documents within the corpus", () => {
    expect(boundsOf("samples_every", limits, around).min).toBe(20);
    expect(boundsOf("held_out_every", limits, around)).toEqual({ min: 2, max: 100, open: null });
  });
});

describe("changes", () => {
  const values = { ...valuesOf(experiment), corpus: "names" };

  it("name what differs, and how it reads before and after", () => {
    const to = { ...values, steps: 1000, learning_rate: 1e-8, zero_init: true, held_out_every: 10, corpus: "words" };
    expect(changesBetween(values, to)).toEqual([
      { name: "learning_rate", from: "0.01", to: "1e−8" },
      { name: "steps", from: "10", to: "1,000" },
      { name: "held_out_every", from: "none", to: "10" },
      { name: "zero_init", from: "off", to: "on" },
      { name: "corpus", from: "names", to: "words" },
    ]);
    expect(changesBetween(values, values)).toEqual([]);
  });

  it("a seed is a name, not a quantity", () => {
    expect(spoken("seed", 12345)).toBe("12345");
    expect(spoken("samples_every", null)).toBe("never");
  });

  it("a spec holds the config apart from what the lab adds", () => {
    const spec = specOf(valuesOf(experiment), { from: "named", name: "names" });
    expect(spec.config).toEqual(experiment.config);
    expect(spec.samples_every).toBe(2);
    expect(spec.held_out_every).toBeNull();
  });
});
