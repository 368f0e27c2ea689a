// Carries the form's settings to the session: at once in instant mode, when asked in live mode.
// It outlives the panel, which comes and goes with the width of the window, so that nothing typed is lost.
import { m } from "../../../lib/messages/en/configure";
import type { Run } from "../../../lib/protocol/reduce";
import type { Catalog, CorpusSource, Experiment, PresetEntry, Refusal } from "../../../lib/protocol/types";
import { parseNumber, textOf, type NumberKey, type SettingChange } from "../../../lib/settings";
import { Draft, OWN, type Form } from "../../../lib/state/draft.svelte";
import type { Mode, Session } from "../../../lib/state/session.svelte";
import { placeToStand, type Stand } from "./standing";

/** Typing a text of one's own rests this long before the model is trained on it. */
const REST_MS = 250;

/** What can change in the course of a run, without starting again. */
export type FromHere = "learning_rate" | "schedule" | "temperature";

export class Tuning {
  readonly draft: Draft;
  /** What the preset chosen last changed, until something else is changed. */
  told = $state.raw<{ preset: string; changes: SettingChange[] } | null>(null);
  /** A fault that asks for the reader's attention; a new object each time it does. */
  call = $state.raw<{ field: string } | null>(null);
  /** The temperature typed for live samples; null as long as none was. */
  temperature = $state<string | null>(null);

  #session: Session;
  #catalog: Catalog;
  /** Wishes that have not come to anything yet. */
  #wishes = $state(0);
  #stand: Stand | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, catalog: Catalog) {
    this.#session = session;
    this.#catalog = catalog;
    this.draft = new Draft(session.corpora);
  }

  get busy(): boolean {
    return this.#wishes > 0;
  }

  follow(experiment: Experiment, source: CorpusSource | null): void {
    this.draft.follow(experiment, source, this.#catalog, this.busy);
  }

  /** A slider: every position is a setting to train with. */
  slide(key: NumberKey, value: number | null): void {
    this.draft.write(key, textOf(value));
    this.#changed();
  }

  /** A field, letter by letter: trained with as soon as it makes sense. */
  type(key: NumberKey, text: string): void {
    this.draft.write(key, text);
    this.told = null;
    if (this.instant && this.draft.plausible(this.#catalog)) void this.retrain();
  }

  /** A field left, or Enter pressed: whatever stands there is meant. */
  commit(): void {
    this.draft.past.seal();
    if (this.instant && this.draft.changed) {
      // What makes sense was sent while it was typed.
      if (!(this.busy && this.draft.plausible(this.#catalog))) void this.retrain();
    } else if (this.draft.values === null) this.draft.spec(this.#catalog);
  }

  choose(about: Exclude<keyof Form, "texts">, choices: Partial<Omit<Form, "texts">>): void {
    this.draft.choose(about, choices);
    this.#changed();
  }

  choosePreset(entry: PresetEntry): void {
    const changes = this.draft.changesTo(entry) ?? [];
    this.draft.choosePreset(entry);
    this.#changed();
    this.told = { preset: entry.preset, changes };
  }

  /** A number chosen with one press: the preset's own, or the nearest that would do. */
  pick(key: NumberKey, value: number | null): void {
    this.slide(key, value);
    this.draft.past.seal();
  }

  /** One's own text: typed, pasted, read from a file. */
  writeOwn(name: string, text: string, at: "rest" | "once"): void {
    this.draft.writeOwn(name, text);
    this.told = null;
    clearTimeout(this.#resting);
    if (!this.instant) return;
    if (text.trim() === "") return this.draft.refuse({ field: "corpus", message: m.corpus.own.blank });
    if (at === "once") void this.retrain();
    else this.#resting = setTimeout(() => void this.retrain(), REST_MS);
  }

  /** A whole text, from a file or from before: it takes the form's place for own texts. */
  bring(name: string, text: string): void {
    this.draft.edit(name, text);
    this.choose("corpus", { corpus: OWN });
  }

  undo(): void {
    if (this.draft.undo()) this.#changed();
  }

  redo(): void {
    if (this.draft.redo()) this.#changed();
  }

  setMode(mode: Mode): void {
    this.#session.mode = mode;
    if (mode === "instant" && this.draft.changed) void this.retrain();
  }

  get instant(): boolean {
    return this.#session.mode === "instant";
  }

  /** Instant mode: trains the whole model with what stands in the form, and stands at the same step of it. */
  async retrain(): Promise<void> {
    clearTimeout(this.#resting);
    const { run } = this.#session;
    const spec = this.draft.spec(this.#catalog);
    if (spec === null || run === null) return;
    const standAt = placeToStand(run, this.#stand, this.busy);
    this.#stand = { wanted: standAt, landed: null };
    this.#wishes += 1;
    const outcome = await this.#session.retrain(spec, standAt);
    this.#wishes -= 1;
    if (outcome.type === "overtaken") return;
    this.#stand = { wanted: standAt, landed: this.#session.run?.step ?? null };
    if (outcome.type === "refused") this.draft.refuse(outcome.refusal);
    else this.draft.accept();
  }

  /** Live mode: sets the experiment up and trains it at the chosen pace. */
  async start(): Promise<void> {
    const spec = this.draft.spec(this.#catalog);
    if (spec !== null) {
      this.#wishes += 1;
      const refusal = await this.#session.start(spec);
      this.#wishes -= 1;
      if (refusal === null) return this.draft.accept();
      this.draft.refuse(refusal);
    }
    const field = Object.keys(this.draft.faults)[0];
    if (field !== undefined) this.call = { field };
  }

  /** Live mode: changes a setting from the present step on, without starting again. */
  async applyFromHere(what: FromHere): Promise<void> {
    const refusal = await this.#sendFromHere(what);
    if (refusal !== null) this.draft.refuse(refusal);
    else if (what === "temperature") this.temperature = null;
  }

  #sendFromHere(what: FromHere): Promise<Refusal | null> {
    if (what === "schedule") return this.#session.setSchedule(this.draft.form.schedule);
    const text = what === "temperature" ? (this.temperature ?? "") : this.draft.form.texts.learning_rate;
    const number = parseNumber(text);
    if (number === null) return Promise.resolve({ field: what, message: m.fault.number(what) });
    return what === "temperature" ? this.#session.setTemperature(number) : this.#session.setLearningRate(number);
  }

  #changed(): void {
    this.told = null;
    // A text of one's own is chosen before it is brought.
    const waits = this.draft.form.corpus === OWN && this.draft.ownText.trim() === "" && this.draft.unknownCorpus === null;
    if (this.instant && !waits) void this.retrain();
  }
}

/** Whether a setting changed now would still have steps to act on. */
export function goesOn({ status, step, experiment }: Run): boolean {
  return (status.phase === "running" || status.phase === "paused") && step < experiment.config.steps;
}

const tunings = new WeakMap<Session, Tuning>();

/** The one form of a session. It belongs to no panel: what it derives would stand still once the panel that asked first is gone. */
export function tuningOf(session: Session, catalog: Catalog): Tuning {
  const known = tunings.get(session);
  if (known !== undefined) return known;
  let tuning!: Tuning;
  $effect.root(() => {
    tuning = new Tuning(session, catalog);
  });
  tunings.set(session, tuning);
  return tuning;
}
