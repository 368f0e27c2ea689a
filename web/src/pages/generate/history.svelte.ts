// What was asked for before, so that one can come back to it. Kept as long as the page is open: a link is what lasts.
import type { Spec } from "../../lib/protocol/types";
import type { Order } from "../../lib/state/asking.svelte";

/** What was asked, and of which model; `spec` is null for one that cannot be made again here. */
export type Entry = { order: Order; corpus: string; step: number; spec: Spec | null; names: readonly string[] };

const MOST = 12;

/** Whether both were asked of the same model at the same moment. */
export function sameModel(a: Pick<Entry, "step" | "spec">, b: Pick<Entry, "step" | "spec">): boolean {
  return a.step === b.step && JSON.stringify(a.spec) === JSON.stringify(b.spec);
}

function same(a: Entry, b: Entry): boolean {
  return sameModel(a, b) && JSON.stringify(a.order) === JSON.stringify(b.order);
}

export class History {
  entries = $state.raw<readonly Entry[]>([]);

  /** The newest first; what was asked before moves up. */
  add(entry: Entry): void {
    this.entries = [entry, ...this.entries.filter((one) => !same(one, entry))].slice(0, MOST);
  }

  clear(): void {
    this.entries = [];
  }
}

/** One for the page, so that leaving it and coming back loses nothing. */
export const history = new History();
