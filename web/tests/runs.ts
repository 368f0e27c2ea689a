// Small hand-made experiments for the tests: not numbers of a model, only of the right shape.
import type { AutomaticSamples, Branch, Event, Experiment, HeldOutLoss, LiveSamples, ServerMessage, Settings, Snapshot, StepRecord, StepView } from "../src/lib/protocol/types";

export const experiment: Experiment = {
  config: {
    n_embd: 16, n_head: 4, n_layer: 1, block_size: 16, steps: 10, learning_rate: 0.01, schedule: "linear",
    beta1: 0.85, beta2: 0.99, eps: 1e-8, activation: "relu", init_std: 0.08, zero_init: false, seed: 42,
  },
  preset: null,
  corpus: "letters",
  num_docs: 3,
  num_held_out: 0,
  held_out_every: null,
  samples_every: 2,
  num_unique: 2,
  longest_doc: 1,
  num_cut: 0,
  vocab: ["a", "b", "BOS"],
  bos: 2,
  num_params: 4192,
  matrices: [{ name: "wte", rows: 3, cols: 16 }],
  uniform_loss: 1.0986,
  unigram_loss: 1.05,
  bigram_loss: 0.7,
};

export const settings: Settings = { learning_rate: 0.01, schedule: "linear", temperature: 0.5 };

export function record(step: number): StepRecord {
  return { step, doc: step % 3, loss: 3 - step / 10, smoothed_loss: 3 - step / 20, learning_rate: 0.01, grad_norm: 1, mean_abs_update: 0.001 };
}

export function live(step: number): LiveSamples {
  return { step, samples: [{ text: `after ${step}`, in_corpus: false }] };
}

/** What is kept of every second step. */
export function automatic(from: number, to: number): AutomaticSamples[] {
  return steps(from, to).filter((step) => step % 2 === 0).map((step) => ({ step, temperature: 0.5, samples: live(step).samples }));
}

/** The loss on held-out documents after every third step. */
export function heldOut(from: number, to: number): HeldOutLoss[] {
  return steps(from, to).filter((step) => step % 3 === 0).map((step) => ({ step, loss: 3 }));
}

export function branch(end: number): Branch {
  return { id: 0, parent: null, begin: 0, end, changes: [{ step: 0, settings }] };
}

function steps(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

export function view(step: number): StepView {
  return { step, doc: "a", tokens: [2, 0, 2], losses: [1, 2], probs: [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]], attention: [[[[1], [0.25, 0.75]]]] };
}

export function trained(from: number, to: number): Event {
  return {
    type: "trained",
    records: steps(from, to).map(record),
    view: view(to),
    live_samples: live(to),
    automatic_samples: automatic(from, to),
    held_out: heldOut(from, to),
    mean_step_us: 20,
  };
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
      step,
      branch: 0,
      branches: [branch(step)],
      settings,
      records: steps(1, step).map(record),
      automatic_samples: automatic(0, step),
      held_out: heldOut(0, step),
      view: step === 0 ? null : view(step),
      live_samples: live(step),
      samples: null,
      readings: [],
      interventions: { active: [], next_id: 0 },
      ...more,
    },
  };
}
