// What the rows and columns of each matrix stand for: tokens, positions, heads, hidden units, channels.
// Labels only; taken from the model's shape and vocabulary, so that any size is labelled right.
import { tokenLabel } from "../../../lib/format";
import { m } from "../../../lib/messages/en/numbers";
import type { Experiment, MatrixShape } from "../../../lib/protocol/types";

const axis = m.weights.axis;

export type Meaning = {
  rowTitle: string;
  colTitle: string;
  rowLabels?: readonly string[] | undefined;
  colLabels?: readonly string[] | undefined;
  /** Which side belongs to heads, if any. */
  heads: "rows" | "columns" | null;
  about: string;
};

/** `layer0.attn_wq` without its layer. */
export function kindOf(name: string): string {
  return name.replace(/^layer\d+\./, "");
}

export function layerOf(name: string): number | null {
  const found = /^layer(\d+)\./.exec(name);
  return found === null ? null : Number(found[1]);
}

/** `0·3`: component 3 of head 0. */
export function headLabels(n: number, heads: number): string[] {
  const size = Math.max(1, Math.floor(n / heads));
  return Array.from({ length: n }, (_, i) => `${Math.floor(i / size)}·${i % size}`);
}

export function meaningOf({ name, rows, cols }: MatrixShape, { config, vocab }: Experiment): Meaning {
  const kind = kindOf(name);
  const about = m.weights.meaning[kind] ?? "";
  const tokens = (): string[] => vocab.map(tokenLabel);
  switch (kind) {
    case "wte":
      return { rowTitle: axis.token, colTitle: axis.channel, rowLabels: tokens(), heads: null, about };
    case "wpe":
      return { rowTitle: axis.position, colTitle: axis.channel, heads: null, about };
    case "lm_head":
      return { rowTitle: axis.next, colTitle: axis.reads, rowLabels: tokens(), heads: null, about };
    case "attn_wq":
    case "attn_wk":
    case "attn_wv":
      return { rowTitle: axis.head, colTitle: axis.reads, rowLabels: headLabels(rows, config.n_head), heads: "rows", about };
    case "attn_wo":
      return { rowTitle: axis.adds, colTitle: axis.head, colLabels: headLabels(cols, config.n_head), heads: "columns", about };
    case "mlp_fc1":
      return { rowTitle: axis.unit, colTitle: axis.reads, heads: null, about };
    default:
      return { rowTitle: axis.adds, colTitle: axis.unit, heads: null, about };
  }
}

/** Matrices by where they belong: embeddings and output first, then layer by layer. */
export function grouped(matrices: readonly MatrixShape[]): { layer: number | null; matrices: MatrixShape[] }[] {
  const groups: { layer: number | null; matrices: MatrixShape[] }[] = [];
  for (const matrix of [...matrices].sort((a, b) => (layerOf(a.name) ?? -1) - (layerOf(b.name) ?? -1))) {
    const layer = layerOf(matrix.name);
    const last = groups.at(-1);
    if (last !== undefined && last.layer === layer) last.matrices.push(matrix);
    else groups.push({ layer, matrices: [matrix] });
  }
  return groups;
}

/** Pixels of a small picture of a matrix about this long on its longer side; cells are whole where they can be. */
export function thumbSize(rows: number, cols: number, side: number): { width: number; cell: number } {
  const fit = side / Math.max(rows, cols);
  const cell = fit >= 1 ? Math.round(fit) : fit;
  return { width: Math.ceil(cols * cell) + 1, cell };
}

/** The largest cell with which the large picture stays on a screen. */
export function largeCell(rows: number, cols: number): number {
  const tall = Math.floor(560 / rows);
  const wide = cols <= 20 ? 36 : 28;
  return Math.max(6, Math.min(wide, tall));
}
