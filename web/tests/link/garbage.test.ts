// Addresses are written by anybody: none makes the page fail, and what cannot be used is named with what would be right.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHOICE_KEYS, NUMBER_KEYS } from "../../src/lib/settings";
import { decode, type Problem } from "../../src/lib/state/link/decode";
import { encode } from "../../src/lib/state/link/encode";
import { usualState } from "../../src/lib/state/link/state";
import { catalog } from "../configure/catalog";

const read = (query: string) => decode(new URL(`http://localhost/lab/${query}`), catalog);
const problems = (query: string): Problem[] => read(query).problems;
const KEYS = ["v", "preset", ...NUMBER_KEYS, ...CHOICE_KEYS, "data", "step", "doc", "pos", "layer", "head", "view", "pin", "mode", "session"];

describe("any address", () => {
  test("gives a state that can be spelled and read again", { timeout: 30_000 }, () => {
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom("", "-1", "0", "1e999", "NaN", "Infinity", "0x10", " 5", "1,000", "−3", "true", "null", "never", "9".repeat(30)),
      fc.double().map(String),
      fc.integer().map(String),
    );
    const pair = fc.tuple(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })), value);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 30 }), (pairs) => {
        const query = `?${new URLSearchParams(pairs).toString()}`;
        const { state } = read(query);
        expect(read(encode(state, catalog))).toEqual({ state, problems: [], newer: null });
      }),
      { numRuns: 200 },
    );
  });

  test("even one that is no query at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const { state } = read(`?${text}`);
        expect(encode(state, catalog)).toMatch(/^\?v=1&preset=/);
      }),
    );
  });
});

describe("a bad part of an address", () => {
  test("is named, with what would be right, and the rest is used", () => {
    const { state, problems } = read("?v=1&preset=blog&seed=7&n_embd=banana&learning_rate=99&view=weights&schedule=steep");
    expect(problems).toEqual([
      { key: "learning_rate", value: "99", expected: "a number from 0 to 10" },
      { key: "n_embd", value: "banana", expected: "a whole number from 1 to 128" },
      { key: "schedule", value: "steep", expected: "linear, cosine or constant" },
    ]);
    const usual = usualState(catalog);
    expect(state).toEqual({ ...usual, values: { ...usual.values, seed: 7 }, view: "weights" });
  });

  test("is one that goes beyond the run it is about", () => {
    expect(problems("?step=1001")).toEqual([{ key: "step", value: "1001", expected: "a whole number from 0 to 1,000" }]);
    expect(problems("?steps=2000&step=1001")).toEqual([]);
    expect(problems("?data=startups&held_out_every=3")[0]?.expected).toBe("a whole number from 2 to 2, or none");
    expect(problems("?samples_every=1&steps=20000")[0]?.expected).toBe("a whole number from 20 to 20,000, or never");
  });

  test("is a number of heads that does not divide the width", () => {
    const { state, problems } = read("?n_embd=32&n_head=5");
    expect(problems).toEqual([{ key: "n_head", value: "5", expected: "a number that divides n_embd, which is 32" }]);
    expect([state.values.n_embd, state.values.n_head]).toEqual([32, 4]);
    expect(read("?n_embd=7&n_head=2").state.values).toMatchObject({ n_embd: 16, n_head: 4 });
  });

  test("is a corpus that nobody here knows", () => {
    const { state, problems } = read("?data=diary&seed=3");
    expect(problems.map(({ key }) => key)).toEqual(["data"]);
    expect(state.corpus).toEqual({ from: "named", name: "letters" });
    expect(state.values.seed).toBe(3);
  });

  test("is a third pin, an endless text, a session with odd letters", () => {
    expect(problems("?pin=loss&pin=p0/loss&pin=p1/loss").map(({ key }) => key)).toEqual(["pin"]);
    expect(read("?pin=loss&pin=loss").state.pins).toEqual(["loss"]);
    expect(problems(`?doc=${"a".repeat(1001)}`).map(({ key }) => key)).toEqual(["doc"]);
    expect(problems("?session=../etc").map(({ key }) => key)).toEqual(["session"]);
  });
});

test("what an address does not know is left out without a word", () => {
  const { state, problems } = read("?utm_source=mail&seed=5&foo=bar");
  expect(problems).toEqual([]);
  expect(encode(state, catalog)).toBe("?v=1&preset=blog&seed=5");
});

test("a newer version is told, and what is understood of it is used", () => {
  expect(read("?v=2&seed=5&shape=round")).toMatchObject({ newer: "2", problems: [], state: { values: { seed: 5 } } });
  expect(problems("?v=one")).toEqual([{ key: "v", value: "one", expected: "1" }]);
});

test("an address that says little goes on with what is there", () => {
  const there = { ...usualState(catalog), step: 40, doc: "emma", values: { ...usualState(catalog).values, seed: 9 } };
  const { state } = decode(new URL("http://localhost/lab/?view=model"), catalog, () => null, there);
  expect(state).toEqual({ ...there, view: "model" });
  const other = decode(new URL("http://localhost/lab/?preset=gist&step=3"), catalog, () => null, there);
  expect(other.state.values).toMatchObject({ seed: 42, steps: 500 });
});
