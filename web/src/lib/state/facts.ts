// The sizes and settings of the loaded model by the names that formulas give them, for whatever text speaks of it.
// One place that names them, so that every text means the same by the same letter.
import type { Run } from "../protocol/reduce";
import type { Config } from "../protocol/types";

export type Facts = {
  V: number; T: number; C: number; H: number; L: number; D: number;
  params: number; docs: number; unique: number; longest: number; corpus: string; letters: number; step: number;
  uniform: number; unigram: number; bigram: number; config: Config;
};

export function factsOf(run: Run): Facts {
  const { config, vocab, num_params, num_docs, num_unique, longest_doc, corpus, uniform_loss, unigram_loss, bigram_loss } = run.experiment;
  const { n_embd, n_head, n_layer, block_size } = config;
  return {
    V: vocab.length, T: block_size, C: n_embd, H: n_head, L: n_layer, D: n_embd / n_head,
    params: num_params, docs: num_docs, unique: num_unique, longest: longest_doc, corpus, letters: vocab.length - 1, step: run.step,
    uniform: uniform_loss, unigram: unigram_loss, bigram: bigram_loss, config,
  };
}
