// Which concept of the source belongs to what is on screen: a box of the map, a matrix, a phase of the replay, a number by its
// address, a view. The names are those that the sources mark; a test holds the two together.
import { spell } from "../address";
import type { LoopPart, View } from "../state/desk.svelte";

/** By the kind of a number, as addresses name it. */
const OF_KIND: Readonly<Record<string, string>> = {
  tok_emb: "embedding", pos_emb: "position", sum: "embedding",
  emb_norm_input: "pre-norm", emb_norm_mean_square: "rmsnorm", emb_norm_scale: "rmsnorm", emb_norm: "pre-norm",
  attn_norm_input: "pre-norm", attn_norm_mean_square: "rmsnorm", attn_norm_scale: "rmsnorm", attn_norm: "pre-norm",
  q: "query", k: "key", v: "value", scores: "attention-scores", attn_logits: "attention-scores",
  attn_exps: "softmax", attn_exp_total: "softmax", weights: "attention-weights", head_output: "mixing",
  attn_out: "output-projection", attn_residual: "residual",
  mlp_norm_input: "pre-norm", mlp_norm_mean_square: "rmsnorm", mlp_norm_scale: "rmsnorm", mlp_norm: "pre-norm",
  fc1: "mlp-up", relu: "activation", act: "activation", fc2: "mlp-down", residual: "residual",
  logits: "lm-head", exps: "softmax", exp_total: "softmax", probs: "softmax", loss: "cross-entropy",
};

const OF_MATRIX: Readonly<Record<string, string>> = {
  wte: "embedding", wpe: "position", lm_head: "lm-head", attn_wq: "query", attn_wk: "key", attn_wv: "value", attn_wo: "output-projection",
  mlp_fc1: "mlp-up", mlp_fc2: "mlp-down",
};

const OF_PART: Readonly<Record<string, string>> = {
  grad: "chain-rule", m: "adam-m", v: "adam-v", m_hat: "bias-correction", v_hat: "bias-correction", update: "update", next: "update",
};

const OF_VIEW: Readonly<Record<View, string>> = {
  training: "training-step", model: "forward", attention: "attention-scores", probabilities: "softmax", embeddings: "embedding",
  weights: "parameters", adam: "adam-step",
};

const OF_LOOP: Readonly<Record<LoopPart, string>> = {
  pick: "pick-document", forward: "forward", loss: "loss", backward: "backward", adam: "adam-step", next: "training-step",
};

/** The functions that the whole model is spelled with. */
export const FUNCTIONS = ["linear", "softmax", "rmsnorm", "forward"] as const;

/** All that are named here, for the test. */
export const NAMED: readonly string[] = [OF_KIND, OF_MATRIX, OF_PART, OF_VIEW, OF_LOOP, FUNCTIONS].flatMap((table) => Object.values(table));

export function conceptOfKind(kind: string): string | null {
  return OF_KIND[kind] ?? null;
}

export function conceptOfMatrix(name: string): string | null {
  return OF_MATRIX[bare(name)] ?? null;
}

export function conceptOfView(view: View): string {
  return OF_VIEW[view];
}

export function conceptOfLoop(part: LoopPart): string {
  return OF_LOOP[part];
}

/** What a phase of a step is about: its document, the forward pass by its box, the way back, or the update. */
export function conceptOfPhase(phase: { pass: "forward" | "backward"; box: string } | { pass: "pick" } | { pass: "update" }): string | null {
  if (phase.pass === "pick") return "pick-document";
  if (phase.pass === "update") return "update";
  return phase.pass === "backward" ? "chain-rule" : conceptOfKind(bare(phase.box));
}

/** What made a number. */
export function conceptOfAddress(address: string): string | null {
  const spelled = spell(address);
  if (spelled === null) return null;
  if (spelled.part !== null) return OF_PART[spelled.part] ?? null;
  if (spelled.tensor.startsWith("node:")) return "node";
  if (spelled.position === null) return spelled.tensor === "loss" ? "mean-loss" : (conceptOfMatrix(spelled.tensor) ?? null);
  return conceptOfKind(bare(spelled.tensor));
}

/** Without layer and head. */
function bare(name: string): string {
  return name.replace(/^layer\d+\./, "").replace(/^head\d+\./, "");
}
