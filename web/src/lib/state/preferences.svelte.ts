// How the reader likes the page: motion, single-letter shortcuts, where to compute, how deep explanations go, how code is shown.
// Remembered where the browser allows it. Apart from the experiment, because a link must not change them.
import type { Place } from "../engine/engine";
import type { Language } from "../source/language";
import { isPane, type Pane } from "./desk.svelte";

export type Motion = "system" | "full" | "reduced";
/** With school mathematics, for who builds, for who knows: in the order in which explanations are written. */
export const DEPTHS = ["beginner", "practitioner", "expert"] as const;
export type Depth = (typeof DEPTHS)[number];

const KEY = "glassgpt.preferences";

type Stored = { motion: Motion; shortcuts: boolean; place: Place | null; depth: Depth; language: Language; codeWidth: number; pane: Pane };

const DEFAULTS: Stored = { motion: "system", shortcuts: true, place: null, depth: "beginner", language: "rust", codeWidth: 480, pane: "now" };

export class Preferences {
  #stored = $state<Stored>(read());
  #systemReduced = $state(false);
  /** Whether things may move. */
  readonly still: boolean = $derived(
    this.#stored.motion === "reduced" || (this.#stored.motion === "system" && this.#systemReduced),
  );

  constructor() {
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    this.#systemReduced = reduced.matches;
    reduced.addEventListener("change", () => (this.#systemReduced = reduced.matches));
    this.#mark();
  }

  get motion(): Motion {
    return this.#stored.motion;
  }
  set motion(motion: Motion) {
    this.#stored.motion = motion;
    this.#mark();
    this.#write();
  }

  get shortcuts(): boolean {
    return this.#stored.shortcuts;
  }
  set shortcuts(on: boolean) {
    this.#stored.shortcuts = on;
    this.#write();
  }

  /** Where the reader wants the engine; null if the page is to choose. */
  get place(): Place | null {
    return this.#stored.place;
  }
  set place(place: Place | null) {
    this.#stored.place = place;
    this.#write();
  }

  get depth(): Depth {
    return this.#stored.depth;
  }
  set depth(depth: Depth) {
    this.#stored.depth = depth;
    this.#write();
  }

  /** The language in which code is shown first. */
  get language(): Language {
    return this.#stored.language;
  }
  set language(language: Language) {
    this.#stored.language = language;
    this.#write();
  }

  /** Pixels that the column with the code is wide. */
  get codeWidth(): number {
    return this.#stored.codeWidth;
  }
  set codeWidth(width: number) {
    this.#stored.codeWidth = width;
    this.#write();
  }

  /** What stood beside the page last, on a screen that has room for it. */
  get pane(): Pane {
    return isPane(this.#stored.pane) ? this.#stored.pane : "now";
  }
  set pane(pane: Pane) {
    if (pane === this.#stored.pane) return;
    this.#stored.pane = pane;
    this.#write();
  }

  /** Style sheets ask the root element. */
  #mark(): void {
    document.documentElement.dataset["motion"] = this.#stored.motion;
  }

  #write(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#stored));
    } catch {
      // Not remembered, but in force.
    }
  }
}

function read(): Stored {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Stored>) };
  } catch {
    return { ...DEFAULTS };
  }
}

/** The reader's preferences. */
export const preferences = new Preferences();
