// How the workbench is laid out: which view is in the middle, which panels are open, where in the code the reader stands.
// Apart from the experiment: two readers may look at the same run in different ways.
import { Asking } from "./asking.svelte";
import type { Language } from "../source/language";

export const VIEWS = ["training", "model", "attention", "probabilities", "embeddings", "weights", "adam"] as const;
export type View = (typeof VIEWS)[number];

export function isView(text: string): text is View {
  return (VIEWS as readonly string[]).includes(text);
}

/** What the column beside the view shows. */
export const PANES = ["now", "code"] as const;
export type Pane = (typeof PANES)[number];

/** A place in the code: a concept, and which of its explained lines, if one is chosen. */
export type Spot = { language: Language; concept: string; line: number | null };

export class Desk {
  /** What the page Generate asks of the model. */
  readonly asking = new Asking();
  view = $state<View>("training");
  /** On narrow screens the settings are a sheet. */
  settingsOpen = $state(false);
  pane = $state<Pane>("now");
  /** Where the code stands open; null until something was pointed at. */
  spot = $state.raw<Spot | null>(null);
  #usual: Language;

  /** `usual` is the language in which code is shown first. */
  constructor(usual: Language) {
    this.#usual = usual;
  }

  /** The code follows what the reader looks at, in the language at hand. */
  point(concept: string | null): void {
    if (concept === null || this.spot?.concept === concept) return;
    this.spot = { language: this.spot?.language ?? this.#usual, concept, line: null };
  }

  /** Brings the lines of a concept into sight. */
  showCode(concept: string | null): void {
    this.point(concept);
    this.pane = "code";
  }
}
