// The settings as they stand in the form, which may differ from those of the experiment on screen.
// Numbers stay the text that was typed until they are sent, so that nothing typed is ever lost.
import { m } from "../messages/en/configure";
import type { Activation, Catalog, CorpusSource, Experiment, Preset, PresetEntry, Refusal, Schedule, Spec } from "../protocol/types";
import {
  boundsOf, changesBetween, CHOICE_KEYS, isNumber, isWhole, isWithin, LAB_DEFAULTS, NUMBER_KEYS, specOf, typed, valueOf, valuesOf,
  type Around, type Faults, type NumberKey, type SettingChange, type SettingKey, type Texts, type Values,
} from "../settings";
import type { Corpora } from "./corpora.svelte";
import { Past } from "./past.svelte";

/** The corpus choice that is one's own text. Every other is the name of a corpus. */
export const OWN = "\0own";

/** All of the form but one's own text, as undo brings it back. */
export type Form = { texts: Texts; schedule: Schedule; activation: Activation; zero_init: boolean; corpus: string };
type Choices = Omit<Form, "texts">;

/** What the form is compared with: the experiment on screen. */
type Base = { values: Values; num_docs: number; corpusName: string; source: CorpusSource | null };

const BLANK: Form = {
  texts: Object.fromEntries(NUMBER_KEYS.map((key) => [key, ""])) as Texts,
  schedule: "linear", activation: "relu", zero_init: false, corpus: "",
};

export class Draft {
  form = $state.raw<Form>(BLANK);
  ownName = $state<string>(m.corpus.own.usualName);
  ownText = $state("");
  faults = $state.raw<Faults>({});
  /** The setting changed last: an objection to a pair of settings is shown where the eye is. */
  touched = $state<NumberKey | null>(null);
  readonly past = new Past<Form>();

  #base = $state.raw<Base | null>(null);
  /** The preset that resets lead back to: the last one the form spelled out. */
  #basis = $state<Preset | null>(null);
  #corpora: Corpora;
  /** All numbers of the form; null if one cannot be read. */
  readonly values: Values | null = $derived.by(() => this.#read());
  readonly changed: boolean = $derived.by(() => this.#differs());

  /** `corpora` knows the texts that were brought before. */
  constructor(corpora: Corpora) {
    this.#corpora = corpora;
    const kept = corpora.draft;
    if (kept === null) return;
    this.ownName = kept.name;
    this.ownText = kept.text;
  }

  /** The experiment on screen is now this one: show it, unless someone is in the middle of an edit. */
  follow(experiment: Experiment, source: CorpusSource | null, catalog: Catalog, busy: boolean): void {
    const first = this.#base === null;
    const edited = busy || (!first && this.#differs());
    this.#base = { values: valuesOf(experiment), num_docs: experiment.num_docs, corpusName: experiment.corpus, source };
    if (!edited) this.#restore(first ? null : "elsewhere");
    this.#settleBasis(catalog);
  }

  /** Back to the settings of the experiment on screen. */
  restore(): void {
    this.#restore("restore");
  }

  write(key: NumberKey, text: string): void {
    this.past.keep(this.form, key);
    this.form = { ...this.form, texts: { ...this.form.texts, [key]: text } };
    this.touched = key;
    this.#forgive(key);
  }

  choose(about: keyof Choices, choices: Partial<Choices>): void {
    this.past.keep(this.form, about);
    this.past.seal();
    this.form = { ...this.form, ...choices };
    this.touched = null;
    this.#forgive(about);
  }

  choosePreset({ preset, corpus, config }: PresetEntry): void {
    this.past.keep(this.form, "preset");
    this.past.seal();
    const { samples_every, held_out_every } = this.form.texts;
    const texts = { ...typed({ ...config, ...LAB_DEFAULTS }), samples_every, held_out_every };
    this.form = { texts, schedule: config.schedule, activation: config.activation, zero_init: config.zero_init, corpus };
    this.#basis = preset;
    this.faults = {};
    this.touched = null;
  }

  /** Takes up another text of one's own; the one that was in the form stays among the earlier ones. */
  edit(name: string, text: string): void {
    if (this.ownText.trim() !== "" && this.ownText !== text) {
      const aside = name === this.ownName ? m.corpus.own.before(name) : this.ownName;
      this.#corpora.remember({ from: "text", name: aside, text: this.ownText });
    }
    this.writeOwn(name, text);
  }

  /** One's own text, kept at once. */
  writeOwn(name: string, text: string): void {
    this.ownName = name;
    this.ownText = text;
    this.#corpora.keepDraft(name, text);
    this.#forgive("corpus");
  }

  undo(): boolean {
    return this.#travel(this.past.undo(this.form));
  }

  redo(): boolean {
    return this.#travel(this.past.redo(this.form));
  }

  /** The preset the form spells out, if it does. */
  preset(catalog: Catalog): Preset | null {
    return catalog.presets.find((entry) => this.changesTo(entry)?.length === 0)?.preset ?? null;
  }

  /** What choosing a preset would change; null while a number cannot be read. */
  changesTo({ config, corpus }: PresetEntry): SettingChange[] | null {
    if (this.values === null) return null;
    const { samples_every, held_out_every } = this.values;
    return changesBetween({ ...this.values, corpus: this.corpusName }, { ...config, samples_every, held_out_every, corpus });
  }

  /** What differs from the experiment on screen; null while a number cannot be read. */
  changes(): SettingChange[] | null {
    if (this.values === null || this.#base === null) return null;
    const changes = changesBetween({ ...this.#base.values, corpus: this.#base.corpusName }, { ...this.values, corpus: this.corpusName });
    const rewritten = this.#corpusDiffers() && !changes.some(({ name }) => name === "corpus");
    return rewritten ? [...changes, { name: "corpus", from: this.corpusName, to: m.corpus.rewritten }] : changes;
  }

  /** What a reset of a setting leads back to. */
  usual(key: SettingKey, catalog: Catalog): Values[SettingKey] {
    if (key === "samples_every" || key === "held_out_every") return LAB_DEFAULTS[key];
    return this.basis(catalog).config[key];
  }

  isUsual(key: SettingKey, catalog: Catalog): boolean {
    const value = isNumber(key) ? valueOf(key, this.form.texts[key]) : this.form[key];
    return value === this.usual(key, catalog);
  }

  basis(catalog: Catalog): PresetEntry {
    const entry = catalog.presets.find(({ preset }) => preset === this.#basis) ?? catalog.presets[0];
    if (entry === undefined) throw new Error("the catalog has no presets");
    return entry;
  }

  /** What the corpus in the form is called. */
  get corpusName(): string {
    return this.form.corpus === OWN ? this.ownName : this.form.corpus;
  }

  /** The corpus of the experiment on screen, if it was someone's text and is not known in this tab. */
  get unknownCorpus(): string | null {
    return this.#base !== null && this.#base.source === null ? this.#base.corpusName : null;
  }

  /** What stands in the way of sending one's own text; null if nothing does. */
  ownFault(catalog: Catalog): string | null {
    if (this.form.corpus !== OWN) return null;
    if (this.ownName.trim() === "") return m.corpus.own.nameless;
    if (catalog.corpora.some(({ name }) => name === this.ownName)) return m.corpus.own.taken(this.ownName);
    return null;
  }

  /** What bounds depend on besides the limits: the form's own steps, the documents of the experiment on screen. */
  get around(): Around {
    return { steps: this.settled("steps"), num_docs: this.#base?.num_docs ?? 2 };
  }

  /** A number of the form; while it cannot be read, that of the experiment on screen. */
  settled(key: NumberKey): number {
    const value = valueOf(key, this.form.texts[key]);
    return typeof value === "number" ? value : (this.#base?.values[key] ?? 1);
  }

  /** Whether the engine is likely to take it: whole, within bounds, heads that share the width. For texts half typed. */
  plausible(catalog: Catalog): boolean {
    const { values } = this;
    if (values === null || values.n_embd % values.n_head !== 0) return false;
    return NUMBER_KEYS.every((key) => {
      const value = values[key];
      return value === null || isWithin(value, boundsOf(key, catalog.limits, this.around));
    });
  }

  /** What to start; null if something cannot be read, and then `faults` says what. */
  spec(catalog: Catalog): Spec | null {
    const { values } = this;
    const fault = this.ownFault(catalog);
    const beyond = this.#beyond(catalog);
    if (values === null) this.faults = this.#unread();
    else if (Object.keys(beyond).length > 0) this.faults = beyond;
    else if (fault !== null) this.faults = { corpus: fault };
    else return specOf(values, this.source());
    return null;
  }

  /** The same without a word: null if something cannot be read or is not there yet. */
  peek(catalog: Catalog): Spec | null {
    const blank = this.form.corpus === OWN && this.ownText.trim() === "";
    return this.values === null || blank || this.ownFault(catalog) !== null ? null : specOf(this.values, this.source());
  }

  source(): CorpusSource {
    const { corpus } = this.form;
    if (corpus === OWN) return { from: "text", name: this.ownName, text: this.ownText };
    return this.#corpora.brought(corpus) ?? { from: "named", name: corpus };
  }

  /** Puts the engine's message at the field it is about. */
  refuse({ field, message }: Refusal): void {
    const pair = field === "n_head" && this.touched === "n_embd" && this.settled("n_embd") % this.settled("n_head") !== 0;
    const about = field === "name" || field === "text" ? "corpus" : field;
    this.faults = { [pair ? "n_embd" : (about ?? "")]: message };
  }

  accept(): void {
    this.faults = {};
  }

  #travel(form: Form | undefined): boolean {
    if (form === undefined) return false;
    this.form = form;
    this.faults = {};
    this.touched = null;
    return true;
  }

  #restore(about: string | null): void {
    if (this.#base === null) return;
    const { values, source, corpusName } = this.#base;
    const { schedule, activation, zero_init } = values;
    const corpus = source?.from === "named" ? source.name : this.#place(corpusName, source?.text ?? "");
    const form = { texts: typed(values), schedule, activation, zero_init, corpus };
    if (about !== null && JSON.stringify(form) !== JSON.stringify(this.form)) {
      this.past.keep(this.form, about);
      this.past.seal();
    }
    this.form = form;
    this.faults = {};
    this.touched = null;
  }

  /** The choice that stands for a text someone brought: one of the earlier ones, else the form's own. */
  #place(name: string, text: string): string {
    if (name === this.ownName && text === this.ownText) return OWN;
    if (this.#corpora.brought(name)?.text === text && name !== this.ownName) return name;
    this.edit(name, text);
    return OWN;
  }

  #settleBasis(catalog: Catalog): void {
    const exact = this.preset(catalog);
    if (exact !== null) this.#basis = exact;
    if (this.#basis !== null) return;
    const distance = (entry: PresetEntry): number => this.changesTo(entry)?.length ?? Infinity;
    this.#basis = catalog.presets.toSorted((a, b) => distance(a) - distance(b))[0]?.preset ?? null;
  }

  /** A changed setting is no longer the one objected to; a pair is judged anew. */
  #forgive(key: string): void {
    const pair = key === "n_embd" || key === "n_head";
    const rest = Object.entries(this.faults).filter(([field]) => field !== key && field !== "" && !(pair && (field === "n_embd" || field === "n_head")));
    this.faults = Object.fromEntries(rest);
  }

  #read(): Values | null {
    const { texts, schedule, activation, zero_init } = this.form;
    const numbers = NUMBER_KEYS.map((key) => [key, valueOf(key, texts[key])] as const);
    if (numbers.some(([, value]) => value === undefined)) return null;
    return { ...(Object.fromEntries(numbers) as Pick<Values, NumberKey>), schedule, activation, zero_init };
  }

  #unread(): Faults {
    const unread = NUMBER_KEYS.filter((key) => valueOf(key, this.form.texts[key]) === undefined);
    return Object.fromEntries(unread.map((key) => [key, isWhole(key) ? m.fault.whole(key) : m.fault.number(key)]));
  }

  /** Whole numbers that cannot even be said to the engine, which counts from 0 to 2³² − 1: so the bound that holds is named here. */
  #beyond(catalog: Catalog): Faults {
    const unsayable = NUMBER_KEYS.flatMap((key) => {
      const value = valueOf(key, this.form.texts[key]);
      if (typeof value !== "number" || !isWhole(key) || key === "seed" || (value >= 0 && value < 2 ** 32)) return [];
      const { min, max } = boundsOf(key, catalog.limits, this.around);
      return [[key, m.fault.beyond(key, String(value), String(min), String(max))] as const];
    });
    return Object.fromEntries(unsayable);
  }

  #differs(): boolean {
    if (this.#base === null) return false;
    const { values } = this.#base;
    const texts = NUMBER_KEYS.some((key) => valueOf(key, this.form.texts[key]) !== values[key]);
    return texts || CHOICE_KEYS.some((key) => this.form[key] !== values[key]) || this.#corpusDiffers();
  }

  #corpusDiffers(): boolean {
    if (this.#base === null) return false;
    const { corpusName, source } = this.#base;
    if (this.form.corpus !== OWN) return this.form.corpus !== corpusName;
    return this.ownName !== corpusName || this.ownText !== (source?.from === "text" ? source.text : "");
  }
}

