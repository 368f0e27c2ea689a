// The map's boxes and the replay's phases, held against what they promise: real order, nothing shown before it is there.
import { describe, expect, test } from "vitest";
import type { Config, MatrixShape } from "../../src/lib/protocol/types";
import { entriesOf } from "../../src/pages/lab/model/account";
import { boxesOf, wrapped } from "../../src/pages/lab/model/boxes";
import { countDead, countOn, namesOf, rowOf } from "../../src/pages/lab/model/numbers";
import { boxShows, isAt, loopPartOf, matrixShows, phasesOf } from "../../src/pages/lab/model/phases";
import { replayTime, REPLAY_MS } from "../../src/pages/lab/model/replay.svelte";

const CONFIG = { n_embd: 16, n_head: 4, n_layer: 2, block_size: 8 } as Config;
const shape = (name: string, rows: number, cols: number): MatrixShape => ({ name, rows, cols });
const layer = (l: number): MatrixShape[] => [
  ...["attn_wq", "attn_wk", "attn_wv", "attn_wo"].map((name) => shape(`layer${l}.${name}`, 16, 16)),
  shape(`layer${l}.mlp_fc1`, 64, 16),
  shape(`layer${l}.mlp_fc2`, 16, 64),
];
const MATRICES = [shape("wte", 27, 16), shape("wpe", 8, 16), shape("lm_head", 27, 16), ...layer(0), ...layer(1)];
const BOXES = boxesOf(CONFIG, 27, MATRICES);

describe("boxes", () => {
  test("every matrix belongs to one box", () => {
    const held = BOXES.flatMap(({ matrix }) => (matrix === null ? [] : [matrix.name]));
    expect([...held].sort()).toEqual(MATRICES.map(({ name }) => name).sort());
  });

  test("numbers flow from the embeddings through the layers to the loss", () => {
    const ids = BOXES.map(({ id }) => id);
    expect(ids[0]).toBe("tok_emb");
    expect(ids.indexOf("layer0.residual")).toBeLessThan(ids.indexOf("layer1.attn_norm"));
    expect(ids.at(-1)).toBe("loss");
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("heads have numbers of their own", () => {
    const mix = BOXES.find(({ id }) => id === "layer1.head_output");
    expect(mix?.tensors).toEqual(["layer1.head0.head_output", "layer1.head1.head_output", "layer1.head2.head_output", "layer1.head3.head_output"]);
    expect(mix?.size).toBe(4);
  });

  test("what is drawn in rows holds as many numbers", () => {
    for (const n of [1, 8, 16, 27, 64, 512]) {
      const { rows, cols } = wrapped(n);
      expect(rows * cols).toBe(n);
    }
  });
});

describe("phases", () => {
  const [document, ...phases] = phasesOf(BOXES, MATRICES);

  test("forward, the same way back, then one matrix after the other", () => {
    expect(phases).toHaveLength(2 * BOXES.length + MATRICES.length);
    const boxes = phases.flatMap((phase) => (phase.pass === "forward" || phase.pass === "backward" ? [phase.box] : []));
    expect(boxes.slice(BOXES.length)).toEqual(boxes.slice(0, BOXES.length).reverse());
    expect(phases.flatMap((phase) => (phase.pass === "update" ? [phase.matrix] : []))).toEqual(MATRICES.map(({ name }) => name));
  });

  test("first a document is picked, and nothing is computed yet", () => {
    if (document === undefined) throw new Error("there are no phases");
    expect(document).toEqual({ pass: "pick" });
    expect(BOXES.map((_, place) => boxShows(place, document))).toEqual(BOXES.map(() => "nothing"));
    expect(BOXES.some((box) => isAt(box, document))).toBe(false);
    expect([document, ...phases].map(loopPartOf).filter((part, i, all) => part !== all[i - 1])).toEqual(["pick", "forward", "loss", "backward", "adam"]);
    expect(phasesOf(BOXES, MATRICES, false)).toEqual(phases.slice(0, 2 * BOXES.length));
  });

  test("going forward, a box is empty until its turn, and the one in turn is lit", () => {
    phases.slice(0, BOXES.length).forEach((phase, turn) => {
      BOXES.forEach((box, place) => {
        expect(boxShows(place, phase)).toBe(place <= turn ? "value" : "nothing");
        expect(isAt(box, phase)).toBe(place === turn);
      });
    });
  });

  test("going back, gradients arrive from the loss on", () => {
    const first = phases[BOXES.length] ?? null;
    const last = phases[2 * BOXES.length - 1] ?? null;
    expect(boxShows(BOXES.length - 1, first)).toBe("gradient");
    expect(boxShows(0, first)).toBe("value");
    expect(boxShows(0, last)).toBe("gradient");
  });

  test("Adam takes the matrices one after the other", () => {
    const second = phases[2 * BOXES.length + 1] ?? null;
    expect([0, 1, 2].map((order) => matrixShows(0, order, second))).toEqual(["update", "update", "gradient"]);
  });

  test("without a replay all show their numbers", () => {
    expect(boxShows(3, null)).toBe("value");
    expect(matrixShows(3, 2, null)).toBe("value");
    expect(BOXES.some((box) => isAt(box, null))).toBe(false);
  });
});

describe("numbers", () => {
  const box = (id: string) => BOXES.filter((one) => one.id === id);

  test("only what is shown is asked for", () => {
    const ask = { position: 2, matrices: true, gradients: false, updates: false };
    expect(namesOf(box("layer0.q"), ask)).toEqual(["p2/layer0.q", "layer0.attn_wq"]);
    expect(namesOf(box("layer0.q"), { ...ask, matrices: false, gradients: true })).toEqual(["p2/layer0.q", "p2/layer0.q.grad"]);
    expect(namesOf(box("layer0.q"), { ...ask, updates: true })).toContain("layer0.attn_wq.update");
  });

  test("heads are laid side by side, and one missing head is nothing", () => {
    const [mix] = box("layer0.head_output");
    const read = (missing: number) => (name: string) => {
      const head = Number(/head(\d)/.exec(name)?.[1]);
      return head === missing ? null : { address: name, shape: [4], is_triangle: false, values: new Float64Array(4).fill(head) };
    };
    expect(mix && [...(rowOf(read(9), mix, 1, "value") ?? [])]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect(mix && rowOf(read(2), mix, 1, "value")).toBeNull();
  });

  test("a unit is dead if it is zero at every position", () => {
    expect(countOn([0, 0.5, -1, 2])).toBe(2);
    expect(countDead([0, 1, 0, 0, 0, 0], 2, 3)).toBe(2);
    expect(countDead([0, 1, 0, 3, 0, 0], 2, 3)).toBe(1);
  });
});

test("the account of a channel alternates what is added and what that comes to", () => {
  const entries = entriesOf(2);
  expect(entries.map(({ tensor }) => tensor)).toEqual([
    "tok_emb", "pos_emb", "sum", "emb_norm", "layer0.attn_out", "layer0.attn_residual", "layer0.fc2", "layer0.residual",
    "layer1.attn_out", "layer1.attn_residual", "layer1.fc2", "layer1.residual",
  ]);
  entries.forEach(({ adds }, i) => {
    if (adds && i > 0) expect([entries[i - 1]?.adds, entries[i + 1]?.adds]).toEqual([i === 1, false]);
  });
});

test("a replay has time only where a step is taken by hand or slowly", () => {
  expect(replayTime(false, null)).toBe(REPLAY_MS);
  expect(replayTime(true, 1)).toBeLessThan(1000);
  expect(replayTime(true, 4)).toBeLessThan(250);
  expect(replayTime(true, 10)).toBeNull();
  expect(replayTime(true, null)).toBeNull();
});
