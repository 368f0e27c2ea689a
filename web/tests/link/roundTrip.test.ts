// An address is a faithful recipe: what is spelled is read again, whatever it is, and one state has one spelling.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "../../src/lib/state/link/decode";
import { encode } from "../../src/lib/state/link/encode";
import { fragmentOf, packedIn, unpack } from "../../src/lib/state/link/pack";
import { usualState, type LinkState } from "../../src/lib/state/link/state";
import { catalog } from "../configure/catalog";
import { states } from "./states";

const urlOf = (query: string): URL => new URL(`http://localhost/lab/${query}`);
const knowing = ({ corpus }: LinkState) => (name: string) => (corpus.from === "text" && corpus.name === name ? corpus : null);

describe("a link", () => {
  test("says again what it was made from", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(states, (state) => {
        fc.pre(state.corpus.name !== "" || state.corpus.from === "named");
        expect(decode(urlOf(encode(state, catalog)), catalog, knowing(state))).toEqual({ state, problems: [], newer: null });
      }),
      { numRuns: 300 },
    );
  });

  test("has one spelling", () => {
    fc.assert(
      fc.property(states, (state) => {
        const query = encode(state, catalog);
        const again = encode(decode(urlOf(query), catalog, knowing(state)).state, catalog);
        expect(again).toBe(query);
        expect(urlOf(query).search).toBe(query); // the browser has nothing to mend in it
      }),
    );
  });

  test("is short and readable for what is usual", () => {
    const usual = usualState(catalog);
    expect(encode(usual, catalog)).toBe("?v=1&preset=blog");
    const state: LinkState = {
      ...usual, values: { ...usual.values, learning_rate: 0.02, samples_every: null }, corpus: { from: "named", name: "startups" },
      step: 137, doc: "emma", position: 3, head: 1, view: "attention", pins: ["p2/layer0.head1.weights[0]"], mode: "live",
    };
    expect(encode(state, catalog)).toBe(
      "?v=1&preset=blog&learning_rate=0.02&samples_every=never&data=startups&step=137&doc=emma&pos=3&head=1&view=attention&pin=p2/layer0.head1.weights%5B0%5D&mode=live",
    );
  });

  test("names the preset that is nearest", () => {
    const gist = decode(urlOf("?preset=gist&seed=3"), catalog).state;
    expect(encode(gist, catalog)).toBe("?v=1&preset=gist&seed=3");
  });
});

describe("a text in a link", () => {
  test("comes back, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (text) => {
        const packed = packedIn(await fragmentOf(text));
        expect(packed).not.toBeNull();
        expect(packed).toMatch(/^[\w-]*$/);
        expect(await unpack(packed ?? "", 10_000)).toBe(text);
      }),
    );
  });

  test("is smaller than the text", async () => {
    expect((await fragmentOf("emma\nolivia\nava\n".repeat(200))).length).toBeLessThan(200);
  });

  test("that was cut, edited or blown up is none", async () => {
    const packed = packedIn(await fragmentOf("emma olivia ava isabella sophia")) ?? "";
    expect(await unpack(packed.slice(0, -6), 1000)).toBeNull();
    expect(await unpack("!!", 1000)).toBeNull();
    expect(await unpack("", 1000)).toBeNull();
    const bomb = packedIn(await fragmentOf("a".repeat(1_000_000))) ?? "";
    expect(await unpack(bomb, 999_999)).toBeNull();
    expect(await unpack(bomb, 1_000_000)).toHaveLength(1_000_000);
    expect(packedIn("#content")).toBeNull();
  });
});
