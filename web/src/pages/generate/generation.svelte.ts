// What is written at present: the question that the page's order comes to, the engine's answer, and the text that is followed.
// It asks again by itself whenever the order or the model changes; what was written last stays until then.
import { Asked } from "../../lib/state/asked.svelte";
import { samplingOf, type Order } from "../../lib/state/asking.svelte";
import { pieces, type Piece } from "../lab/reading/letters";
import type { PartProps } from "../lab/part";
import type { Question } from "../../lib/protocol/types";
import { lanesOf, type Lane } from "./lanes";

function questionOf({ prefix, seed, count, ...how }: Order): Question {
  return { type: "write", step: null, prefix, samplings: [samplingOf(how)], count, seed };
}

export class Generation {
  #part: () => PartProps;
  #asked: Asked<"writings">;

  readonly order: Order = $derived.by(() => this.#part().desk.asking.order);
  /** The beginning, cut where letters that the model knows and others meet. */
  readonly pieces: readonly Piece[] = $derived.by(() => {
    const { vocab, bos } = this.#part().run.experiment;
    return pieces(this.order.prefix, vocab, bos);
  });
  readonly unknown: boolean = $derived.by(() => this.pieces.some(({ known }) => !known));
  readonly lanes: readonly Lane[] = $derived.by(() => {
    const { answer } = this.#asked;
    return answer === null ? [] : lanesOf(answer, 0, this.#part().run.experiment.config.block_size);
  });
  readonly chosen: number = $derived.by(() => Math.max(0, Math.min(this.#part().desk.asking.lane, this.lanes.length - 1)));
  readonly lane: Lane | null = $derived.by(() => this.lanes[this.chosen] ?? null);

  /** To be made while a component is set up. */
  constructor(part: () => PartProps) {
    this.#part = part;
    this.#asked = new Asked(() => part().session, "writings", () => questionOf(part().desk.asking.order));
  }

  /** Why nothing can be written, if so. */
  get refusal() {
    return this.#asked.refusal;
  }

  /** Whether what is shown is what the page asks for now. */
  get current(): boolean {
    return JSON.stringify(this.#asked.question) === JSON.stringify(questionOf(this.order));
  }

  /** Steps of training done when this was written. */
  get step(): number {
    return this.#asked.answer?.step ?? 0;
  }
}
