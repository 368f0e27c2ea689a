// What is asked on the page Generate survives the address, whatever it is, beside everything else the address says.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { USUAL } from "../../src/lib/state/asking.svelte";
import { decodeAsked, encodeAsked, type Asked } from "../../src/lib/state/link/asking";
import { decode } from "../../src/lib/state/link/decode";
import { encode } from "../../src/lib/state/link/encode";
import { BEATS, STAGES } from "../../src/pages/generate/timeline";
import { catalog, limits } from "../configure/catalog";
import { states } from "../link/states";

const moment = fc.constantFrom(...STAGES).chain((stage) => fc.tuple(fc.nat(63), fc.constantFrom(...BEATS[stage])).map(([p, beat]) => `${p}.${stage}.${beat}`));

const asked: fc.Arbitrary<Asked> = fc.integer({ min: 1, max: limits.samples }).chain((count) =>
  fc.record({
    order: fc.record({
      prefix: fc.oneof(fc.constantFrom("", "zep", "Zoë-3", "a b&c=d#e"), fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => text.length <= 200)),
      temperature: fc.oneof(fc.constantFrom(0, 0.5, 1, 2), fc.double({ min: 0, max: limits.temperature, noNaN: true }).map((x) => (x === 0 ? 0 : x))),
      topK: fc.option(fc.integer({ min: 1, max: limits.vocab_size }), { nil: null }),
      topP: fc.option(fc.double({ min: 1e-9, max: 1, noNaN: true }), { nil: null }),
      seed: fc.integer({ min: 0, max: limits.seed - count + 1 }),
      count: fc.constant(count),
    }),
    lane: fc.integer({ min: 0, max: count - 1 }),
    at: fc.option(moment, { nil: null }),
  }),
);

describe("what is asked", () => {
  test("is spelled and read again, and leaves the rest of the address alone", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(asked, states, (one, state) => {
        fc.pre(state.corpus.from === "named");
        const url = new URL(`http://localhost/generate/${encode(state, catalog)}${encodeAsked(one)}`);
        expect(decodeAsked(url.searchParams, limits)).toEqual({ asked: one, problems: [] });
        expect(decode(url, catalog)).toEqual({ state, problems: [], newer: null });
      }),
    );
  });

  test("says nothing where it is the usual", () => {
    expect(encodeAsked({ order: USUAL, lane: 0, at: null })).toBe("");
    expect(decodeAsked(new URLSearchParams(), limits)).toEqual({ asked: { order: USUAL, lane: 0, at: null }, problems: [] });
  });

  test("is named where it cannot be read, and the usual takes its place", () => {
    const bad = new URLSearchParams("temperature=3&top_k=0&top_p=0&draws=-1&count=101&name=10&at=here&prefix=zep");
    const { asked: read, problems } = decodeAsked(bad, limits);
    expect(problems.map(({ key }) => key).sort()).toEqual(["at", "count", "draws", "name", "temperature", "top_k", "top_p"]);
    expect(read).toEqual({ order: { ...USUAL, prefix: "zep" }, lane: 0, at: null });
  });

  test("never fails, whatever is written there", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("prefix", "temperature", "top_k", "top_p", "draws", "count", "name", "at"), fc.string({ unit: "binary" })), (query) => {
        const { asked: read } = decodeAsked(new URLSearchParams(query), limits);
        const again = decodeAsked(new URLSearchParams(encodeAsked(read)), limits);
        expect(again.problems).toEqual([]);
      }),
    );
  });
});
