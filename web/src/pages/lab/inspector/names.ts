// Addresses to complete what is being typed: the names of this model, at the place the page shows.
// The list is a help; what is right is for the engine to say.
import type { Experiment } from "../../../lib/protocol/types";

const MODEL = ["tok_emb", "pos_emb", "sum", "emb_norm", "emb_norm_scale", "logits", "exps", "exp_total", "probs", "loss"];
const LAYER = [
  "attn_norm", "attn_norm_scale", "q", "k", "v", "attn_out", "attn_residual",
  "mlp_norm", "mlp_norm_scale", "fc1", "relu", "act", "fc2", "residual",
];
const HEAD = ["scores", "attn_logits", "attn_exps", "attn_exp_total", "weights", "head_output"];
const SINGLE = new Set(["emb_norm_scale", "exp_total", "loss", "attn_norm_scale", "mlp_norm_scale", "attn_exp_total"]);

export function suggestions(experiment: Experiment, position: number, layer: number, head: number): string[] {
  const entry = (name: string, tensor: string): string => `p${position}/${name}${SINGLE.has(tensor) ? "" : "[0]"}`;
  return [
    "loss",
    ...MODEL.map((tensor) => entry(tensor, tensor)),
    ...LAYER.map((tensor) => entry(`layer${layer}.${tensor}`, tensor)),
    ...HEAD.map((tensor) => entry(`layer${layer}.head${head}.${tensor}`, tensor)),
    ...experiment.matrices.map(({ name }) => `${name}[0][0]`),
  ];
}
