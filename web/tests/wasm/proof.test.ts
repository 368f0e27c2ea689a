// The proof as the page loads it: what CPython wrote down comes out the same, to the promise that browsers can keep.

import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { Verdict } from "../../src/lib/protocol/types.ts";
import { initSync, verify } from "../../wasm/glassgpt_proof.js";

const trace = (name: string): string => readFileSync(new URL(`../../../crates/glassgpt-core/golden/${name}.txt`, import.meta.url), "utf8");

beforeAll(() => {
  initSync({ module: readFileSync(new URL("../../wasm/glassgpt_proof_bg.wasm", import.meta.url)) });
});

test.each(["blog-names", "gist-names", "startups-startups"])("%s: every loss to four decimals, every sample to the letter", (name) => {
  const { run, steps, nearness, samples, samples_ok } = JSON.parse(verify(trace(name))) as Verdict;
  expect({ run, alike: nearness.losses_alike, samples: nearness.samples_same, samples_ok }).toEqual({ run: name, alike: steps, samples: samples.length, samples_ok: true });
  expect(nearness.largest_relative ?? 0).toBeLessThan(1e-11);
});

test("what is no trace is refused in a sentence", () => {
  expect(() => verify("step 1 loss")).toThrow(/no trace as reference\/microgpt\.py/);
});
