// Runs golden traces again in a worker of their own, one after the other, and can be stopped at any moment.
// The engine compares; here the traces are fetched, handed over, and the verdicts kept.
import { m } from "../../lib/messages/en/reference/page";
import type { Verdict } from "../../lib/protocol/types";
import type { FromProof } from "./proof";
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
    const worker = new Worker(new URL("./proof.ts", import.meta.url), { type: "module", name: "glassgpt proof" });
    this.#worker = worker;
    const ask = asking(worker);
    try {
      for (const trace of TRACES) {
        const answered = await fetch(trace);
        if (!answered.ok) throw new Error(`${answered.status} ${answered.statusText}`);
        const verdict = await ask(await answered.text());
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

/** The way to ask a worker, one trace after the other. */
function asking(worker: Worker): (trace: string) => Promise<Verdict> {
  return (trace) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromProof>) => {
        if ("verdict" in data) resolve(data.verdict);
        else reject(new Error(data.refusal));
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message || m.verify.lost));
      };
      worker.postMessage(trace);
    });
}
