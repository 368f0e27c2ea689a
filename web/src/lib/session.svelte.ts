// The one place that holds what the engine said and sends it commands; components read it and call it.
// It never computes a number of the model: it folds messages and passes wishes on.
import { Corpora } from "./corpora.svelte";
import { Inbox } from "./frame";
import { fetchCatalog, sessionLives, startSession, Unreachable } from "./protocol/api";
import { Connection } from "./protocol/connection.svelte";
import { nothingHeard, reduce, type Heard, type Run } from "./protocol/reduce";
import type { Catalog, Command, CorpusSource, Experiment, Refusal, Sampling, ServerMessage, Spec } from "./protocol/types";

/** A run that a newer one took the place of. It can be had back exactly, by computing it again. */
export type Replaced = { spec: Spec; experiment: Experiment; steps: number };

const LOST: Refusal = {
  field: null,
  message: "The connection broke before the engine answered. Nothing you typed is lost: try again when it is back.",
};

export class Session {
  heard = $state.raw<Heard>(nothingHeard);
  catalog = $state.raw<Catalog | null>(null);
  /** Steps a second that Train aims at; null is as fast as the machine can. A hundred can still be watched. */
  pace = $state<number | null>(100);
  notice = $state<string | null>(null);
  replaced = $state.raw<Replaced | null>(null);

  readonly run: Run | null = $derived(this.heard.run);
  readonly connection: Connection;
  readonly connected: boolean = $derived.by(() => this.connection.phase === "open" && this.run !== null);

  #corpora = new Corpora();
  #inbox = new Inbox<ServerMessage>((messages) => this.#fold(messages));
  #answers = new Map<number, (refusal: Refusal | null) => void>();
  #lastId = 0;
  /** Steps to run at full speed once the snapshot of a session made by this page arrives. */
  #bringTo: number | "end" | null = null;

  constructor() {
    this.connection = new Connection({
      heard: (message) => this.#inbox.put(message),
      lost: () => this.#loseAnswers(),
      retry: () => this.#findSession(),
    });
  }

  open(): void {
    void this.connection.open();
  }

  /** Trains with the chosen pace; a run that is over starts again from the same initial weights. */
  async train(): Promise<void> {
    const phase = this.run?.status.phase;
    if (phase === "finished" || phase === "diverged") {
      if (!(await this.#tell({ type: "reset" }))) return;
    }
    await this.#tell({ type: "run", steps: null, pace: this.pace });
  }

  async pause(): Promise<void> {
    await this.#tell({ type: "pause" });
  }

  async step(): Promise<void> {
    await this.#tell({ type: "step" });
  }

  async reset(): Promise<void> {
    await this.#tell({ type: "reset" });
  }

  setPace(pace: number | null): void {
    this.pace = pace;
    if (this.run?.status.phase === "running") void this.#tell({ type: "set_pace", pace });
  }

  sample(count: number, sampling: Sampling, prefix: string): Promise<Refusal | null> {
    return this.#ask({ type: "sample", count, sampling, prefix });
  }

  /** Sets up another experiment and trains it. Resolves to the engine's refusal, if it refuses. */
  async start(spec: Spec): Promise<Refusal | null> {
    const replaced = this.#current();
    const refusal = await this.#ask({ type: "start", spec });
    if (refusal !== null) return refusal;
    this.#corpora.remember(spec.corpus);
    this.#replace(replaced);
    void this.train();
    return null;
  }

  /** Brings the replaced run back, to the step it had reached. */
  async undo(): Promise<void> {
    const wanted = this.replaced;
    const current = this.#current();
    if (wanted === null || !(await this.#tell({ type: "start", spec: wanted.spec }))) return;
    this.#corpora.remember(wanted.spec.corpus);
    this.#replace(current);
    await this.#tell({ type: "run", steps: wanted.steps, pace: null });
  }

  /** The corpus of the experiment at hand, if this page can name it. */
  corpusOf(experiment: Experiment): CorpusSource | null {
    return this.catalog === null ? null : this.#corpora.find(experiment.corpus, this.catalog);
  }

  #current(): Replaced | null {
    const run = this.run;
    const steps = run?.step ?? 0;
    const corpus = run === null ? null : this.corpusOf(run.experiment);
    if (run === null || corpus === null) return null;
    return { spec: { config: run.experiment.config, corpus }, experiment: run.experiment, steps };
  }

  /** A run is worth keeping once it has taken a step. */
  #replace(run: Replaced | null): void {
    this.replaced = run !== null && run.steps > 0 ? run : null;
  }

  /** Sends a command; a refusal becomes the notice. True if it was carried out. */
  async #tell(command: Command): Promise<boolean> {
    const refusal = await this.#ask(command);
    this.notice = refusal === null ? null : refusal.message;
    return refusal === null;
  }

  #ask(command: Command): Promise<Refusal | null> {
    const id = ++this.#lastId;
    if (!this.connection.send({ id, command })) return Promise.resolve(LOST);
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  #fold(messages: ServerMessage[]): void {
    this.heard = messages.reduce(reduce, this.heard);
    for (const message of messages) {
      if (message.type === "snapshot") this.#settle();
      if (message.type === "done") this.#answer(message.id, null);
      if (message.type === "refused") {
        if (message.id === null) this.notice = message.refusal.message;
        else this.#answer(message.id, message.refusal);
      }
    }
    if (this.heard.behind) this.connection.reopen();
  }

  #answer(id: number, refusal: Refusal | null): void {
    this.#answers.get(id)?.(refusal);
    this.#answers.delete(id);
  }

  #loseAnswers(): void {
    this.#inbox.flush();
    for (const resolve of this.#answers.values()) resolve(LOST);
    this.#answers.clear();
  }

  /** After the first snapshot of a session: train a fresh one, or pick up the pace of one that runs. */
  #settle(): void {
    const goal = this.#bringTo;
    this.#bringTo = null;
    const status = this.run?.status;
    if (goal !== null && status?.phase === "ready" && goal !== 0) {
      void this.#ask({ type: "run", steps: goal === "end" ? null : goal, pace: null });
    } else if (goal === null && status?.phase === "running") {
      this.pace = status.pace;
    }
  }

  /** The session to connect to: the one at hand or in the address if it lives, else a new one. */
  async #findSession(): Promise<string> {
    this.catalog ??= await fetchCatalog();
    const known = this.heard.sessionId ?? new URL(location.href).searchParams.get("session");
    if (known !== null && (await sessionLives(known))) return known;

    const before = this.#current();
    const preset = this.catalog.presets[0];
    const spec: Spec | null =
      before?.spec ?? (preset ? { config: preset.config, corpus: { from: "named", name: preset.corpus } } : null);
    if (spec === null) throw new Unreachable("the catalog has no presets");
    const started = await startSession(spec);
    if ("refusal" in started) throw new Unreachable(started.refusal.message);

    if (before !== null) {
      this.notice = "The session was gone: the engine was restarted, or someone ended it. The same settings were computed again, to the same step.";
    } else if (known !== null) {
      this.notice = "That session is no longer there. This is a new one.";
    }
    const over = this.run?.status.phase === "finished" || this.run?.status.phase === "diverged";
    this.#bringTo = before === null || over ? "end" : before.steps;
    remember(started.sessionId);
    return started.sessionId;
  }
}

function remember(sessionId: string): void {
  const url = new URL(location.href);
  url.searchParams.set("session", sessionId);
  history.replaceState(null, "", url);
}
