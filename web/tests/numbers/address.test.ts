// Checks that addresses are taken apart and put together as docs/addresses.md spells them, and that pins follow the page.
import { describe, expect, it } from "vitest";
import { beside, entry, entryOf, spell, split, withPart } from "../../src/lib/address";
import { nothingHeard, reduce } from "../../src/lib/protocol/reduce";
import { held, isParameter, told, toldTrail } from "../../src/lib/state/glass.svelte";
import { Selection } from "../../src/lib/state/selection.svelte";
import { snapshot } from "../runs";

function runAt(step: number) {
  const { run } = reduce(nothingHeard, snapshot(0, step));
  if (run === null) throw new Error("no run");
  return run;
}

describe("an address", () => {
  it("is taken apart", () => {
    expect(spell("step:120/text:emma/p0/probs")).toEqual({ moment: "step:120/text:emma/", position: "0", tensor: "probs", index: [], part: null });
    expect(spell("p2/layer0.head1.weights[0].grad")).toEqual({ moment: "", position: "2", tensor: "layer0.head1.weights", index: [0], part: "grad" });
    expect(spell("p*/loss")?.position).toBe("*");
    expect(spell("node:4711")?.tensor).toBe("node:4711");
  });

  it("does not take the values v of a layer for Adam’s v", () => {
    expect(spell("p2/layer0.v")).toMatchObject({ tensor: "layer0.v", part: null });
    expect(spell("p2/layer0.v[3].grad")).toMatchObject({ tensor: "layer0.v", index: [3], part: "grad" });
    expect(spell("layer0.attn_wv[3][2].v")).toMatchObject({ tensor: "layer0.attn_wv", index: [3, 2], part: "v" });
  });

  it("that is none gives null", () => {
    for (const text of ["", "p2/", "wte[", "wte[1", "wte[a]", "wte[0][0].speed", "p2//loss", "two words"]) expect(spell(text), text).toBeNull();
  });

  it("keeps a text with escaped slashes whole", () => {
    expect(split("step:3/text:a%2Fb/p1/loss")).toEqual({ moment: "step:3/text:a%2Fb/", name: "p1/loss" });
    expect(split("text:/p0/loss")).toEqual({ moment: "text:/", name: "p0/loss" });
  });

  it("changes its part", () => {
    expect(withPart("step:3/wte[4][0]", "grad")).toBe("step:3/wte[4][0].grad");
    expect(withPart("wte[4][0].m_hat", "v_hat")).toBe("wte[4][0].v_hat");
    expect(withPart("wte[4][0].update", null)).toBe("wte[4][0]");
    expect(withPart("p2/layer0.v", null)).toBe("p2/layer0.v");
  });

  it("names one entry of a matrix, or does not", () => {
    expect(entryOf(entry("layer0.attn_wq", 3, 2, "grad"))).toEqual({ matrix: "layer0.attn_wq", row: 3, col: 2, part: "grad" });
    expect(entryOf("wte[4]")).toBeNull();
    expect(entryOf("p1/logits[4]")).toBeNull();
  });

  it("inside an explanation lies where the explained number lies, unless it says its own step", () => {
    expect(beside("step:3/text:emma/p1/loss", "p1/probs[4]")).toBe("step:3/text:emma/p1/probs[4]");
    expect(beside("step:3/wte[4][0].m", "step:2/wte[4][0].m")).toBe("step:2/wte[4][0].m");
  });
});

describe("a pin", () => {
  it("follows the page through time", () => {
    const selection = new Selection();
    expect(told("p1/loss", runAt(7), selection)).toBe("step:6/p1/loss");
    expect(told("p1/loss", runAt(9), selection)).toBe("step:8/p1/loss");
  });

  it("stays where it is if it says its own moment", () => {
    expect(told("step:2/p1/loss", runAt(9), new Selection())).toBe("step:2/p1/loss");
  });

  it("of a parameter does not depend on the text read", () => {
    const selection = new Selection();
    selection.text = "ab";
    expect(told("wte[1][3].grad", runAt(7), selection)).toBe("step:6/wte[1][3].grad");
    expect(told("p1/loss", runAt(7), selection)).toBe("step:7/text:ab/p1/loss");
  });

  it("is held without the moment on the page, and told again in full", () => {
    const selection = new Selection();
    const run = runAt(7);
    for (const address of ["step:6/p1/loss", "step:6/wte[1][3]", "step:2/p1/loss", "step:6/text:ab/p0/loss"]) {
      expect(told(held(address, run, selection), run, selection)).toBe(address);
    }
    expect(held("step:6/wte[1][3]", run, selection)).toBe("wte[1][3]");
    expect(held("step:2/p1/loss", run, selection)).toBe("step:2/p1/loss");
  });

  it("is a parameter only if the model has such a matrix", () => {
    expect(isParameter("step:3/wte[0][0].m", runAt(1))).toBe(true);
    expect(isParameter("layer7.attn_wq[0][0]", runAt(1))).toBe(false);
    expect(isParameter("p1/logits", runAt(1))).toBe(false);
  });

  it("keeps the way to what was opened below it", () => {
    const trail = toldTrail(["p1/loss", "p1/probs[0]", "step:2/wte[0][0].m"], runAt(7), new Selection());
    expect(trail).toEqual(["step:6/p1/loss", "step:6/p1/probs[0]", "step:2/wte[0][0].m"]);
    expect(toldTrail([], runAt(7), new Selection())).toEqual([]);
  });
});
