// Small hand-made experiments for the tests: not numbers of a model, only of the right shape.
import type { Event, Experiment, LiveSamples, ServerMessage, Snapshot, StepRecord, StepView } from "../src/lib/protocol/types";

export const experiment: Experiment = {
  config: {
    n_embd: 16, n_head: 4, n_layer: 1, block_size: 16, steps: 10, learning_rate: 0.01, schedule: "linear",
    beta1: 0.85, beta2: 0.99, eps: 1e-8, activation: "relu", init_std: 0.08, zero_init: false, seed: 42,
  },
  preset: null,
  corpus: "letters",
  num_docs: 3,
  num_unique: 2,
  longest_doc: 1,
  num_cut: 0,
  vocab: ["a", "b", "BOS"],
  bos: 2,
  num_params: 4192,
  matrices: [{ name: "wte", rows: 3, cols: 16 }],
  uniform_loss: 1.0986,
};

export function record(step: number): StepRecord {
  return { step, loss: 3 - step / 10, smoothed_loss: 3 - step / 20, learning_rate: 0.01, grad_norm: 1, mean_abs_update: 0.001 };
}

export function live(step: number): LiveSamples {
  return { step, samples: [{ text: `after ${step}`, in_corpus: false }] };
}

export function view(step: number): StepView {
  return { step, doc: "a", tokens: [2, 0, 2], losses: [1, 2], probs: [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]], attention: [[[[1], [0.25, 0.75]]]] };
}

export function trained(from: number, to: number): Event {
  const records = Array.from({ length: to - from + 1 }, (_, i) => record(from + i));
  return { type: "trained", records, view: view(to), live_samples: live(to) };
}

export function event(seq: number, what: Event): ServerMessage {
  return { type: "event", seq, event: what };
}

export function snapshot(seq: number, step: number, more: Partial<Snapshot> = {}): ServerMessage {
  return {
    type: "snapshot",
    session_id: "one",
    snapshot: {
      seq,
      experiment,
      status: { phase: step === 0 ? "ready" : "paused", pace: null, run_until: null, divergence: null },
      records: Array.from({ length: step }, (_, i) => record(i + 1)),
      view: step === 0 ? null : view(step),
      live_samples: live(step),
      samples: null,
      ...more,
    },
  };
}
