// The one place that holds what the engine said and sends it commands; components read it and call it.
// It never computes a number of the model: it folds messages and passes wishes on.
import type { Engine, Link, Listener, Place, Wanted } from "../engine/engine";
import { SocketEngine } from "../engine/socketEngine";
import { Verbatim } from "../engine/wire";
import { WorkerEngine } from "../engine/workerEngine";
import { Inbox } from "../frame";
import { m } from "../messages/en/session";
import { nothingHeard, reduce, type Heard, type Run } from "../protocol/reduce";
import { mannerOf } from "../protocol/manner";
import type { Answer, Catalog, Command, CorpusSource, Experiment, Question, Refusal, ReplayReport, Sampling, Schedule, ServerMessage, Spec, Trace } from "../protocol/types";
import { begins, over, standing, usual, type First, type StandAt } from "./beginning";
import { Corpora } from "./corpora.svelte";
import { contentOf, Courier, type AnswerOf, type Answered } from "./courier";
import { Retraining, type Wish, type WishOutcome } from "./retraining";

/** A run that a newer one took the place of. It can be had back exactly, by computing it again. */
export type Replaced = { spec: Spec; experiment: Experiment; steps: number };

/** Instant: every change retrains the whole model at once. Live: one watches it train. */
export type Mode = "instant" | "live";

/** A training asked for while a slow one runs takes its place after this long. */
const PATIENCE_MS = 400;
/** A retraining that takes longer than this shows how far it is. */
const SHOW_PROGRESS_MS = 250;

export class Session {
  /** What the page shows: all that was heard, but for a retraining still under way. */
  heard = $state.raw<Heard>(nothingHeard);
  catalog = $state.raw<Catalog | null>(null);
  link = $state<Link>("connecting");
  attempts = $state(0);
  place = $state<Place>("browser");
  mode = $state<Mode>("instant");
  /** Steps a second that Train aims at; null is as fast as the machine can. A hundred can still be watched. */
  pace = $state<number | null>(100);
  /** Why no session could be set up, if so. */
  failure = $state<string | null>(null);
  notice = $state<string | null>(null);
  replaced = $state.raw<Replaced | null>(null);
  /** Whether the trace imported last came true. */
  report = $state.raw<ReplayReport | null>(null);
  /** The experiment of the run at hand, as it can be asked for again; null if its corpus is not known here. */
  spec = $state.raw<Spec | null>(null);
  /** Counts everything that may change a number shown. Pictures that read it are drawn anew. */
  moment = $state(0);
  /** Whether a whole retraining is under way. */
  retraining = $state(false);

  readonly run: Run | null = $derived(this.heard.run);
  /** Whether this page may only look at the session. */
  looking = $state(false);
  readonly connected: boolean = $derived(this.link === "open" && this.heard.run !== null);
  /** Whether what is asked of the session here can come about. */
  readonly mayCommand: boolean = $derived(this.connected && !this.looking);

  readonly corpora = new Corpora();
  #engine: Engine | null = null;
  #inbox = new Inbox<ServerMessage>((messages) => this.#fold(messages), mannerOf);
  #courier = new Courier((message) => this.#engine?.send(message) ?? false, { field: null, message: m.lost });
  #retraining = new Retraining((wish, signal) => this.#retrain(wish, signal), PATIENCE_MS);
  /** Folded, but not shown yet. */
  #latest: Heard = nothingHeard;
  #holdSince: number | null = null;
  #first: First = { sessionId: null, begin: usual };
  /** Where to bring the session, once the snapshot of one made by this page arrives. */
  #bringTo: StandAt | null = null;
  #phaseWatchers = new Set<() => void>();
  /** Runs that were told to have begun. */
  #begun = 0;

  /** Begins to talk to the engine at `place` about `first`. */
  open(place: Place, first: First): void {
    this.#first = first;
    this.#bringTo = null;
    this.spec = null;
    this.#attach(place);
  }

  /** Goes on with the same experiment on the engine at another place. */
  switchTo(place: Place): void {
    if (place === this.place && this.#engine !== null) return;
    const run = this.run;
    const { begin } = this.#first;
    this.#first = { sessionId: null, begin };
    this.#bringTo = run === null ? null : standing(run);
    this.#attach(place);
  }

  retryNow(): void {
    this.#engine?.retry();
  }

  /** Trains with the chosen pace; a run that is over starts again from the same initial weights. */
  async train(steps: number | null = null): Promise<void> {
    if (this.run !== null && over(this.run) && !(await this.tell({ type: "reset" }))) return;
    await this.tell({ type: "run", steps, pace: this.pace });
  }

  async pause(): Promise<void> {
    await this.tell({ type: "pause" });
  }

  async step(): Promise<void> {
    await this.tell({ type: "step" });
  }

  async reset(): Promise<void> {
    await this.tell({ type: "reset" });
  }

  /** Moves everything to another moment of the run; null is the present branch. */
  async seek(step: number, branch: number | null = null): Promise<boolean> {
    return this.tell({ type: "seek", branch, step });
  }

  setPace(pace: number | null): void {
    this.pace = pace;
    if (this.run?.status.phase === "running") void this.tell({ type: "set_pace", pace });
  }

  setLearningRate(learning_rate: number): Promise<Refusal | null> {
    return this.#courier.command({ type: "set_learning_rate", learning_rate });
  }

  setSchedule(schedule: Schedule): Promise<Refusal | null> {
    return this.#courier.command({ type: "set_schedule", schedule });
  }

  setTemperature(temperature: number): Promise<Refusal | null> {
    return this.#courier.command({ type: "set_temperature", temperature });
  }

  sample(count: number, sampling: Sampling, prefix: string): Promise<Refusal | null> {
    return this.#courier.command({ type: "sample", count, sampling, prefix });
  }

  /** Trains a trace again; `report` says whether it came true. One from a file goes to the engine as it is written there. */
  async import(trace: Trace, written?: string): Promise<Refusal | null> {
    const replaced = this.#current();
    const sent = written === undefined ? trace : (new Verbatim(written) as unknown as Trace);
    const refusal = await this.#courier.command({ type: "import", trace: sent });
    if (refusal !== null) return refusal;
    this.corpora.remember(trace.spec.corpus);
    this.#rememberSpec();
    this.#replace(replaced);
    return null;
  }

  /** Takes up another experiment as a whole, as from a link or a file; what it replaces can be had back. */
  async take(spec: Spec, standAt: number | "end"): Promise<WishOutcome> {
    const replaced = this.#current();
    const outcome = await this.retrain(spec, standAt);
    if (outcome.type === "trained") this.#replace(replaced);
    return outcome;
  }

  /** Live mode: sets up another experiment at step 0 and trains it at the chosen pace. */
  async start(spec: Spec): Promise<Refusal | null> {
    const replaced = this.#current();
    const refusal = await this.#start(spec);
    if (refusal !== null) return refusal;
    this.#replace(replaced);
    void this.train();
    return null;
  }

  /** Instant mode: trains the whole model of another experiment, then stands at a step of it. */
  async retrain(spec: Spec, standAt: number | "end" = "end"): Promise<WishOutcome> {
    this.retraining = true;
    const outcome = await this.#retraining.wish({ spec, standAt });
    this.retraining = this.#retraining.busy;
    return outcome;
  }

  /** Brings the replaced run back, to the step it had reached. */
  async undo(): Promise<void> {
    const wanted = this.replaced;
    if (wanted === null) return;
    const current = this.#current();
    const outcome = await this.retrain(wanted.spec, wanted.steps);
    if (outcome.type === "trained") this.#replace(current);
    if (outcome.type === "refused") this.notice = outcome.refusal.message;
  }

  ask(question: Question): Promise<Answered> {
    return this.#courier.question(question);
  }

  /** Asks, and gives what one kind of answer holds; else the refusal. */
  async answer<K extends Answer["type"]>(kind: K, question: Question): Promise<{ content: AnswerOf<K> } | { refusal: Refusal }> {
    const answered = await this.ask(question);
    if ("refusal" in answered) return answered;
    const content = contentOf(kind, answered.answer);
    return content === null ? { refusal: { field: null, message: m.otherAnswer } } : { content };
  }

  /** Sends a command; a refusal becomes the notice. True if it was carried out. */
  async tell(command: Command): Promise<boolean> {
    if (this.looking) {
      this.notice = m.looking;
      return false;
    }
    const refusal = await this.#courier.command(command);
    this.notice = refusal === null ? null : refusal.message;
    return refusal === null;
  }

  #attach(place: Place): void {
    this.#retraining.cancel();
    this.#engine?.close();
    this.#courier.loseAll();
    this.#latest = nothingHeard;
    this.#holdSince = null;
    this.place = place;
    this.looking = false;
    this.failure = null;
    const listener = this.#listener();
    this.#engine = place === "browser" ? new WorkerEngine(listener) : new SocketEngine(listener);
    this.#engine.open();
  }

  #listener(): Listener {
    return {
      told: (catalog) => (this.catalog = catalog),
      wanted: () => this.#wanted(),
      found: (sessionId, fresh) => this.#found(sessionId, fresh),
      allowed: (may) => (this.looking = may === "look"),
      heard: (message) => {
        this.#inbox.put(message);
        // Nothing is drawn while a retraining is under way, so there is no frame to wait for.
        if (this.#holdSince !== null) this.#inbox.flush();
      },
      lost: () => {
        this.#inbox.flush();
        this.#courier.loseAll();
        this.#release();
      },
      failed: (reason) => (this.failure = reason),
      linked: (link, attempts) => {
        this.link = link;
        this.attempts = attempts;
      },
    };
  }

  /** The session at hand, else the first one wanted; and what to compute again should it be gone. */
  #wanted(): Wanted {
    const known = this.heard.sessionId ?? this.#first.sessionId;
    return { sessionId: known, spec: this.spec ?? this.#firstSpec(), look: this.#first.look ?? false };
  }

  #firstSpec(): Spec {
    if (this.catalog === null) throw new Error("an engine tells what there is before it asks what is wanted");
    const { spec, standAt } = this.#first.begin(this.catalog);
    this.#bringTo ??= standAt;
    return spec;
  }

  #found(sessionId: string, fresh: boolean): void {
    const known = this.heard.sessionId ?? this.#first.sessionId;
    this.failure = null;
    if (!fresh) {
      this.#bringTo = null;
      return;
    }
    const run = this.run;
    if (run !== null && known !== null && this.#bringTo === null) {
      this.notice = m.sessionGone;
      this.#bringTo = standing(run);
    } else if (run === null && known !== null && known !== sessionId) {
      this.notice = m.sessionUnknown;
    }
    this.spec ??= this.#firstSpec();
  }

  /** After the first snapshot of a session: train a fresh one, or pick up the pace of one that runs. */
  #settle(): void {
    const goal = this.#bringTo;
    this.#bringTo = null;
    const status = this.#latest.run?.status;
    this.#rememberSpec();
    if (goal !== null && goal !== "untrained" && status?.phase === "ready") {
      this.#hold();
      void this.#bring(goal).finally(() => this.#release());
    } else if (status?.phase === "running") {
      this.pace = status.pace;
    }
  }

  /** Trains to the end at full speed and stands at `goal`; what comes after it is there to be sought. */
  async #bring(goal: number | "end"): Promise<Refusal | null> {
    // The answer to the command may overtake what it leads to, so the run is over only once it was heard to begin.
    const before = this.#begun;
    const refusal = await this.#courier.command({ type: "run", steps: null, pace: null });
    if (refusal !== null) return refusal;
    await this.#whenOver(before);
    const end = this.#latest.run?.step ?? 0;
    if (goal === "end" || goal >= end) return null;
    return this.#courier.command({ type: "seek", branch: null, step: goal });
  }

  async #retrain({ spec, standAt }: Wish, signal: AbortSignal): Promise<Refusal | null> {
    this.#hold();
    try {
      const refusal = await this.#start(spec);
      if (refusal !== null || signal.aborted) return refusal;
      const aborted = new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));
      return await Promise.race([this.#bring(standAt), aborted]);
    } finally {
      this.#inbox.flush();
      this.#release();
    }
  }

  async #start(spec: Spec): Promise<Refusal | null> {
    const refusal = await this.#courier.command({ type: "start", spec });
    if (refusal !== null) return refusal;
    this.corpora.remember(spec.corpus);
    this.spec = spec;
    return null;
  }

  /** Resolves when a run that began after `before` others is over, or lost. */
  #whenOver(before: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        const phase = this.#latest.run?.status.phase;
        if ((phase === "running" || this.#begun <= before) && this.link === "open") return;
        this.#phaseWatchers.delete(look);
        resolve();
      };
      this.#phaseWatchers.add(look);
      look();
    });
  }

  #hold(): void {
    this.#holdSince = performance.now();
  }

  #release(): void {
    this.#holdSince = null;
    this.#show();
  }

  #show(): void {
    if (this.heard === this.#latest) return;
    this.heard = this.#latest;
    this.moment += 1;
  }

  #current(): Replaced | null {
    const run = this.run;
    if (run === null || this.spec === null) return null;
    return { spec: this.spec, experiment: run.experiment, steps: run.step };
  }

  /** A run is worth keeping once it has taken a step. */
  #replace(run: Replaced | null): void {
    this.replaced = run !== null && run.steps > 0 ? run : null;
  }

  /** The experiment of a session that this page did not set up, as far as it can be named. */
  #rememberSpec(): void {
    const experiment = this.#latest.run?.experiment;
    if (experiment === undefined || this.catalog === null) return;
    const corpus: CorpusSource | null = this.corpora.find(experiment.corpus, this.catalog);
    const { config, samples_every, held_out_every } = experiment;
    this.spec = corpus === null ? null : { config, corpus, samples_every, held_out_every };
  }

  #fold(messages: ServerMessage[]): void {
    const before = this.#latest;
    this.#latest = messages.reduce(reduce, this.#latest);
    let settled = false;
    for (const message of messages) {
      if (message.type === "snapshot") settled = true;
      if (begins(message)) this.#begun += 1;
      if (message.type === "event" && message.event.type === "imported") this.report = message.event.report;
      if (message.type === "event" && (message.event.type === "started" || message.event.type === "imported")) {
        if (this.#holdSince === null) queueMicrotask(() => this.#rememberSpec());
      }
      if (!this.#courier.deliver(message) && message.type === "refused" && message.id === null) {
        this.notice = message.refusal.message;
      }
    }
    if (settled) this.#settle();
    for (const look of [...this.#phaseWatchers]) look();
    const held = this.#holdSince !== null && performance.now() - this.#holdSince < SHOW_PROGRESS_MS;
    if (this.#latest !== before && !held) this.#show();
    if (this.#latest.behind) this.#engine?.resynchronise();
  }
}
