// What the reader looks at: text, position, layer, head, and the numbers pinned. One selection, obeyed everywhere.
// It also spells addresses, so that every picture of the page asks about the same place.
import type { Run } from "../protocol/reduce";

/** Two pins compare. */
const MOST_PINS = 2;

export class Selection {
  /** The text to read; null is the document of the step itself. */
  text = $state<string | null>(null);
  position = $state(2);
  layer = $state(0);
  head = $state(0);
  /** Addresses of numbers held on to, without their moment. */
  pins = $state.raw<readonly string[]>([]);

  /** The selected position in a document that has only `n` of them. */
  within(n: number): number {
    return Math.max(0, Math.min(this.position, n - 1));
  }

  layerOf(run: Run): number {
    return Math.min(this.layer, run.experiment.config.n_layer - 1);
  }

  headOf(run: Run): number {
    return Math.min(this.head, run.experiment.config.n_head - 1);
  }

  /** The full address of a number of what is read here: `p2/logits` becomes `step:136/p2/logits`. */
  at(run: Run, name: string): string {
    return this.#place(run) + name;
  }

  /** The moment whose figures the page shows: that of the last step trained, the one before its update. */
  inside(run: Run): number {
    return Math.max(run.step - 1, 0);
  }

  pin(address: string): void {
    if (this.pins.includes(address)) return;
    this.pins = [...this.pins, address].slice(-MOST_PINS);
  }

  release(address: string): void {
    this.pins = this.pins.filter((pinned) => pinned !== address);
  }

  releaseAll(): void {
    this.pins = [];
  }

  /** A text of one's own is read by the model as it is now; the document of a step, by the model of that step. */
  #place(run: Run): string {
    return this.text === null ? `step:${this.inside(run)}/` : `step:${run.step}/text:${escapeText(this.text)}/`;
  }
}

/** A text as an address spells it. White space, `/` and `%` are escaped, as docs/addresses.md says. */
export function escapeText(text: string): string {
  const encoder = new TextEncoder();
  return [...text]
    .map((letter) =>
      /[\s/%]/u.test(letter)
        ? [...encoder.encode(letter)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("")
        : letter,
    )
    .join("");
}
