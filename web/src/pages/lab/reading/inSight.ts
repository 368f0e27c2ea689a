// The text as a figure sees it that asks for numbers only while it is near the window.
// A view is several screens long: what nobody looks at costs the engine and the page nothing.
import type { ReadText } from "./text.svelte";

/** What figures use of a text. */
export type TextHere = Pick<ReadText, "place" | "position" | "losses" | "refusal" | "calm" | "asked" | "askedCalmly">;

export function whileSeen(text: TextHere, seen: () => boolean): TextHere {
  return {
    get place() {
      return text.place;
    },
    get position() {
      return text.position;
    },
    get losses() {
      return text.losses;
    },
    get refusal() {
      return text.refusal;
    },
    get calm() {
      return text.calm;
    },
    get asked() {
      return seen() ? text.asked : null;
    },
    get askedCalmly() {
      return seen() ? text.askedCalmly : null;
    },
  };
}
