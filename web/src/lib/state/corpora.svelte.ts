// Remembers the texts a person brought, per tab, because the engine's snapshot names a corpus but does not repeat it.
// Without them an experiment on one's own text could be neither changed nor brought back after a reload.
import type { Catalog, CorpusSource } from "../protocol/types";

const KEY = "glassgpt.corpora";
const DRAFT_KEY = "glassgpt.ownText";
/** A text that is being typed is stored this often at most. */
const STORE_EVERY_MS = 300;

/** By name. A map, for a name may be any text, `constructor` and `__proto__` too. */
type Texts = ReadonlyMap<string, string>;
/** A text in the form, whether or not it was ever trained on. */
export type OwnText = { name: string; text: string };

export class Corpora {
  #texts = $state.raw<Texts>(new Map(Object.entries(read<Record<string, string>>(KEY) ?? {})));
  #draft: OwnText | null = read(DRAFT_KEY);
  #storing: ReturnType<typeof setTimeout> | undefined;

  remember(corpus: CorpusSource): void {
    if (corpus.from !== "text" || this.#texts.get(corpus.name) === corpus.text) return;
    this.#texts = new Map(this.#texts).set(corpus.name, corpus.text);
    write(KEY, Object.fromEntries(this.#texts));
  }

  /** The text last typed into the form. */
  get draft(): OwnText | null {
    return this.#draft;
  }

  keepDraft(name: string, text: string): void {
    this.#draft = { name, text };
    this.#storing ??= setTimeout(() => this.#storeDraft(), STORE_EVERY_MS);
  }

  /** Stores at once what waits to be stored: the page may be on its way out. */
  flush(): void {
    if (this.#storing !== undefined) this.#storeDraft();
  }

  /** The names of the texts that were trained on, or put aside. */
  get names(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** A text that was brought under this name. */
  brought(name: string): Extract<CorpusSource, { from: "text" }> | null {
    const text = this.#texts.get(name);
    return text === undefined ? null : { from: "text", name, text };
  }

  /** The corpus an experiment calls `name`; null if it was someone's own text and is not known here. */
  find(name: string, catalog: Catalog): CorpusSource | null {
    const brought = this.brought(name);
    if (brought !== null) return brought;
    return catalog.corpora.some((corpus) => corpus.name === name) ? { from: "named", name } : null;
  }

  #storeDraft(): void {
    clearTimeout(this.#storing);
    this.#storing = undefined;
    write(DRAFT_KEY, this.#draft);
  }
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

function write(key: string, what: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(what));
  } catch {
    // No storage, or not enough: the text lives as long as the page.
  }
}
