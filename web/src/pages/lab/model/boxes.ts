// The parts of the model in the order in which numbers flow through them: what the map draws and the replay walks along.
// Made from the settings alone; the numbers in the boxes are the engine's.
import type { Config, MatrixShape } from "../../../lib/protocol/types";

export type Kind =
  | "tok_emb" | "pos_emb" | "sum" | "emb_norm"
  | "attn_norm" | "q" | "k" | "v" | "weights" | "head_output" | "attn_out" | "attn_residual"
  | "mlp_norm" | "fc1" | "act" | "fc2" | "residual"
  | "logits" | "probs" | "loss";

export type Box = {
  id: string;
  kind: Kind;
  /** Null outside the layers. */
  layer: number | null;
  /** Names of its numbers, without position: one, or one for each head. */
  tensors: readonly string[];
  /** How many numbers each of them has at one position; null where that grows with the position. */
  size: number | null;
  matrix: MatrixShape | null;
};


const BEFORE: readonly Kind[] = ["tok_emb", "pos_emb", "sum", "emb_norm"];
const IN_LAYER: readonly Kind[] = [
  "attn_norm", "q", "k", "v", "weights", "head_output", "attn_out", "attn_residual", "mlp_norm", "fc1", "act", "fc2", "residual",
];
const AFTER: readonly Kind[] = ["logits", "probs", "loss"];

const MATRIX: Partial<Record<Kind, string>> = {
  tok_emb: "wte", pos_emb: "wpe", q: "attn_wq", k: "attn_wk", v: "attn_wv", attn_out: "attn_wo", fc1: "mlp_fc1", fc2: "mlp_fc2", logits: "lm_head",
};

/** Which view of the workbench looks closer at a box. */
export const VIEW_OF: Partial<Record<Kind, "attention" | "probabilities" | "embeddings">> = {
  tok_emb: "embeddings", pos_emb: "embeddings", sum: "embeddings", emb_norm: "embeddings",
  q: "attention", k: "attention", v: "attention", weights: "attention", head_output: "attention", attn_out: "attention",
  logits: "probabilities", probs: "probabilities", loss: "probabilities",
};

/** All boxes, in the order of the forward pass. */
export function boxesOf(config: Config, vocab: number, matrices: readonly MatrixShape[]): Box[] {
  const box = (kind: Kind, layer: number | null): Box => {
    const prefix = layer === null ? "" : `layer${layer}.`;
    const matrix = MATRIX[kind];
    const perHead = kind === "weights" || kind === "head_output";
    return {
      id: prefix + kind,
      kind,
      layer,
      tensors: perHead ? Array.from({ length: config.n_head }, (_, head) => `${prefix}head${head}.${kind}`) : [prefix + kind],
      size: sizeOf(kind, config, vocab),
      matrix: matrix === undefined ? null : (matrices.find(({ name }) => name === prefix + matrix) ?? null),
    };
  };
  const layers = Array.from({ length: config.n_layer }, (_, layer) => IN_LAYER.map((kind) => box(kind, layer)));
  return [...BEFORE.map((kind) => box(kind, null)), ...layers.flat(), ...AFTER.map((kind) => box(kind, null))];
}

function sizeOf(kind: Kind, { n_embd, n_head }: Config, vocab: number): number | null {
  switch (kind) {
    case "weights":
      return null;
    case "head_output":
      return n_embd / n_head;
    case "fc1":
    case "act":
      return 4 * n_embd;
    case "logits":
    case "probs":
      return vocab;
    case "loss":
      return 1;
    default:
      return n_embd;
  }
}

/** Rows and columns in which `n` numbers are drawn in a box: sixteen in a row where that comes out even, else in one row. */
export function wrapped(n: number): { rows: number; cols: number } {
  return n > 16 && n % 16 === 0 ? { rows: n / 16, cols: 16 } : { rows: 1, cols: n };
}

/** The largest cell, in pixels, of a matrix drawn inside a box. */
export const CELL = 4;
