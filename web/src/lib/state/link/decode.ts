// Reads a state out of an address. What cannot be read is named, with what would be right, and the usual takes its place;
// what is unknown is left out. Nothing in an address can make it fail: addresses are written by anybody.
import { m } from "../../messages/en/share";
import type { Activation, Catalog, CorpusSource, Schedule } from "../../protocol/types";
import { boundsOf, isNullable, isWhole, isWithin, NUMBER_KEYS, type ChoiceKey, type NumberKey, type Values } from "../../settings";
import { LANGUAGES } from "../../source/language";
import { isView, VIEWS, type Spot } from "../desk.svelte";
import { NEVER } from "./encode";
import { firstPreset, LONGEST_DOC, LONGEST_PIN, MOST_PINS, ofPreset, usualState, VERSION, type LinkState } from "./state";

/** A part of an address that could not be used. */
export type Problem = { key: string; value: string; expected: string };

export type Decoded = { state: LinkState; problems: Problem[]; newer: string | null };

/** The corpus that a name means, if it is none of the catalog: the text that travelled, or one brought before. */
export type Texts = (name: string) => CorpusSource | null;

const SCHEDULES: readonly Schedule[] = ["linear", "cosine", "constant"];
const ACTIVATIONS: readonly Activation[] = ["relu", "relu2"];
const SWITCH = ["false", "true"] as const;
const MODES = ["instant", "live"] as const;
const SESSION = /^[\w-]{1,64}$/;
const SPOT = /^(rust|python)\/([a-z0-9-]{1,40})(?:\/(\d{1,4}))?$/;

/** `base` is what the address leaves unsaid; without one, the usual. */
export function decode(url: URL, catalog: Catalog, texts: Texts = () => null, base: LinkState = usualState(catalog)): Decoded {
  const reader = new Reader(url.searchParams);
  const newer = reader.version();
  const named = reader.oneOf("preset", catalog.presets.map(({ preset }) => preset), null);
  const preset = catalog.presets.find((entry) => entry.preset === named) ?? (reader.has("preset") ? firstPreset(catalog) : null);
  const from = preset === null ? base : ofPreset(preset);
  const corpus = readCorpus(reader, catalog, texts, from.corpus);
  const values = readValues(reader, catalog, from.values, corpus);
  const most = catalog.limits;
  const decoded: LinkState = {
    values,
    corpus,
    step: reader.whole("step", 0, values.steps, base.step === null ? null : Math.min(base.step, values.steps)),
    doc: reader.text("doc", LONGEST_DOC, base.doc),
    position: reader.whole("pos", 0, most.block_size - 1, base.position),
    layer: reader.whole("layer", 0, most.n_layer - 1, base.layer),
    head: reader.whole("head", 0, most.n_head - 1, base.head),
    view: reader.view(base.view),
    mode: reader.oneOf("mode", MODES, base.mode),
    code: reader.code(base.code),
    pins: reader.pins(base.pins),
    session: reader.session(),
  };
  return { state: decoded, problems: reader.problems, newer };
}

function readCorpus(reader: Reader, catalog: Catalog, texts: Texts, usual: CorpusSource): CorpusSource {
  const name = reader.get("data");
  if (name === null) return usual;
  const names = catalog.corpora.map((corpus) => corpus.name);
  const known = texts(name) ?? (names.includes(name) ? ({ from: "named", name } as const) : null);
  if (known === null) reader.refuse("data", name, m.link.expected.corpus(names));
  return known ?? usual;
}

function readValues(reader: Reader, catalog: Catalog, usual: Values, corpus: CorpusSource): Values {
  const numbers: Partial<Record<NumberKey, number | null>> = {};
  const around = { steps: usual.steps, num_docs: numDocs(corpus, catalog) };
  for (const key of NUMBER_KEYS) {
    const bounds = boundsOf(key, catalog.limits, around);
    numbers[key] = reader.setting(key, bounds, usual[key]);
    if (key === "steps") around.steps = numbers[key] ?? usual.steps;
  }
  const values: Values = {
    ...usual,
    ...(numbers as Pick<Values, NumberKey>),
    schedule: reader.oneOf<Schedule>("schedule", SCHEDULES, usual.schedule),
    activation: reader.oneOf<Activation>("activation", ACTIVATIONS, usual.activation),
    zero_init: reader.oneOf("zero_init", SWITCH, SWITCH[Number(usual.zero_init)] ?? "false") === "true",
  };
  if (values.n_embd % values.n_head !== 0) {
    reader.refuse("n_head", String(values.n_head), m.link.expected.divides(values.n_embd));
    const fits = values.n_embd % usual.n_head === 0;
    return { ...values, n_embd: fits ? values.n_embd : usual.n_embd, n_head: usual.n_head };
  }
  return values;
}

/** More documents than there can be are no bound: of a text only the engine knows how many it is, and refuses what is too much. */
function numDocs(corpus: CorpusSource, catalog: Catalog): number {
  if (corpus.from === "text") return Math.max(2, corpus.text.length);
  return catalog.corpora.find(({ name }) => name === corpus.name)?.num_docs ?? 2;
}

/** Takes values out of a query, and keeps what was wrong with them. */
class Reader {
  readonly problems: Problem[] = [];
  #query: URLSearchParams;

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  has(key: string): boolean {
    return this.#query.has(key);
  }

  get(key: string): string | null {
    return this.#query.get(key);
  }

  refuse(key: string, value: string, expected: string): void {
    this.problems.push({ key, value, expected });
  }

  /** The version, if it is later than ours. */
  version(): string | null {
    const text = this.get("v");
    if (text === null || text === String(VERSION)) return null;
    if (/^[1-9]\d{0,8}$/.test(text)) return text;
    this.refuse("v", text, m.link.expected.version);
    return null;
  }

  oneOf<T extends string>(key: ChoiceKey | "preset" | "mode", known: readonly T[], usual: T): T;
  oneOf<T extends string>(key: ChoiceKey | "preset" | "mode", known: readonly T[], usual: null): T | null;
  oneOf<T extends string>(key: ChoiceKey | "preset" | "mode", known: readonly T[], usual: T | null): T | null {
    const text = this.get(key);
    if (text === null) return usual;
    const found = known.find((one) => one === text);
    if (found === undefined) this.refuse(key, text, m.link.expected.oneOf(known));
    return found ?? usual;
  }

  whole<T extends number | null>(key: string, min: number, max: number, usual: T): T | number {
    const text = this.get(key);
    if (text === null) return usual;
    const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    this.refuse(key, text, m.link.expected.whole(min, max));
    return usual;
  }

  setting(key: NumberKey, bounds: ReturnType<typeof boundsOf>, usual: number | null): number | null {
    const text = this.get(key);
    const never = isNullable(key) ? NEVER[key] : undefined;
    if (text === null || text === never) return text === null ? usual : null;
    const number = /^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : NaN;
    if (isWithin(number, bounds) && (!isWhole(key) || Number.isSafeInteger(number))) return number === 0 ? 0 : number;
    const { min, max, open } = bounds;
    const range = isWhole(key) ? m.link.expected.whole(min, max) : m.link.expected.number(min, max, open);
    this.refuse(key, text, never === undefined ? range : m.link.expected.orNever(range, never));
    return usual;
  }

  text(key: string, most: number, usual: string | null): string | null {
    const text = this.get(key);
    if (text === null) return usual;
    if (text.length <= most) return text;
    this.refuse(key, text, m.link.expected.text(most));
    return usual;
  }

  view(usual: LinkState["view"]): LinkState["view"] {
    const text = this.get("view");
    if (text === null) return usual;
    if (isView(text)) return text;
    this.refuse("view", text, m.link.expected.oneOf(VIEWS));
    return usual;
  }

  code(usual: Spot | null): Spot | null {
    const text = this.get("code");
    if (text === null) return usual;
    const [, named, concept, line] = SPOT.exec(text) ?? [];
    const language = LANGUAGES.find((one) => one === named);
    if (language !== undefined && concept !== undefined) return { language, concept, line: line === undefined ? null : Number(line) };
    this.refuse("code", text, m.link.expected.code);
    return usual;
  }

  pins(usual: readonly string[]): readonly string[] {
    if (!this.has("pin")) return usual;
    const all = [...new Set(this.#query.getAll("pin"))];
    const good = all.filter((pin) => pin !== "" && pin.length <= LONGEST_PIN);
    const bad = all.find((pin) => !good.includes(pin));
    if (bad !== undefined) this.refuse("pin", bad, m.link.expected.address);
    if (good.length > MOST_PINS) this.refuse("pin", String(good.length), m.link.expected.pins(MOST_PINS));
    return good.slice(0, MOST_PINS);
  }

  session(): string | null {
    const text = this.get("session");
    if (text === null || SESSION.test(text)) return text;
    this.refuse("session", text, m.link.expected.session);
    return null;
  }
}
