// Opens a file that was brought: tells what it is, has the engine train it again, and keeps what came of it.
// One at a time; the run that was there can be had back.
import { m } from "../../../lib/messages/en/share";
import type { Recipe, ReplayReport } from "../../../lib/protocol/types";
import type { Session } from "../../../lib/state/session.svelte";
import { broughtIn } from "./files";

/** What came of a file. */
export type Outcome =
  | { type: "fault"; file: string; message: string }
  | { type: "trace"; file: string; report: ReplayReport }
  | { type: "model"; file: string; recipe: Recipe; found: string };

/** A file larger than this is none of ours. */
const MOST_BYTES = 64 << 20;

export class Opening {
  /** The file at work. */
  busy = $state<string | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Files that were chosen or dropped. */
  async take(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (file === undefined || this.busy !== null) return;
    const fault = (message: string): void => void (this.outcome = { type: "fault", file: file.name, message });
    if (files.length > 1) return fault(m.fault.several);
    const most = this.#mostBytes();
    if (file.size > most) return fault(m.fault.tooLarge(file.size, most));
    this.busy = file.name;
    this.outcome = null;
    try {
      this.outcome = await this.#open(file);
    } finally {
      this.busy = null;
    }
  }

  close(): void {
    this.outcome = null;
  }

  /** Over the socket a file travels in one message. */
  #mostBytes(): number {
    const { place, catalog } = this.#session;
    return place === "server" && catalog !== null ? 3 * catalog.limits.corpus_bytes : MOST_BYTES;
  }

  async #open(file: File): Promise<Outcome> {
    const fault = (message: string): Outcome => ({ type: "fault", file: file.name, message });
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      return fault(m.fault.unreadable);
    }
    const brought = broughtIn(bytes);
    switch (brought.type) {
      case "fault":
        return fault(m.fault[brought.fault]);
      case "trace": {
        this.#session.report = null;
        const refusal = await this.#session.import(brought.trace, brought.text);
        if (refusal !== null) return fault(refusal.message);
        const report = await this.#report();
        return report === null ? fault(m.fault.lost) : { type: "trace", file: file.name, report };
      }
      case "model":
        return this.#makeAgain(file.name, brought.text);
    }
  }

  /** The answer to the command may come before the event that has the report. */
  async #report(): Promise<ReplayReport | null> {
    while (this.#session.report === null && this.#session.connected) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return this.#session.report;
  }

  async #makeAgain(file: string, text: string): Promise<Outcome> {
    const asked = await this.#session.answer("recipe", { type: "recipe", model: text });
    if ("refusal" in asked) return { type: "fault", file, message: asked.refusal.message };
    const recipe = asked.content;
    const outcome = await this.#session.take(recipe.spec, recipe.steps);
    if (outcome.type === "refused") return { type: "fault", file, message: outcome.refusal.message };
    if (outcome.type === "overtaken") return { type: "fault", file, message: m.fault.overtaken };
    const made = await this.#session.answer("text", { type: "model_file" });
    if ("refusal" in made) return { type: "fault", file, message: made.refusal.message };
    return { type: "model", file, recipe, found: fingerprintIn(made.content) };
  }
}

/** The fingerprint of its parameters, as the engine wrote it into the file. */
function fingerprintIn(modelFile: string): string {
  return (JSON.parse(modelFile) as { provenance: { params_sha256: string } }).provenance.params_sha256;
}
