// Checks that what is offered instead of a refused number would really do.
import { describe, expect, it } from "vitest";
import { suggestionsFor, type Refused } from "../../src/pages/lab/configure/suggestions";
import { limits } from "./catalog";

const around = { steps: 20_000, num_docs: 100 };
const offer = (refused: Partial<Refused>) =>
  suggestionsFor({ key: "n_head", value: 3, before: 4, n_embd: 16, n_head: 3, ...refused }, limits, around);

describe("ways out", () => {
  it("of heads that do not share the width: the nearest heads and the nearest widths", () => {
    const found = offer({});
    expect(found).toEqual([{ key: "n_head", value: 2 }, { key: "n_head", value: 4 }, { key: "n_embd", value: 15 }, { key: "n_embd", value: 18 }]);
    for (const { key, value } of found) expect((key === "n_embd" ? (value ?? 0) : 16) % (key === "n_head" ? (value ?? 1) : 3)).toBe(0);
  });

  it("put the setting first that was just changed", () => {
    expect(offer({ key: "n_embd", value: 18, n_embd: 18, n_head: 4, before: 16 })[0]).toEqual({ key: "n_embd", value: 16 });
  });

  it("of a number out of bounds: the bound, unless it is itself excluded, and the way back", () => {
    expect(offer({ key: "learning_rate", value: 11, before: 0.01 })).toEqual([{ key: "learning_rate", value: 10 }]);
    expect(offer({ key: "beta1", value: 1, before: 0.85 })).toEqual([{ key: "beta1", value: 0.85 }]);
    expect(offer({ key: "samples_every", value: 5, before: null })).toEqual([{ key: "samples_every", value: 20 }]);
  });

  it("of a model too large: what was there before", () => {
    expect(offer({ key: "n_embd", value: 128, n_embd: 128, n_head: 4, before: 16 })).toEqual([{ key: "n_embd", value: 16 }]);
  });
});
