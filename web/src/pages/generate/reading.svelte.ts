// The numbers of one position of the text that is followed: read by address, in one go, so that all stages show the same moment.
import type { Session } from "../../lib/state/session.svelte";
import { escapeText } from "../../lib/state/selection.svelte";
import { Seen } from "../../lib/state/seen.svelte";
import type { Lane } from "./lanes";

export type Spot = { lane: Lane; step: number; position: number; layer: number; heads: number };

/** Numbers of a spot. `row` gives those of its position, `rows` those of every position up to it. */
export type Here = {
  spot: Spot;
  /** What stands before a name to make an address: `step:1000/text:zepto/`. */
  prefix: string;
  /** `p3/` and so on. */
  at: string;
  get(name: string): Float64Array;
};

const EMPTY = new Float64Array(0);

export class Reading {
  #seen: Seen<{ spot: Spot; prefix: string }>;

  /** To be made while a component is set up. */
  constructor(session: () => Session, spot: () => Spot | null) {
    this.#seen = new Seen(session, () => {
      const wanted = spot();
      if (wanted === null) return null;
      const prefix = `step:${wanted.step}/text:${escapeText(wanted.lane.text)}/`;
      return { place: { spot: wanted, prefix }, prefix, names: namesOf(wanted) };
    });
  }

  readonly here: Here | null = $derived.by(() => {
    const { now } = this.#seen;
    if (now === null) return null;
    const { spot, prefix } = now.place;
    return { spot, prefix, at: `p${spot.position}/`, get: (name) => now.get(name)?.values ?? EMPTY };
  });

  get refusal() {
    return this.#seen.refusal;
  }
}

function namesOf({ position: p, layer, heads }: Spot): string[] {
  const plain = ["tok_emb", "pos_emb", "sum", "emb_norm_mean_square", "emb_norm_scale", "emb_norm", "logits", "probs"];
  const ofLayer = ["attn_norm_input", "q", "k", "v", "attn_out", "attn_residual", "fc1", "act", "fc2", "residual"];
  const ofHead = ["scores", "attn_logits", "weights", "head_output"];
  return [
    ...plain.map((name) => `p${p}/${name}`),
    ...ofLayer.map((name) => `p${p}/layer${layer}.${name}`),
    ...Array.from({ length: heads }, (_, h) => ofHead.map((name) => `p${p}/layer${layer}.head${h}.${name}`)).flat(),
    `p*/layer${layer}.k`,
    `p*/layer${layer}.v`,
  ];
}

/** Row `i` of numbers that lie row by row. */
export function rowOf(values: Float64Array, i: number, width: number): Float64Array {
  return values.subarray(i * width, (i + 1) * width);
}
