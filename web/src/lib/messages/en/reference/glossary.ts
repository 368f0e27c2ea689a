// The words of the field, one definition each, in the order of the alphabet. Loaded when somebody wants to know one.
import type { Entry } from "./entry";
import { WORDS_1 } from "./words1";
import { WORDS_2 } from "./words2";

const compare = new Intl.Collator("en").compare;

export const GLOSSARY: readonly Entry[] = [...WORDS_1, ...WORDS_2].sort((a, b) => compare(a.term, b.term));

export function entryOf(id: string): Entry | null {
  return GLOSSARY.find((entry) => entry.id === id) ?? null;
}
