// The engine on the server that handed out the page: a session over HTTP, then a socket that is kept open.
// It retries with growing pauses; after a restart of the server the session is found again or set up anew.
import { fetchCatalog, sessionLives, socketUrl, startSession, type Seen } from "../protocol/api";
import type { ClientMessage, ServerMessage } from "../protocol/types";
import type { Engine, Listener } from "./engine";
import { parse, spell } from "./wire";

/** The server closes with this code when it does not know the session. */
const UNKNOWN_SESSION = 4404;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

export class SocketEngine implements Engine {
  readonly place = "server";
  #listener: Listener;
  #socket: WebSocket | null = null;
  #opening = false;
  #closed = false;
  /** Where the conversation stands, so that the next socket can go on from there. */
  #seen: Seen | null = null;
  #life = "";
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  open(): void {
    clearTimeout(this.#timer);
    if (this.#socket !== null || this.#opening || this.#closed) return;
    this.#opening = true;
    this.#listener.linked("connecting", this.#attempts);
    void this.#find()
      .then((sessionId) => (this.#closed ? undefined : this.#connect(sessionId)))
      .catch(() => this.#waitAndRetry())
      .finally(() => (this.#opening = false));
  }

  retry(): void {
    this.open();
  }

  send(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(spell(message));
    return true;
  }

  /** The server greets a socket that says nothing of what it saw with a snapshot. */
  resynchronise(): void {
    this.#seen = null;
    this.#socket?.close();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  async #find(): Promise<string> {
    this.#listener.told(await fetchCatalog());
    const { sessionId, spec } = this.#listener.wanted();
    if (sessionId !== null && (await sessionLives(sessionId))) {
      this.#listener.found(sessionId, false);
      return sessionId;
    }
    const started = await startSession(spec);
    if ("refusal" in started) {
      this.#listener.failed(started.refusal.message);
      throw new Error(started.refusal.message);
    }
    this.#listener.found(started.sessionId, true);
    return started.sessionId;
  }

  #connect(sessionId: string): void {
    const socket = new WebSocket(socketUrl(sessionId, this.#seen, this.#listener.wanted().look));
    this.#socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => {
      if (this.#attempts > 0 || socket !== this.#socket) this.#attempts = 0;
      this.#listener.linked("open", 0);
      this.#hear(parse(event.data));
    };
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#listener.lost();
      if (event.code === UNKNOWN_SESSION && this.#attempts === 0) {
        this.#attempts = 1;
        this.open();
      } else {
        this.#waitAndRetry();
      }
    };
  }

  #hear(message: ServerMessage): void {
    if (message.type === "hello") {
      // The number of the last event heard counts in this life only.
      this.#seen = this.#seen?.life === message.life ? this.#seen : null;
      this.#life = message.life;
      this.#listener.allowed(message.may);
      return;
    }
    if (message.type === "events") {
      for (const event of message.events) this.#hear({ type: "event", ...event });
      return;
    }
    if (message.type === "snapshot") this.#seen = { life: this.#life, seq: message.snapshot.seq };
    if (message.type === "event" && this.#seen !== null) this.#seen = { ...this.#seen, seq: message.seq };
    this.#listener.heard(message);
  }

  #waitAndRetry(): void {
    if (this.#closed) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#attempts, LONGEST_PAUSE_MS);
    this.#attempts += 1;
    this.#listener.linked("waiting", this.#attempts);
    this.#timer = setTimeout(() => this.open(), pause);
  }
}
