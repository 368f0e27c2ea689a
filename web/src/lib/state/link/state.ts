// What an address says of an experiment and of what is looked at: plain data, complete, without the engine's answers.
// The address is a recipe: whoever opens it computes the run again.
import type { Catalog, CorpusSource, PresetEntry, Spec } from "../../protocol/types";
import { LAB_DEFAULTS, specOf, type Values } from "../../settings";
import type { Spot, View } from "../desk.svelte";
import type { Mode } from "../session.svelte";

export type LinkState = {
  values: Values;
  corpus: CorpusSource;
  /** The step to stand at; null is the end of the run. */
  step: number | null;
  /** A text typed to be read; null is the document of the step. */
  doc: string | null;
  position: number;
  layer: number;
  head: number;
  view: View;
  mode: Mode;
  /** Where the code stands open beside the view; null if it does not. */
  code: Spot | null;
  /** Addresses of numbers held on to. */
  pins: readonly string[];
  /** A session on the server to join, if it still lives. */
  session: string | null;
};

/** The version of the grammar that this page writes, and the latest it reads. */
export const VERSION = 1;
export const MOST_PINS = 2;
/** Some programs cut longer links, so the address bar does without the text then. */
export const LONG = 8000;
/** More nobody types into a field, and no model reads. */
export const LONGEST_DOC = 1000;
export const LONGEST_PIN = 300;

/** What an empty address means. */
export function usualState(catalog: Catalog): LinkState {
  return { ...ofPreset(catalog.usual), step: null, doc: null, position: 2, layer: 0, head: 0, view: "training", mode: "instant", code: null, pins: [], session: null };
}

export function ofPreset({ config, corpus }: Pick<PresetEntry, "config" | "corpus">): Pick<LinkState, "values" | "corpus"> {
  return { values: { ...config, ...LAB_DEFAULTS }, corpus: { from: "named", name: corpus } };
}

export function firstPreset(catalog: Catalog): PresetEntry {
  const preset = catalog.presets[0];
  if (preset === undefined) throw new Error("the catalog has no presets");
  return preset;
}

/** The experiment of a state, as the engine is asked for it. */
export function specOfState({ values, corpus }: LinkState): Spec {
  return specOf(values, corpus);
}

/** Whether two states are about the same experiment. */
export function sameExperiment(a: LinkState, b: LinkState): boolean {
  const keys = Object.keys(a.values) as (keyof Values)[];
  return keys.every((key) => a.values[key] === b.values[key]) && sameCorpus(a.corpus, b.corpus);
}

function sameCorpus(a: CorpusSource, b: CorpusSource): boolean {
  return a.name === b.name && (a.from === "text" ? a.text : null) === (b.from === "text" ? b.text : null);
}
