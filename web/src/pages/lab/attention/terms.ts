// A sum of products as the engine tells it: factors, products, running sum. The page reads them off and multiplies nothing.
import { double } from "../../../lib/engine/wire";
import type { Ladder, Term } from "../../../lib/protocol/types";

export type Factor = { address: string; value: number };
export type ProductLine = { left: Factor; right: Factor; product: number; sum: number };

/** The products that the first number of a ladder is the sum of; null if it is made in another way. */
export function productLines(ladder: Ladder): ProductLine[] | null {
  const made = ladder.rungs[0]?.made;
  if (made?.how !== "computed") return null;
  const { term } = made;
  if (term.op === "product") {
    const line = lineOf(term, double(term.value));
    return line === null ? null : [line];
  }
  if (term.op !== "sum") return null;
  const lines = term.terms.map((one, i) => lineOf(one, double(term.partial_sums[i] ?? NaN_WORD)));
  return lines.every((line) => line !== null) ? lines : null;
}

const NaN_WORD = "NaN";

function lineOf(term: Term, sum: number): ProductLine | null {
  if (term.op !== "product") return null;
  const [left, right] = term.factors;
  if (left?.op !== "number" || right?.op !== "number") return null;
  return {
    left: { address: left.address, value: double(left.value) },
    right: { address: right.address, value: double(right.value) },
    product: double(term.value),
    sum,
  };
}

/** `p2/layer0.q[4]` → `q[4]`: a factor as a row of a table names it. */
export function shortName(address: string): string {
  return address.replace(/^(?:p\d+\/)?(?:layer\d+\.)?(?:head\d+\.)?/, "");
}
