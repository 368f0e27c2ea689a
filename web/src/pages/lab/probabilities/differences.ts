// The numbers inside an exponent, as the engine tells them: a score less the largest of its row.
// They have no address of their own, so they are read out of the explanation of the total.
import { double } from "../../../lib/engine/wire";
import type { Ladder } from "../../../lib/protocol/types";

export type Differences = { largest: number; of: readonly (number | null)[] };

/** From the ladder of `exp_total` or `attn_exp_total`, one level deep: `score − largest` for each of `n` scores. */
export function differences(ladder: Ladder, n: number): Differences | null {
  const of: (number | null)[] = Array.from({ length: n }, () => null);
  let largest: number | null = null;
  for (const { address, made } of ladder.rungs) {
    if (made.how !== "computed" || made.term.op !== "exp" || made.term.of.op !== "sum") continue;
    const index = /exps\[(\d+)\]$/.exec(address)?.[1];
    if (index === undefined || Number(index) >= n) continue;
    of[Number(index)] = double(made.term.of.value);
    const less = made.term.of.terms[1];
    // What is added is minus the largest.
    if (less?.op === "constant") largest = -double(less.value);
  }
  return largest === null ? null : { largest, of };
}
