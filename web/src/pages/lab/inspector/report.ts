// What the inspector says of a number as text to paste: the lines of the panel, in order.
// Pure, so that it can be tested; the JSON twin is the engine's own answer.
import type { Gradient, Ladder, Rung } from "../../../lib/protocol/types";
import { exactly, spelledOut } from "./terms";

function made(rung: Rung): string[] {
  switch (rung.made.how) {
    case "given":
      return [];
    case "same":
      return [`= ${rung.made.address}`];
    case "computed":
      return [`= ${spelledOut(rung.made.term)}`];
    case "collected":
      return rung.made.contributions.map((one) => `+ ${one.part_of}: ${exactly(one.local_derivative)} × ${exactly(one.upstream)} = ${exactly(one.product)}`);
  }
}

export function asText(address: string, ladder: Ladder, gradient: Gradient | null): string {
  const rung = ladder.rungs[0];
  if (rung === undefined) return address;
  const lines = [`${address} = ${exactly(rung.value)}`, rung.words];
  if (rung.formula !== "") lines.push(rung.formula);
  lines.push(...made(rung));
  if (gradient !== null) lines.push(`gradient ${exactly(gradient.value)}`);
  lines.push(...rung.sources.map((source) => `${source.file}:${source.first_line}`));
  return lines.join("\n");
}

export function asJson(address: string, ladder: Ladder, gradient: Gradient | null): string {
  return JSON.stringify({ address, ladder, gradient }, null, 2);
}
