// The engine in this browser: a worker that runs the lab, one session in it.
// If the worker cannot start or dies, it is made again, and the session is computed anew from what is wanted.
import type { ClientMessage } from "../protocol/types";
import type { Engine, Listener } from "./engine";
import { spell, unpack } from "./wire";
import type { FromWorker } from "./worker";

/** The number of the page's own first command; those of the listener are above it. */
const START = 0;
const PAUSE_MS = 1000;

export class WorkerEngine implements Engine {
  readonly place = "browser";
  #listener: Listener;
  #worker: Worker | null = null;
  /** What is said in one go is posted in one go, so that answers to it come together and are drawn together. */
  #outgoing: string[] = [];
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  open(): void {
    clearTimeout(this.#timer);
    if (this.#worker !== null) return;
    this.#listener.linked("connecting", this.#attempts);
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "glassgpt" });
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#break(event.message);
    };
  }

  retry(): void {
    this.open();
  }

  send(message: ClientMessage): boolean {
    if (this.#worker === null) return false;
    this.#outgoing.push(spell(message));
    if (this.#outgoing.length === 1) queueMicrotask(() => this.#post());
    return true;
  }

  /** The worker loses no message, so this is for a listener that lost one: it begins again. */
  resynchronise(): void {
    this.#break("an event is missing");
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#outgoing = [];
  }

  #post(): void {
    const messages = this.#outgoing;
    this.#outgoing = [];
    if (messages.length > 0) this.#worker?.postMessage(messages);
  }

  #hear(data: FromWorker): void {
    if (data.type === "ready") {
      this.#listener.told(data.catalog);
      this.#listener.found("browser", true);
      this.send({ id: START, command: { type: "start", spec: this.#listener.wanted().spec } });
      return;
    }
    for (const parcel of data.parcels) {
      const message = unpack(parcel);
      if (message.type === "refused" && message.id === START) {
        this.#listener.failed(message.refusal.message);
        continue;
      }
      if (message.type === "done" && message.id === START) continue;
      if (message.type === "snapshot") {
        this.#attempts = 0;
        this.#listener.linked("open", 0);
      }
      this.#listener.heard(message);
    }
  }

  #break(reason: string): void {
    this.close();
    this.#attempts += 1;
    this.#listener.lost();
    this.#listener.failed(reason);
    this.#listener.linked("waiting", this.#attempts);
    this.#timer = setTimeout(() => this.open(), PAUSE_MS * Math.min(this.#attempts, 8));
  }
}
