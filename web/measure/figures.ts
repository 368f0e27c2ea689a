// Where measurements go: one JSON line a figure, into the file that GLASSGPT_FIGURES names, for `cargo xtask measure` to print and record.
// No test judges them: machines are shared, and a check that fails for being slow says nothing about the program.
import { appendFileSync } from "node:fs";
import { HOST } from "../e2e/support";

/** A number, its unit, and what it should come to: at most `goal`. */
export type Figure = { what: string; value: number; unit: string; goal?: number };

/** Keeps a figure. */
export function record(figure: Figure): void {
  const file = process.env["GLASSGPT_FIGURES"];
  if (file === undefined) throw new Error("GLASSGPT_FIGURES names no file: run cargo xtask measure");
  appendFileSync(file, `${JSON.stringify({ ...figure, on: HOST })}\n`);
}

/** The middle one. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}
