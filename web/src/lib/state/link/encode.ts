// Spells a state as the query of an address: the nearest preset, then only what differs from it, by the settings' own names.
// Canonical: one state has one spelling, so addresses can be compared and shared without noise.
import type { Catalog, PresetEntry } from "../../protocol/types";
import type { Spot } from "../desk.svelte";
import { CHOICE_KEYS, NUMBER_KEYS, type SettingKey, type Values } from "../../settings";
import { ofPreset, usualState, VERSION, type LinkState } from "./state";

/** How null is spelled where it is a value. */
export const NEVER: Partial<Record<SettingKey, string>> = { samples_every: "never", held_out_every: "none" };

export const SETTING_KEYS: readonly SettingKey[] = [...NUMBER_KEYS, ...CHOICE_KEYS];

/** The query of an address, from the `?` on. An own text is named, but travels apart: see `pack`. */
export function encode(state: LinkState, catalog: Catalog): string {
  const usual = usualState(catalog);
  const preset = nearest(state, catalog);
  const parts: [string, string][] = [["v", String(VERSION)], ["preset", preset.preset]];
  const basis = ofPreset(preset);
  for (const key of SETTING_KEYS) {
    if (state.values[key] !== basis.values[key]) parts.push([key, spell(key, state.values[key])]);
  }
  if (state.corpus.from === "text" || state.corpus.name !== basis.corpus.name) parts.push(["data", state.corpus.name]);
  if (state.step !== null) parts.push(["step", String(state.step)]);
  if (state.doc !== null) parts.push(["doc", state.doc]);
  if (state.position !== usual.position) parts.push(["pos", String(state.position)]);
  if (state.layer !== usual.layer) parts.push(["layer", String(state.layer)]);
  if (state.head !== usual.head) parts.push(["head", String(state.head)]);
  if (state.view !== usual.view) parts.push(["view", state.view]);
  if (state.code !== null) parts.push(["code", spellSpot(state.code)]);
  for (const pin of state.pins) parts.push(["pin", pin]);
  if (state.mode !== usual.mode) parts.push(["mode", state.mode]);
  if (state.session !== null) parts.push(["session", state.session]);
  return `?${parts.map(([key, value]) => `${key}=${escape(value)}`).join("&")}`;
}

function spell(key: SettingKey, value: Values[SettingKey]): string {
  return value === null ? (NEVER[key] ?? "") : String(value);
}

/** `rust/attention-scores`, or `rust/attention-scores/2` for a line of it. */
function spellSpot({ language, concept, line }: Spot): string {
  return [language, concept, ...(line === null ? [] : [String(line)])].join("/");
}

/** The preset that differs least; of several, the first. */
function nearest(state: LinkState, catalog: Catalog): PresetEntry {
  const distance = (entry: PresetEntry): number => {
    const { values, corpus } = ofPreset(entry);
    return SETTING_KEYS.filter((key) => values[key] !== state.values[key]).length + (corpus.name === state.corpus.name ? 0 : 1);
  };
  const best = catalog.presets.toSorted((a, b) => distance(a) - distance(b))[0];
  if (best === undefined) throw new Error("the catalog has no presets");
  return best;
}

/** As readable as an address may be, and without what mail and chat programs take for the end of one. */
export function escape(text: string): string {
  return encodeURIComponent(wellFormed(text))
    .replace(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%2F/g, "/")
    .replace(/%3A/g, ":");
}

/** Half a character, which no address can carry, becomes the sign for what is unknown. */
function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
