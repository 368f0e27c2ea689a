// Checks that sliders stop at round values that can be meant together, and that a place and a value are the same thing.
import { describe, expect, it } from "vitest";
import { boundsOf, isWithin, NUMBER_KEYS } from "../../src/lib/settings";
import { keyed, placeOf, scaleOf, stopAt, type Settled } from "../../src/pages/lab/configure/scales";
import { limits } from "./catalog";

const settled: Settled = { steps: 1000, num_docs: 2910, n_embd: 16, n_head: 4, seed: 42 };
const scale = (key: (typeof NUMBER_KEYS)[number], more: Partial<Settled> = {}) => scaleOf(key, limits, { ...settled, ...more });

describe("stops", () => {
  it.each(NUMBER_KEYS)("of %s ascend, lie within the bounds, and are where they say", (key) => {
    const { stops } = scale(key);
    expect(stops.length).toBeGreaterThan(2);
    const bounds = boundsOf(key, limits, settled);
    stops.forEach((stop, i) => {
      if (stop === null) return expect(i).toBe(0);
      expect(isWithin(stop, bounds)).toBe(true);
      expect(placeOf({ stops, page: 1 }, stop)).toBe(i);
      const next = stops[i + 1];
      if (next !== undefined) expect(next).toBeGreaterThan(stop);
    });
  });

  it.each([["learning_rate", 0.01], ["steps", 1000], ["beta1", 0.85], ["beta2", 0.95], ["beta2", 0.99], ["eps", 1e-8], ["init_std", 0.08], ["init_std", 0.02], ["block_size", 8], ["seed", 42], ["samples_every", 100]] as const)(
    "of %s include the %s of a preset", (key, value) => expect(scale(key).stops).toContain(value));

  it("of heads and width fit each other", () => {
    expect(scale("n_head").stops).toEqual([1, 2, 4, 8, 16]);
    expect(scale("n_head", { n_embd: 60 }).stops).toEqual([1, 2, 3, 4, 5, 6, 10, 12, 15]);
    expect(scale("n_embd", { n_head: 16 }).stops).toEqual([16, 32, 48, 64, 80, 96, 112, 128]);
  });

  it("of the seed follow the number typed", () => {
    const { stops } = scale("seed", { seed: 5042 });
    expect([stops[0], stops.at(-1)]).toEqual([5000, 5099]);
    expect(scale("seed", { seed: -3 }).stops).toContain(-3);
  });

  it("of samples are no closer than the steps allow", () => {
    expect(scale("samples_every", { steps: 20_000 }).stops.slice(0, 3)).toEqual([null, 20, 25]);
  });
});

describe("places", () => {
  it("lie between two stops for a value that is none, and at the ends beyond them", () => {
    const s = { stops: [1, 10, 20], page: 1 };
    expect(placeOf(s, 15)).toBe(1.5);
    expect(placeOf(s, 0)).toBe(0);
    expect(placeOf(s, 99)).toBe(2);
    expect(placeOf({ stops: [null, 5], page: 1 }, null)).toBe(0);
    expect(stopAt(s, 1.4)).toBe(10);
    expect(stopAt(s, -3)).toBe(1);
  });
});

describe("keys", () => {
  const lr = scale("learning_rate");

  it("move by one round value, and by a power of ten", () => {
    expect(keyed(lr, "learning_rate", 0.01, "ArrowRight")).toBe(0.012);
    expect(keyed(lr, "learning_rate", 0.01, "ArrowDown")).toBe(0.008);
    expect(keyed(lr, "learning_rate", 0.01, "PageUp")).toBe(0.1);
    expect(keyed(lr, "learning_rate", 0.01, "Home")).toBe(0);
    expect(keyed(lr, "learning_rate", 0.01, "End")).toBe(10);
    expect(keyed(lr, "learning_rate", 0.01, "x")).toBeUndefined();
  });

  it("go from between two stops to the next of them", () => {
    expect(keyed(lr, "learning_rate", 0.011, "ArrowRight")).toBe(0.012);
    expect(keyed(lr, "learning_rate", 0.011, "ArrowLeft")).toBe(0.01);
  });

  it("stop at the ends, but seeds go on", () => {
    expect(keyed(lr, "learning_rate", 10, "PageUp")).toBe(10);
    expect(keyed(scale("seed"), "seed", 99, "ArrowRight")).toBe(100);
    expect(keyed(scale("held_out_every"), "held_out_every", 2, "ArrowLeft")).toBeNull();
  });
});
