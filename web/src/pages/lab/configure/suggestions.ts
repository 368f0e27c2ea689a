// What would do instead of a refused number: its nearest neighbours that fit. The engine says what is wrong; this offers ways out.
// Only bounds and divisibility are known here. Whatever is chosen, the engine judges it like any other.
import type { Limits } from "../../../lib/protocol/types";
import { boundsOf, isWithin, type Around, type NumberKey } from "../../../lib/settings";
import { divisors, multiples } from "./scales";

export type Suggestion = { key: NumberKey; value: number | null };

/** What is in the form: `value` is the refused one, `before` the one the experiment on screen has. */
export type Refused = { key: NumberKey; value: number | null; before: number | null; n_embd: number; n_head: number };

const MOST = 4;

export function suggestionsFor(refused: Refused, limits: Limits, around: Around): Suggestion[] {
  const { key, value, before, n_embd, n_head } = refused;
  const found: Suggestion[] = [];
  const offer = (offered: NumberKey, choice: number | null | undefined): void => {
    const known = found.some((one) => one.key === offered && one.value === choice);
    if (choice !== undefined && !known && !(offered === key && choice === value)) found.push({ key: offered, value: choice });
  };
  const bounds = boundsOf(key, limits, around);
  if (value !== null && !isWithin(value, bounds)) {
    const below = value <= bounds.min;
    if (bounds.open === null || (below ? bounds.open !== "min" : bounds.open !== "max")) offer(key, below ? bounds.min : bounds.max);
  } else if ((key === "n_head" || key === "n_embd") && n_embd % n_head !== 0) {
    const heads = nextTo(divisors(n_embd).filter((n) => n <= limits.n_head), n_head);
    const widths = nextTo(multiples(n_head, limits.n_embd), n_embd);
    const own = key === "n_head" ? heads : widths;
    for (const choice of own) offer(key, choice);
    for (const choice of key === "n_head" ? widths : heads) offer(key === "n_head" ? "n_embd" : "n_head", choice);
  }
  if (found.every((one) => one.key !== key)) offer(key, before);
  return found.slice(0, MOST);
}

/** The nearest below and above. */
function nextTo(choices: readonly number[], value: number): number[] {
  return [choices.filter((n) => n < value).at(-1), choices.find((n) => n > value)].filter((n) => n !== undefined);
}
