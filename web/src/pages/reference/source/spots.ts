// A place in the source as the fragment of an address: `#source/rust/forward/3` is the fourth explained line about the forward pass.
import { LANGUAGES } from "../../../lib/source/language";
import type { Spot } from "../../../lib/state/desk.svelte";

const SPOT = /^source\/([a-z]+)\/([a-z0-9-]+)(?:\/(\d{1,4}))?$/;

export function spellSpot({ language, concept, line }: Spot): string {
  return ["source", language, concept, ...(line === null ? [] : [String(line)])].join("/");
}

/** Null for a fragment that names something else. */
export function spotOf(fragment: string): Spot | null {
  const [, named, concept, line] = SPOT.exec(fragment) ?? [];
  const language = LANGUAGES.find((one) => one === named);
  return language === undefined || concept === undefined ? null : { language, concept, line: line === undefined ? null : Number(line) };
}
