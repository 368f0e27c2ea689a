// Checks that the tiles of a name show the numbers of its own letters.
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/lib/engine/wire";
import { tilesOf } from "../../src/pages/home/tiles";

const VOCAB = ["a", "b", "BOS"];
/** Position p, token t: p + t / 10. */
function tensor(positions: number, plus = 0): Tensor {
  const values = Float64Array.from({ length: positions * 3 }, (_, i) => Math.floor(i / 3) + (i % 3) / 10 + plus);
  return { address: "probs", shape: [positions, 3], is_triangle: false, values };
}

describe("tiles", () => {
  it("pick each letter's own probability, and that of the end", () => {
    expect(tilesOf(["b", "a"], VOCAB, 2, 16, tensor(3), tensor(3, 5))).toEqual([
      { label: "b", isEnd: false, now: 0.1, before: 5.1 },
      { label: "a", isEnd: false, now: 1, before: 6 },
      { label: "BOS", isEnd: true, now: 2.2, before: 7.2 },
    ]);
  });

  it("end where the context ends", () => {
    expect(tilesOf(["b", "a", "b"], VOCAB, 2, 2, tensor(2), tensor(2)).map(({ label }) => label)).toEqual(["b", "a"]);
  });

  it("are none for letters the model does not know, or before numbers arrive", () => {
    expect(tilesOf(["x"], VOCAB, 2, 16, tensor(2), tensor(2))).toEqual([]);
    expect(tilesOf(["a"], VOCAB, 2, 16, null, tensor(2))).toEqual([]);
  });
});
