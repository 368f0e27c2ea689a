// Numbers that a picture shows, by address, read anew whenever the model, the moment or the addresses change.
// What was read last stays until newer numbers arrive, so that nothing flickers.
import { tensors, type Tensor } from "../engine/wire";
import type { Refusal } from "../protocol/types";
import { Asked } from "./asked.svelte";
import type { Session } from "./session.svelte";

export class Watched {
  #asked: Asked<"readings">;
  readonly tensors: ReadonlyMap<string, Tensor> = $derived.by(() => {
    const { question, answer } = this.#asked;
    if (question?.type !== "read" || answer === null) return new Map<string, Tensor>();
    const read = tensors(answer);
    return new Map(read.map((tensor, i) => [question.addresses[i] ?? tensor.address, tensor]));
  });

  /** To be made while a component is set up. An empty list asks for nothing. */
  constructor(session: () => Session, addresses: () => readonly string[]) {
    this.#asked = new Asked(session, "readings", () => {
      const wish = [...addresses()];
      return wish.length === 0 ? null : { type: "read", addresses: wish };
    });
  }

  /** Why the numbers asked for cannot be read. */
  get refusal(): Refusal | null {
    return this.#asked.refusal;
  }

  /** The addresses that `tensors` has, in the order asked for: those of the last answer. */
  get shown(): readonly string[] {
    return this.#asked.question?.type === "read" ? this.#asked.question.addresses : [];
  }

  get(address: string): Tensor | null {
    return this.tensors.get(address) ?? null;
  }
}
