// Makes the files that the menu saves. Every byte of them comes from the engine; the page only hands them on.
// Apart from the menu, because making is asking, and asking can fail.
import { spell } from "../../../lib/engine/wire";
import type { Refusal } from "../../../lib/protocol/types";
import type { Session } from "../../../lib/state/session.svelte";
import { MEDIA, type SaveKind } from "./files";

export async function make(session: Session, kind: SaveKind): Promise<{ blob: Blob } | { refusal: Refusal }> {
  const made = await contentOf(session, kind);
  return "refusal" in made ? made : { blob: new Blob([made.content], { type: MEDIA[kind] }) };
}

async function contentOf(session: Session, kind: SaveKind): Promise<{ content: string | Uint8Array<ArrayBuffer> } | { refusal: Refusal }> {
  switch (kind) {
    case "trace": {
      const answered = await session.answer("trace", { type: "trace" });
      return "refusal" in answered ? answered : { content: spell(answered.content) };
    }
    case "loss":
      return session.answer("text", { type: "loss_csv" });
    case "model":
      return session.answer("text", { type: "model_file" });
    case "safetensors": {
      const answered = await session.answer("bytes", { type: "safetensors" });
      return "refusal" in answered ? answered : { content: bytesOf(answered.content) };
    }
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
