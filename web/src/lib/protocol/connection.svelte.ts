// Keeps one socket to one session open: parses what comes, retries with growing pauses when it breaks.
// Apart from the session, because what is said and whether anyone is listening are different questions.
import { socketUrl } from "./api";
import type { ClientMessage, ServerMessage } from "./types";

/** The server closes with this code when it does not know the session. */
const UNKNOWN_SESSION = 4404;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

export type Listener = {
  heard(message: ServerMessage): void;
  /** The socket broke or never opened. */
  lost(): void;
  /** Time to try again. Resolves to the session to connect to. */
  retry(): Promise<string>;
};

export class Connection {
  phase = $state<"connecting" | "open" | "waiting">("connecting");
  /** Failed attempts in a row. */
  attempts = $state(0);

  #listener: Listener;
  #socket: WebSocket | null = null;
  #opening = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Asks the listener for a session and connects to it; on failure waits and asks again. */
  async open(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#socket !== null || this.#opening) return;
    this.#opening = true;
    this.phase = "connecting";
    try {
      this.#connect(await this.#listener.retry());
    } catch {
      this.#waitAndRetry();
    } finally {
      this.#opening = false;
    }
  }

  /** Drops the socket and opens it again: the server answers with a snapshot. */
  reopen(): void {
    this.#socket?.close();
  }

  send(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #connect(sessionId: string): void {
    const socket = new WebSocket(socketUrl(sessionId));
    this.#socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => {
      this.phase = "open";
      this.attempts = 0;
      this.#listener.heard(JSON.parse(event.data) as ServerMessage);
    };
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#listener.lost();
      if (event.code === UNKNOWN_SESSION && this.attempts === 0) {
        this.attempts = 1;
        void this.open();
      } else {
        this.#waitAndRetry();
      }
    };
  }

  #waitAndRetry(): void {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.attempts, LONGEST_PAUSE_MS);
    this.phase = "waiting";
    this.attempts += 1;
    this.#timer = setTimeout(() => void this.open(), pause);
  }
}
