// The questions about files: what a session is written to, and what it takes to make a file's model again.
// Apart from the menu, because saving and opening both ask them.
import { m } from "../../../lib/messages/en/share";
import type { Answer, Question, Refusal, Spec } from "../../../lib/protocol/types";
import type { Session } from "../../../lib/state/session.svelte";

/** How to make the model of a file again. */
export type Recipe = { spec: Spec; steps: number; loss: number; params_sha256: string; exact: boolean; glassgpt_version: string };

type FileQuestion = { type: "model_file" } | { type: "safetensors" } | { type: "recipe"; model: string };
type FileAnswer = Answer | { type: "bytes"; answer: string } | { type: "recipe"; answer: Recipe };

export async function askModelFile(session: Session): Promise<{ text: string } | { refusal: Refusal }> {
  const answered = await ask(session, { type: "model_file" });
  if ("refusal" in answered) return answered;
  return answered.answer.type === "text" ? { text: answered.answer.answer } : unexpected();
}

export async function askSafetensors(session: Session): Promise<{ bytes: Uint8Array<ArrayBuffer> } | { refusal: Refusal }> {
  const answered = await ask(session, { type: "safetensors" });
  if ("refusal" in answered) return answered;
  return answered.answer.type === "bytes" ? { bytes: bytesOf(answered.answer.answer) } : unexpected();
}

export async function askRecipe(session: Session, model: string): Promise<{ recipe: Recipe } | { refusal: Refusal }> {
  const answered = await ask(session, { type: "recipe", model });
  if ("refusal" in answered) return answered;
  return answered.answer.type === "recipe" ? { recipe: answered.answer.answer } : unexpected();
}

async function ask(session: Session, question: FileQuestion): Promise<{ answer: FileAnswer } | { refusal: Refusal }> {
  return session.ask(question as unknown as Question) as Promise<{ answer: FileAnswer } | { refusal: Refusal }>;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function unexpected(): { refusal: Refusal } {
  return { refusal: { field: null, message: m.asks.unexpected } };
}
