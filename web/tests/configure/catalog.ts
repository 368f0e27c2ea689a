// A small catalog of the right shape for the tests of the settings panel.
import type { Catalog, Limits } from "../../src/lib/protocol/types";
import { experiment } from "../runs";

export const limits: Limits = {
  n_embd: 128, n_head: 16, n_layer: 4, block_size: 64, steps: 20_000, num_params: 1_000_000, learning_rate: 10, init_std: 10,
  samples: 100, temperature: 2, pace: 10_000, corpus_bytes: 2_097_152, vocab_size: 256, automatic_samples: 1000, held_out_docs: 100,
  held_out_cadence: 50, branches: 32, kept_steps: 100_000, changes: 1000, keyframe_bytes: 67_108_864, import_work: 200_000_000,
  addresses: 1000, numbers: 4_000_000, observed_numbers: 100_000, watched_texts: 8, places: 64, seed: 2 ** 53 - 1,
} as Limits;

const blog = { ...experiment.config, steps: 1000 };

export const catalog: Catalog = {
  version: "0",
  presets: [
    { preset: "blog", corpus: "letters", config: blog },
    { preset: "gist", corpus: "letters", config: { ...blog, steps: 500, schedule: "cosine", zero_init: true } },
    { preset: "startups", corpus: "startups", config: { ...blog, seed: 40 } },
  ],
  usual: { corpus: "letters", config: blog },
  corpora: [
    { name: "letters", about: "letters", num_docs: 3, vocab_size: 3, examples: ["a", "b"] },
    { name: "startups", about: "startups", num_docs: 2, vocab_size: 9, examples: ["acko"] },
  ],
  limits,
};
