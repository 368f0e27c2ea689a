// Which numbers of a matrix can be shown, and in which pair of colours.
// What comes from gradients keeps the gradient's colours, so that data and blame are never confused.
import type { Part } from "../../../lib/address";
import type { Scale } from "../../../lib/kit/types";

export type Shown = "value" | Exclude<Part, "m_hat" | "v_hat">;
export const SHOWN: readonly Shown[] = ["value", "grad", "m", "v", "update", "next"];

export function suffix(shown: Shown): string {
  return shown === "value" ? "" : `.${shown}`;
}

export function colours(shown: Shown): Scale["kind"] {
  return shown === "grad" || shown === "m" || shown === "v" ? "gradient" : "value";
}
