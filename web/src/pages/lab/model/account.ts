// The entries in the account of one channel of the residual stream, from the embeddings to the last layer.
import type { Kind } from "./boxes";

export type Entry = {
  kind: Extract<Kind, "tok_emb" | "pos_emb" | "sum" | "emb_norm" | "attn_out" | "attn_residual" | "fc2" | "residual">;
  layer: number | null;
  tensor: string;
  /** Whether it is added to what stands above it; else it is what the account comes to. */
  adds: boolean;
};

/** Every entry that adds, other than the first, stands between what it is added to and what that gives. */
export function entriesOf(layers: number): Entry[] {
  const before: Entry[] = [
    { kind: "tok_emb", layer: null, tensor: "tok_emb", adds: true },
    { kind: "pos_emb", layer: null, tensor: "pos_emb", adds: true },
    { kind: "sum", layer: null, tensor: "sum", adds: false },
    { kind: "emb_norm", layer: null, tensor: "emb_norm", adds: false },
  ];
  const kinds = [
    { kind: "attn_out", adds: true }, { kind: "attn_residual", adds: false }, { kind: "fc2", adds: true }, { kind: "residual", adds: false },
  ] as const;
  const inLayers = Array.from({ length: layers }, (_, layer) =>
    kinds.map(({ kind, adds }): Entry => ({ kind, layer, tensor: `layer${layer}.${kind}`, adds })),
  );
  return [...before, ...inLayers.flat()];
}
