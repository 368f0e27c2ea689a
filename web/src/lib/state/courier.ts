// Numbers the page's messages and hands each answer to whoever waits for it.
// Apart from the session, because waiting has nothing to do with what an experiment is.
import type { Answer, ClientMessage, Command, Question, Refusal, ServerMessage } from "../protocol/types";

/** The answer to a question, or why there is none. */
export type Answered = { answer: Answer } | { refusal: Refusal };

/** What each kind of answer holds. */
type Answers = { [A in Answer as A["type"]]: A["answer"] };
/** What the answer to a question holds, if only one kind of answer can come. */
export type AnswerOf<K extends Answer["type"]> = Answers[K];

/** What an answer holds if it is of the kind expected, else null. */
export function contentOf<K extends Answer["type"]>(kind: K, answer: Answer): AnswerOf<K> | null {
  return answer.type === kind ? (answer.answer as AnswerOf<K>) : null;
}

type Waiting = (outcome: { answer: Answer | null } | { refusal: Refusal }) => void;

export class Courier {
  #send: (message: ClientMessage) => boolean;
  #lost: Refusal;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** `lost` is what those who wait are told when the conversation breaks. */
  constructor(send: (message: ClientMessage) => boolean, lost: Refusal) {
    this.#send = send;
    this.#lost = lost;
  }

  /** Sends a command. Resolves to the engine's refusal, if it refuses. */
  command(command: Command): Promise<Refusal | null> {
    return new Promise((resolve) =>
      this.#post({ command }, (outcome) => resolve("refusal" in outcome ? outcome.refusal : null)),
    );
  }

  question(question: Question): Promise<Answered> {
    return new Promise((resolve) =>
      this.#post({ question }, (outcome) => {
        if ("refusal" in outcome) resolve(outcome);
        else resolve(outcome.answer === null ? { refusal: this.#lost } : { answer: outcome.answer });
      }),
    );
  }

  /** Takes the answer out of a message. True if someone waited for it. */
  deliver(message: ServerMessage): boolean {
    switch (message.type) {
      case "done":
        return this.#answer(message.id, { answer: null });
      case "answered":
        return this.#answer(message.id, { answer: message.answer });
      case "refused":
        return message.id !== null && this.#answer(message.id, { refusal: message.refusal });
      default:
        return false;
    }
  }

  /** Nobody will answer any more. */
  loseAll(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const tell of waiting) tell({ refusal: this.#lost });
  }

  #post(message: Omit<ClientMessage, "id">, tell: Waiting): void {
    const id = ++this.#lastId;
    if (this.#send({ id, ...message })) this.#waiting.set(id, tell);
    else tell({ refusal: this.#lost });
  }

  #answer(id: number, outcome: { answer: Answer | null } | { refusal: Refusal }): boolean {
    const tell = this.#waiting.get(id);
    this.#waiting.delete(id);
    tell?.(outcome);
    return tell !== undefined;
  }
}
