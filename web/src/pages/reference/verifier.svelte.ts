// Runs golden traces again in a worker of their own, one after the other, and can be stopped at any moment.
// The engine compares; here the traces are fetched, handed over, and the verdicts kept.
import { spell, unpack } from "../../lib/engine/wire";
import type { FromWorker } from "../../lib/engine/worker";
import { m } from "../../lib/messages/en/reference/page";
import type { Question, ServerMessage, Spec, Verdict } from "../../lib/protocol/types";
import blog from "../../../../crates/glassgpt-core/golden/blog-names.txt?url";
import gist from "../../../../crates/glassgpt-core/golden/gist-names.txt?url";
import startups from "../../../../crates/glassgpt-core/golden/startups-startups.txt?url";

const TRACES = [blog, gist, startups];

export class Verifier {
  state = $state<"idle" | "running" | "cancelled" | "done" | "failed">("idle");
  verdicts = $state.raw<readonly Verdict[]>([]);
  failure = $state("");
  readonly total = TRACES.length;
  #worker: Worker | null = null;

  /** Whether what is printed is the same everywhere. */
  readonly kept: boolean = $derived(
    this.verdicts.length === TRACES.length && this.verdicts.every(({ nearness, steps, samples_ok }) => samples_ok && nearness.losses_alike === steps),
  );

  async run(): Promise<void> {
    this.stop();
    this.state = "running";
    this.verdicts = [];
    const worker = new Worker(new URL("../../lib/engine/worker.ts", import.meta.url), { type: "module", name: "glassgpt verify" });
    this.#worker = worker;
    try {
      const ask = await ready(worker);
      for (const trace of TRACES) {
        const answered = await fetch(trace);
        if (!answered.ok) throw new Error(`${answered.status} ${answered.statusText}`);
        const verdict = await ask({ type: "verify", trace: await answered.text() });
        if (this.#worker !== worker) return;
        this.verdicts = [...this.verdicts, verdict];
      }
      this.state = "done";
    } catch (error) {
      if (this.#worker !== worker) return;
      this.state = "failed";
      this.failure = error instanceof Error ? error.message : String(error);
    }
    if (this.#worker === worker) this.stop();
  }

  cancel(): void {
    this.stop();
    this.state = "cancelled";
  }

  /** Lets the worker go; whatever it was about is forgotten. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

/** Starts a lab in the worker, with the smallest experiment there is: a question needs a session. Gives the way to ask it. */
function ready(worker: Worker): Promise<(question: Question) => Promise<Verdict>> {
  const waiting = new Map<number, (message: ServerMessage) => void>();
  let id = 0;
  return new Promise((resolve, reject) => {
    const send = (message: object): Promise<ServerMessage> =>
      new Promise((heard, broken) => {
        id += 1;
        worker.onerror = (event) => {
          event.preventDefault();
          const error = new Error(event.message || m.verify.lost);
          broken(error);
          reject(error);
        };
        waiting.set(id, heard);
        worker.postMessage(spell({ id, ...message }));
      });
    const ask = async (question: Question): Promise<Verdict> => {
      const message = await send({ question });
      if (message.type === "answered" && message.answer.type === "verdict") return message.answer.answer;
      throw new Error(message.type === "refused" ? message.refusal.message : m.verify.lost);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message || m.verify.lost));
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "ready") {
        const { config, corpus } = data.catalog.usual;
        const spec: Spec = { config: { ...config, steps: 1 }, corpus: { from: "named", name: corpus }, samples_every: null };
        send({ command: { type: "start", spec } }).then(() => resolve(ask), reject);
        return;
      }
      for (const parcel of data.parcels) {
        const message = unpack(parcel);
        if (!("id" in message) || message.id === null) continue;
        waiting.get(message.id)?.(message);
        waiting.delete(message.id);
      }
    };
  });
}
