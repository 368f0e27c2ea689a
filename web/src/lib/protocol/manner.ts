// How messages are handed over: a run tells every slice of its training, many times a second, and answers are for those who asked.
import type { Manner } from "../frame";
import type { ServerMessage } from "./types";

export function mannerOf(message: ServerMessage): Manner {
  if (message.type === "answered") return "answer";
  // The next of its kind follows soon, so showing it may wait.
  if (message.type === "event" && (message.event.type === "trained" || message.event.type === "observed")) return "stream";
  return "news";
}
