// Where the rows of a matrix lay at a few earlier steps, kept while the run stays the same.
// Asked one after the other, after the map itself, so that scrubbing never waits for a trail.
import type { Trail } from "../../../lib/kit/types";
import type { EmbeddingMap, Question } from "../../../lib/protocol/types";
import type { Session } from "../../../lib/state/session.svelte";

export type MapQuestion = Extract<Question, { type: "embedding_map" }>;

export class Trails {
  #known = $state.raw<ReadonlyMap<number, EmbeddingMap>>(new Map());
  /** What the maps kept belong to: another run, matrix or reference begins anew. */
  #of: readonly unknown[] = [];
  #asking = false;

  /** To be made while a component is set up. */
  constructor(session: () => Session, wish: () => { steps: readonly number[]; question: MapQuestion; of: readonly unknown[] } | null) {
    $effect(() => {
      const wanted = wish();
      if (wanted === null) return;
      if (wanted.of.some((one, i) => one !== this.#of[i])) {
        this.#of = wanted.of;
        this.#known = new Map();
      }
      const missing = wanted.steps.find((step) => !this.#known.has(step));
      if (missing !== undefined && !this.#asking) void this.#ask(session(), { ...wanted.question, step: missing }, missing, wanted.of);
    });
  }

  /** One trail a row, ending where it is now. */
  to(map: EmbeddingMap, steps: readonly number[]): Trail[] {
    const maps = steps.flatMap((step) => this.#known.get(step) ?? []).filter(({ rows }) => rows.length === map.rows.length);
    return map.rows.map((row, i) => [...maps.map(({ rows }) => rows[i]?.place ?? row.place), row.place]);
  }

  async #ask(session: Session, question: MapQuestion, step: number, of: readonly unknown[]): Promise<void> {
    this.#asking = true;
    const answered = await session.answer("embedding_map", question);
    this.#asking = false;
    if ("refusal" in answered || of !== this.#of) return;
    this.#known = new Map(this.#known).set(step, answered.content);
  }
}
