// Checks what the views of the parameters decide by themselves: labels, sizes, walks, reaches, trails.
import { describe, expect, it } from "vitest";
import type { Experiment, MatrixShape } from "../../src/lib/protocol/types";
import { another, nth, placeOf } from "../../src/pages/lab/adam/choices";
import { firstRead, reachOf, trailSteps } from "../../src/pages/lab/embeddings/reach";
import { suggestions } from "../../src/pages/lab/inspector/names";
import { grouped, headLabels, kindOf, largeCell, layerOf, meaningOf, thumbSize } from "../../src/pages/lab/weights/meaning";
import { colours, SHOWN, suffix } from "../../src/pages/lab/weights/parts";
import { experiment } from "../runs";

const matrices: MatrixShape[] = [
  { name: "wte", rows: 3, cols: 16 },
  { name: "wpe", rows: 16, cols: 16 },
  { name: "layer0.attn_wq", rows: 16, cols: 16 },
  { name: "layer0.mlp_fc1", rows: 64, cols: 16 },
  { name: "layer1.attn_wq", rows: 16, cols: 16 },
  { name: "lm_head", rows: 3, cols: 16 },
];
const model: Experiment = { ...experiment, matrices };

describe("a matrix", () => {
  it("has rows and columns named by what they stand for", () => {
    const of = (name: string, rows: number, cols: number) => meaningOf({ name, rows, cols }, model);
    expect(of("wte", 3, 16)).toMatchObject({ rowTitle: "token", rowLabels: ["a", "b", "BOS"], heads: null });
    expect(of("layer0.attn_wk", 16, 16)).toMatchObject({ heads: "rows" });
    expect(of("layer0.attn_wk", 16, 16).rowLabels?.slice(3, 6)).toEqual(["0·3", "1·0", "1·1"]);
    expect(of("layer0.attn_wo", 16, 16)).toMatchObject({ heads: "columns" });
    expect(of("layer0.attn_wo", 16, 16).colLabels).toHaveLength(16);
    expect(of("layer0.mlp_fc1", 64, 16).rowTitle).toBe("hidden unit");
    expect(of("layer0.mlp_fc2", 16, 64).colTitle).toBe("hidden unit");
    expect(of("lm_head", 3, 16).rowTitle).toBe("next token");
  });

  it("labels heads of any size", () => {
    expect(headLabels(4, 4)).toEqual(["0·0", "1·0", "2·0", "3·0"]);
    expect(headLabels(4, 1)).toEqual(["0·0", "0·1", "0·2", "0·3"]);
  });

  it("stands with its layer, embeddings and output first", () => {
    expect(grouped(matrices).map(({ layer, matrices: all }) => [layer, all.map(({ name }) => kindOf(name))])).toEqual([
      [null, ["wte", "wpe", "lm_head"]],
      [0, ["attn_wq", "mlp_fc1"]],
      [1, ["attn_wq"]],
    ]);
    expect(layerOf("layer12.attn_wq")).toBe(12);
    expect(layerOf("wte")).toBeNull();
  });

  it("has a small picture in whole pixels where it can, and a large one that fits a screen", () => {
    expect(thumbSize(16, 16, 100)).toEqual({ width: 97, cell: 6 });
    expect(thumbSize(64, 16, 100)).toEqual({ width: 33, cell: 2 });
    expect(thumbSize(512, 128, 100).cell).toBeLessThan(1);
    expect(largeCell(64, 16) * 64).toBeLessThanOrEqual(560);
    expect(largeCell(4, 4)).toBe(36);
    expect(largeCell(512, 128)).toBe(6);
  });

  it("shows gradients, and what Adam remembers of them, in the gradient’s colours", () => {
    expect(SHOWN.map((shown) => [suffix(shown), colours(shown)])).toEqual([
      ["", "value"], [".grad", "gradient"], [".m", "gradient"], [".v", "gradient"], [".update", "value"], [".next", "value"],
    ]);
  });
});

describe("the walk through all parameters", () => {
  it("knows the place of each, and the other way round", () => {
    expect(nth(matrices, 0)).toBe("wte[0][0]");
    expect(nth(matrices, 3 * 16 + 17)).toBe("wpe[1][1]");
    for (const index of [0, 47, 48, 100, 1700]) expect(placeOf(matrices, nth(matrices, index) ?? "")).toBe(index);
    expect(nth(matrices, 1e6)).toBeNull();
    expect(placeOf(matrices, "wte[3][0]")).toBe(-1);
    expect(placeOf(matrices, "p1/logits[0]")).toBe(-1);
  });

  it("comes to every parameter once before it repeats", () => {
    const small = matrices.slice(0, 1);
    const seen = new Set<string>();
    let at = "wte[0][0]";
    for (let i = 0; i < 48; i++) {
      seen.add(at);
      at = another(small, at) ?? "";
    }
    expect(seen.size).toBe(48);
    expect(at).toBe("wte[0][0]");
    expect(another([], "wte[0][0]")).toBeNull();
  });
});

describe("what the page chooses to show", () => {
  it("lets a slider reach past every value of the matrix", () => {
    expect(reachOf(0.76)).toBe(2);
    expect(reachOf(0.08)).toBe(0.2);
    expect(reachOf(5)).toBe(10);
    expect(reachOf(0)).toBe(1);
    expect(reachOf(Infinity)).toBe(1);
  });

  it("leaves trails from steps on a fixed grid, all before the step shown", () => {
    expect(trailSteps(1000, 1000)).toEqual([693, 756, 819, 882, 945]);
    expect(trailSteps(999, 1000)).toEqual(trailSteps(1000, 1000));
    expect(trailSteps(3, 1000)).toEqual([0]);
    expect(trailSteps(0, 1000)).toEqual([]);
    for (const step of trailSteps(500, 1000)) expect(step).toBeLessThan(500);
  });

  it("knows where a text first reads a row", () => {
    expect(firstRead("wte", 5, [26, 5, 0, 5, 26], 4)).toBe(1);
    expect(firstRead("wte", 26, [26, 5, 26], 2)).toBe(0);
    expect(firstRead("wte", 7, [26, 5, 26], 2)).toBeNull();
    expect(firstRead("wpe", 1, [26, 5, 26], 2)).toBe(1);
    expect(firstRead("wpe", 2, [26, 5, 26], 2)).toBeNull();
  });

  it("suggests addresses of this model, at the place of the page", () => {
    const names = suggestions(model, 3, 1, 2);
    expect(names).toContain("p3/logits[0]");
    expect(names).toContain("p3/loss");
    expect(names).toContain("p3/layer1.q[0]");
    expect(names).toContain("p3/layer1.head2.weights[0]");
    expect(names).toContain("p3/layer1.head2.attn_exp_total");
    expect(names).toContain("layer0.attn_wq[0][0]");
    expect(new Set(names).size).toBe(names.length);
  });
});
