// Remembers the texts a person brought, per tab, because the engine's snapshot names a corpus but does not repeat it.
// Without them an experiment on one's own text could be neither changed nor brought back after a reload.
import type { Catalog, CorpusSource } from "../protocol/types";

const KEY = "glassgpt.corpora";

type Texts = Record<string, string>;

export class Corpora {
  #texts = $state.raw<Texts>(read());

  remember(corpus: CorpusSource): void {
    if (corpus.from !== "text" || this.#texts[corpus.name] === corpus.text) return;
    this.#texts = { ...this.#texts, [corpus.name]: corpus.text };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.#texts));
    } catch {
      // No storage, or not enough: the text lives as long as the page.
    }
  }

  /** The corpus an experiment calls `name`; null if it was someone's own text and is not known here. */
  find(name: string, catalog: Catalog): CorpusSource | null {
    const text = this.#texts[name];
    if (text !== undefined) return { from: "text", name, text };
    return catalog.corpora.some((corpus) => corpus.name === name) ? { from: "named", name } : null;
  }
}

function read(): Texts {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Texts;
  } catch {
    return {};
  }
}
