// The settings as they stand in the form, which may differ from those of the experiment on screen.
// Numbers stay the text that was typed until they are sent, so that nothing typed is ever lost.
import { NUMBER_SETTINGS, parseNumber, parseNumbers, typed, type Faults, type TypedNumbers } from "./settings";
import type { Activation, Catalog, Config, CorpusSource, Experiment, Preset, Refusal, Schedule, Spec } from "./protocol/types";

/** The corpus choice that is not a name in the catalog. */
export const OWN = "\0own";

export class Draft {
  numbers = $state<TypedNumbers>({
    n_embd: "", n_head: "", n_layer: "", block_size: "", steps: "", learning_rate: "",
    beta1: "", beta2: "", eps: "", init_std: "", seed: "",
  });
  schedule = $state<Schedule>("linear");
  activation = $state<Activation>("relu");
  zero_init = $state(false);
  corpus = $state("");
  ownName = $state("my text");
  ownText = $state("");
  faults = $state.raw<Faults>({});
  /** The fault to look at first; a new object at every refusal. */
  firstFault = $state.raw<{ field: string } | null>(null);

  /** What the form is compared with: the experiment on screen. */
  #base = $state.raw<{ config: Config; corpusName: string; source: CorpusSource | null } | null>(null);
  readonly changed: boolean = $derived.by(() => this.#differs());

  /** The experiment on screen is now this one: show it, unless someone is in the middle of an edit. */
  follow(experiment: Experiment, source: CorpusSource | null): void {
    const edited = this.#base !== null && this.#differs();
    this.#base = { config: experiment.config, corpusName: experiment.corpus, source };
    if (!edited) this.restore();
  }

  /** Back to the settings of the experiment on screen. */
  restore(): void {
    if (this.#base === null) return;
    const { config, corpusName, source } = this.#base;
    this.#fill(config);
    if (source?.from === "named") this.corpus = source.name;
    else {
      this.corpus = OWN;
      this.ownName = corpusName;
      this.ownText = source?.text ?? "";
    }
  }

  choosePreset(preset: Preset, catalog: Catalog): void {
    const entry = catalog.presets.find((one) => one.preset === preset);
    if (entry === undefined) return;
    this.#fill(entry.config);
    this.corpus = entry.corpus;
  }

  /** The preset the form spells out, if it does. */
  preset(catalog: Catalog): Preset | null {
    return catalog.presets.find((one) => this.corpus === one.corpus && this.#equals(one.config))?.preset ?? null;
  }

  /** What to start; null if a number cannot be read, and then `faults` says which. */
  spec(): Spec | null {
    const parsed = parseNumbers(this.numbers);
    this.#setFaults("faults" in parsed ? parsed.faults : {});
    if ("faults" in parsed) return null;
    const { schedule, activation, zero_init } = this;
    const corpus: CorpusSource =
      this.corpus === OWN
        ? { from: "text", name: this.ownName, text: this.ownText }
        : { from: "named", name: this.corpus };
    return { config: { ...parsed.numbers, schedule, activation, zero_init }, corpus };
  }

  /** Puts the engine's message at the field it is about. */
  refuse(refusal: Refusal): void {
    this.#setFaults({ [refusal.field ?? ""]: refusal.message });
  }

  #fill(config: Config): void {
    this.numbers = typed(config);
    this.schedule = config.schedule;
    this.activation = config.activation;
    this.zero_init = config.zero_init;
    this.#setFaults({});
  }

  #setFaults(faults: Faults): void {
    this.faults = faults;
    const field = Object.keys(faults)[0];
    this.firstFault = field === undefined ? null : { field };
  }

  #equals(config: Config): boolean {
    return (
      NUMBER_SETTINGS.every(({ key }) => parseNumber(this.numbers[key]) === config[key]) &&
      this.schedule === config.schedule &&
      this.activation === config.activation &&
      this.zero_init === config.zero_init
    );
  }

  #differs(): boolean {
    if (this.#base === null) return false;
    const { config, corpusName, source } = this.#base;
    if (!this.#equals(config)) return true;
    if (source?.from === "named") return this.corpus !== source.name;
    return this.corpus !== OWN || this.ownName !== corpusName || this.ownText !== (source?.text ?? "");
  }
}
