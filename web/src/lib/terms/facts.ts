// The loaded model, for cards that say what a word comes to in it. A context, so that a word deep in a sentence can be asked.
import { getContext, setContext } from "svelte";
import type { Facts } from "../state/facts";

const KEY = Symbol("facts");

export function setFacts(facts: () => Facts | null): void {
  setContext(KEY, facts);
}

export function getFacts(): (() => Facts | null) | undefined {
  return getContext<(() => Facts | null) | undefined>(KEY);
}
