// What the page asks of an engine, wherever it runs: find a session, carry messages, say whether anyone listens.
// One interface over two transports, so that nothing above it knows whether a worker or a server computes.
import type { Catalog, ClientMessage, May, ServerMessage, Spec } from "../protocol/types";

/** Where an engine runs. */
export type Place = "browser" | "server";

/** Whether the engine can be heard: being called, heard, or to be called again after a pause. */
export type Link = "connecting" | "open" | "waiting";

/** The session to talk about: one that may still live, and what to set up if it does not; and whether only to look at it. */
export type Wanted = { sessionId: string | null; spec: Spec; look: boolean };

/** Whoever listens to an engine. */
export type Listener = {
  /** What there is to choose from; before the first message. */
  told(catalog: Catalog): void;
  /** Which session is wanted. Asked at every connection. */
  wanted(): Wanted;
  /** The session that was found or set up. Its snapshot follows. */
  found(sessionId: string, fresh: boolean): void;
  /** Whether this client may change the session, or only look at it. */
  allowed(may: May): void;
  /** A message, with arrays where it has readings. */
  heard(message: ServerMessage): void;
  /** The conversation broke: nothing sent before will be answered. */
  lost(): void;
  /** What was wanted cannot be set up, and why. */
  failed(reason: string): void;
  /** The state of the link, and failed attempts in a row. */
  linked(link: Link, attempts: number): void;
};

/** An engine to talk to. */
export interface Engine {
  readonly place: Place;
  /** Opens the conversation and keeps it open. */
  open(): void;
  /** Tries again now instead of after the pause. */
  retry(): void;
  /** Passes a message on; false if nobody listens. */
  send(message: ClientMessage): boolean;
  /** Asks for a new snapshot, because an event is missing. */
  resynchronise(): void;
  /** Ends the conversation for good. */
  close(): void;
}
