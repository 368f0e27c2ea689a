// Which messages are one of many of their kind: a run tells every slice of its training, many times a second.
import type { ServerMessage } from "./types";

/** A message that the next of its kind follows soon, so that showing it may wait for one frame. */
export function streams(message: ServerMessage): boolean {
  return message.type === "event" && (message.event.type === "trained" || message.event.type === "observed");
}
