// Any state of the page, for tests that try thousands of them.
// Within the bounds of the catalog: what is out of them is tried on its own.
import fc from "fast-check";
import { boundsOf, NUMBER_KEYS, isWhole, type NumberKey, type Values } from "../../src/lib/settings";
import { LANGUAGES } from "../../src/lib/source/language";
import { VIEWS } from "../../src/lib/state/desk.svelte";
import type { LinkState } from "../../src/lib/state/link/state";
import type { CorpusSource } from "../../src/lib/protocol/types";
import { catalog } from "../configure/catalog";

const text = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: "binary", maxLength });

const corpora: fc.Arbitrary<CorpusSource> = fc.oneof(
  fc.constantFrom(...catalog.corpora.map(({ name }) => ({ from: "named", name }) as const)),
  fc.record({ from: fc.constant("text" as const), name: text(20), text: fc.stringMatching(/^([a-zé]{1,6}\n){2,9}$/) }),
);

function number(key: NumberKey, around: { steps: number; num_docs: number }): fc.Arbitrary<number> {
  const { min, max, open } = boundsOf(key, catalog.limits, around);
  if (isWhole(key)) return fc.integer({ min: Math.max(min, Number.MIN_SAFE_INTEGER), max });
  const tiny = Number.MIN_VALUE;
  return fc
    .double({ min: open === "min" ? tiny : min, max, maxExcluded: open === "max", noNaN: true, noDefaultInfinity: true })
    .map((x) => (x === 0 ? 0 : x));
}

function values(corpus: CorpusSource): fc.Arbitrary<Values> {
  const num_docs = corpus.from === "text" ? corpus.text.split("\n").length : (catalog.corpora.find(({ name }) => name === corpus.name)?.num_docs ?? 2);
  return number("steps", { steps: 1, num_docs }).chain((steps) => {
    const numbers = Object.fromEntries(NUMBER_KEYS.map((key) => [key, number(key, { steps, num_docs })])) as Record<NumberKey, fc.Arbitrary<number>>;
    return fc.record({
      ...numbers,
      steps: fc.constant(steps),
      samples_every: fc.option(numbers.samples_every, { nil: null }),
      held_out_every: fc.option(numbers.held_out_every, { nil: null }),
      schedule: fc.constantFrom("linear" as const, "cosine" as const, "constant" as const),
      activation: fc.constantFrom("relu" as const, "relu2" as const),
      zero_init: fc.boolean(),
    });
  }).map((all) => ({ ...all, n_head: divisor(all.n_embd, all.n_head) }));
}

/** The largest divisor of the width that is not above `wish`. */
function divisor(width: number, wish: number): number {
  for (let n = wish; n > 1; n -= 1) if (width % n === 0) return n;
  return 1;
}

/** Some settings as they are in a preset, others not. */
function nearPreset(all: Values): fc.Arbitrary<Values> {
  return fc.constantFrom(...catalog.presets).chain(({ config }) =>
    fc.record({ learning_rate: fc.constantFrom(config.learning_rate, all.learning_rate), seed: fc.constantFrom(config.seed, all.seed) })
      .map((some) => ({ ...config, samples_every: 100, held_out_every: null, ...some })),
  );
}

const name = fc.stringMatching(/^[\w-]{1,64}$/);
const pin = fc.oneof(fc.constantFrom("p2/logits[4]", "step:120/text:a%20b/p0/probs", "layer0.attn_wq[3][2].grad"), text(40).filter((one) => one !== ""));

export const states: fc.Arbitrary<LinkState> = corpora.chain((corpus) =>
  values(corpus).chain((all) => fc.oneof(fc.constant(all), nearPreset(all))).chain((all) =>
    fc.record({
      values: fc.constant(all),
      corpus: fc.constant(corpus),
      step: fc.option(fc.integer({ min: 0, max: all.steps }), { nil: null }),
      doc: fc.option(text(40), { nil: null }),
      position: fc.integer({ min: 0, max: catalog.limits.block_size - 1 }),
      layer: fc.integer({ min: 0, max: catalog.limits.n_layer - 1 }),
      head: fc.integer({ min: 0, max: catalog.limits.n_head - 1 }),
      view: fc.constantFrom(...VIEWS),
      mode: fc.constantFrom("instant" as const, "live" as const),
      code: fc.option(fc.record({ language: fc.constantFrom(...LANGUAGES), concept: fc.stringMatching(/^[a-z][a-z-]{0,30}$/), line: fc.option(fc.nat(999), { nil: null }) }), { nil: null }),
      pins: fc.uniqueArray(pin, { maxLength: 2 }),
      session: fc.option(name, { nil: null }),
    }),
  ),
);
