// How the workbench is laid out: which view is in the middle, which panels are open, where in the code the reader stands.
// Apart from the experiment: two readers may look at the same run in different ways.
import { Asking } from "./asking.svelte";
import type { Language } from "../source/language";

export const VIEWS = ["training", "model", "attention", "probabilities", "embeddings", "weights", "adam"] as const;
export type View = (typeof VIEWS)[number];

export function isView(text: string): text is View {
  return (VIEWS as readonly string[]).includes(text);
}

/** What stands beside a page: what the page itself has there, the code, or the architecture. */
export const PANES = ["now", "code", "architecture"] as const;
export type Pane = (typeof PANES)[number];

export function isPane(text: unknown): text is Pane {
  return (PANES as readonly unknown[]).includes(text);
}

/** What one step of training does, in order. */
export const LOOP_PARTS = ["pick", "forward", "loss", "backward", "adam", "next"] as const;
export type LoopPart = (typeof LOOP_PARTS)[number];

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
  /** The part of a training step that is being walked through. */
  loop = $state<LoopPart | null>(null);
  /** Steps that a scrubber in the code asked for: they move the numbers, and must not move the code from under the hand. */
  readonly scrubbed = new Set<number>();
  #usual: Language;
  /** A link named a place in the code, and the page has not been looked at since. */
  #led = false;

  /** `usual` is the language in which code is shown first, `pane` what stands beside a page at first. */
  constructor(usual: Language, pane: Pane = "now") {
    this.#usual = usual;
    this.pane = pane;
  }

  /** A link names a place in the code: whoever follows it is meant to see that, and not what the page shows beside it. */
  lead(spot: Spot): void {
    this.spot = spot;
    this.pane = "code";
    this.#led = true;
  }

  /** The code goes along with what the page shows, but for where a link has just led. */
  follow(concept: string | null): void {
    if (concept === null) return;
    if (!this.#led) this.point(concept);
    this.#led = false;
  }

  /** Another page is entered: what a link to the last one meant is over. */
  settle(): void {
    this.#led = false;
    this.loop = null;
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
