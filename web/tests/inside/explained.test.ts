// What is read out of the engine's explanations: products, running sums, differences. Nothing is computed again.
import { describe, expect, test } from "vitest";
import type { Ladder, Made, Term, WireNumber } from "../../src/lib/protocol/types";
import { columnsOf, headName, layerName } from "../../src/pages/lab/attention/names";
import { productLines, shortName } from "../../src/pages/lab/attention/terms";
import { differences } from "../../src/pages/lab/probabilities/differences";
import { largest, rowOf } from "../../src/pages/lab/probabilities/order";
import { pinnedAtPosition, pinnedEntry } from "../../src/pages/lab/reading/pins";
import { full } from "../../src/lib/state/seen.svelte";
import { stateOf } from "../../src/pages/lab/reading/state";

const number = (address: string, value: WireNumber): Term => ({ op: "number", address, value });
const product = (left: Term, right: Term, value: WireNumber): Term => ({ op: "product", factors: [left, right], value });
function ladder(...rungs: [address: string, made: Made][]): Ladder {
  return {
    step: 1, text: "ab", limit: 10, left_out: 0,
    rungs: rungs.map(([address, made], depth) => ({ depth, address, value: 0, words: "", formula: "", made, sources: [] })),
  };
}

describe("products", () => {
  // Figures that no multiplication gives: they must come through as they are.
  const one = product(number("p2/layer0.q[4]", 2), number("p1/layer0.k[4]", 3), 70);
  const two = product(number("p2/layer0.q[5]", 4), number("p1/layer0.k[5]", "NaN"), "NaN");
  const sum: Term = { op: "sum", terms: [one, two], from_zero: true, partial_sums: [71, "NaN"], value: "NaN" };

  test("factors, products and sums so far are the engine's", () => {
    const lines = productLines(ladder(["p2/layer0.head1.scores[1]", { how: "computed", term: sum }]));
    expect(lines?.[0]).toEqual({ left: { address: "p2/layer0.q[4]", value: 2 }, right: { address: "p1/layer0.k[4]", value: 3 }, product: 70, sum: 71 });
    expect(lines?.[1]?.product).toBeNaN();
  });

  test("a head of one channel has one product", () => {
    expect(productLines(ladder(["p0/layer0.head0.scores[0]", { how: "computed", term: one }]))).toHaveLength(1);
  });

  test("what is made in another way has none", () => {
    expect(productLines(ladder(["wte[0][0]", { how: "given" }]))).toBeNull();
    expect(productLines(ladder(["p0/x", { how: "computed", term: { op: "sum", terms: [number("p0/a", 1)], from_zero: false, partial_sums: [1], value: 1 } }]))).toBeNull();
  });

  test("a factor is named without its place", () => {
    expect(shortName("p2/layer0.q[4]")).toBe("q[4]");
    expect(shortName("p12/layer3.head1.weights[0]")).toBe("weights[0]");
  });
});

describe("differences", () => {
  const less = (score: number, result: number): Made => ({
    how: "computed",
    term: {
      op: "exp", value: 1,
      of: { op: "sum", terms: [number("p0/logits[0]", score), { op: "constant", value: -7, meaning: "minus the largest of the scores" }], from_zero: false, partial_sums: [score, result], value: result },
    },
  });

  test("are read off, each at its own token", () => {
    const found = differences(ladder(["p0/exp_total", { how: "given" }], ["p0/exps[2]", less(5, -2)], ["p0/exps[0]", less(7, 0)]), 3);
    expect(found).toEqual({ largest: 7, of: [0, null, -2] });
  });

  test("attention's exponents have them too, and other rungs are passed over", () => {
    expect(differences(ladder(["p1/layer0.head1.attn_exps[1]", less(5, -2)]), 2)?.of).toEqual([null, -2]);
    expect(differences(ladder(["p0/exp_total", { how: "given" }]), 2)).toBeNull();
  });
});

describe("the largest", () => {
  test("come first, equals in their order, what is no number never", () => {
    expect(largest([0.1, 0.5, NaN, 0.5, 0.2], 3)).toEqual([1, 3, 4]);
    expect(largest([3], 3)).toEqual([0]);
    expect(largest([], 3)).toEqual([]);
    expect(largest([1, 2, 3, 4], 2)).toEqual([3, 2]);
  });

  test("a row is a view into all of them", () => {
    expect([...rowOf(Float64Array.of(1, 2, 3, 4, 5, 6), 1, 3)]).toEqual([4, 5, 6]);
  });
});

describe("names", () => {
  test("of heads and layers are spelled as docs/addresses.md says", () => {
    expect(headName({ layer: 1, head: 2 }, "weights")).toBe("layer1.head2.weights");
    expect(headName({ layer: 1, head: 2 }, "scores", 0)).toBe("p0/layer1.head2.scores");
    expect(layerName(0, "v", "*")).toBe("p*/layer0.v");
    expect(full("p0/probs", "step:3/")).toBe("step:3/p0/probs");
    expect(full("step:0/p0/probs", "step:3/")).toBe("step:0/p0/probs");
  });

  test("a head's columns are cut out of all heads", () => {
    expect([...columnsOf(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4, 2, 2, 2)]).toEqual([3, 4, 7, 8]);
  });
});

describe("pins", () => {
  const pins = ["p2/layer0.q[3]", "layer0.attn_wq[1][2].grad", "p4/layer0.q[1]", "step:3/p0/layer0.q[0]"];

  test("are found in the figure they belong to, the last one first", () => {
    expect(pinnedAtPosition(pins, "layer0.q")).toEqual({ row: 4, col: 1 });
    expect(pinnedAtPosition(pins, "layer0.k")).toBeNull();
    expect(pinnedAtPosition(["p2/loss"], "loss")).toEqual({ row: 2, col: 0 });
  });

  test("a gradient is not the number itself", () => {
    expect(pinnedEntry(pins, "layer0.attn_wq", "grad")).toEqual({ row: 1, col: 2 });
    expect(pinnedEntry(pins, "layer0.attn_wq")).toBeNull();
  });
});

test("numbers at hand are shown whatever a newer question met", () => {
  const refusal = { field: null, message: "no such step" };
  expect(stateOf(refusal, [1])).toEqual({ state: "ready" });
  expect(stateOf(refusal, null)).toEqual({ state: "error", message: "no such step" });
  expect(stateOf(null, undefined)).toEqual({ state: "loading" });
});
