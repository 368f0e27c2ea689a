// The settings as a form knows them: keys, bounds, defaults, and the way from typed text to numbers and back.
// Bounds are for sliders and for reading. The engine is the judge: what is typed out of bounds is sent and refused by it.
import { count, digits } from "./format";
import type { Config, CorpusSource, Experiment, Limits, Spec } from "./protocol/types";

export const NUMBER_KEYS = [
  "learning_rate", "steps", "n_embd", "n_head", "n_layer", "seed",
  "block_size", "init_std", "beta1", "beta2", "eps", "samples_every", "held_out_every",
] as const;
export type NumberKey = (typeof NUMBER_KEYS)[number];
export type ChoiceKey = "schedule" | "activation" | "zero_init";
export type SettingKey = NumberKey | ChoiceKey;

/** The settings that tell most, always in sight. */
export const TELLING: readonly NumberKey[] = ["learning_rate", "steps", "n_embd", "n_head", "n_layer", "seed"];
export const CHOICE_KEYS: readonly ChoiceKey[] = ["schedule", "activation", "zero_init"];

/** All settings as values; null is never, or none. */
export type Values = Config & { samples_every: number | null; held_out_every: number | null };
/** The numbers as they are typed. An empty text is null where that is allowed. */
export type Texts = Record<NumberKey, string>;

const WHOLE: ReadonlySet<NumberKey> = new Set(["steps", "n_embd", "n_head", "n_layer", "seed", "block_size", "samples_every", "held_out_every"]);
const NULLABLE: ReadonlySet<NumberKey> = new Set(["samples_every", "held_out_every"]);

export function isNumber(key: SettingKey): key is NumberKey {
  return (NUMBER_KEYS as readonly string[]).includes(key);
}

export function isWhole(key: NumberKey): boolean {
  return WHOLE.has(key);
}

export function isNullable(key: NumberKey): boolean {
  return NULLABLE.has(key);
}

/** What the engine does if it is told neither: see `Spec`. */
export const LAB_DEFAULTS = { samples_every: 100, held_out_every: null } as const;

/** The smallest and largest value, and which of the two is itself excluded. */
export type Bounds = { min: number; max: number; open: "min" | "max" | null };

/** What bounds depend on, besides the lab's limits. */
export type Around = { steps: number; num_docs: number };

export function boundsOf(key: NumberKey, limits: Limits, around: Around): Bounds {
  const from = (min: number, max: number, open: Bounds["open"] = null): Bounds => ({ min, max, open });
  switch (key) {
    case "learning_rate":
    case "init_std":
      return from(0, limits[key]);
    case "beta1":
    case "beta2":
      return from(0, 1, "max");
    case "eps":
      return from(0, 1, "min");
    case "seed":
      return from(-limits.seed, limits.seed);
    case "samples_every":
      return from(Math.max(1, Math.ceil(around.steps / limits.automatic_samples)), limits.steps);
    case "held_out_every":
      return from(2, Math.max(2, around.num_docs));
    default:
      return from(1, limits[key]);
  }
}

export function isWithin(value: number, { min, max, open }: Bounds): boolean {
  return (open === "min" ? value > min : value >= min) && (open === "max" ? value < max : value <= max);
}

/**
 * The number a person typed; null if it is not one. `1,000` and `−3` are numbers to people. A comma groups thousands only where each group
 * but the first has three digits and the number does not begin with 0: `0,005` is a number in many countries, and 5 in none.
 */
export function parseNumber(text: string): number | null {
  const typed = text.trim().replaceAll("−", "-");
  const plain = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(typed) ? typed.replaceAll(",", "") : typed;
  if (plain === "") return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}

/** What is wrong, by the name of the setting; "" is for what is about none. */
export type Faults = Partial<Record<string, string>>;

/** What a typed text means; undefined if it is not even of the right kind. */
export function valueOf(key: NumberKey, text: string): number | null | undefined {
  if (text.trim() === "" && isNullable(key)) return null;
  const number = parseNumber(text);
  if (number === null || (isWhole(key) && !Number.isSafeInteger(number))) return undefined;
  return number;
}

export function textOf(value: number | null): string {
  return value === null ? "" : String(value);
}

/** What settings look like when typed. */
export function typed(values: Values): Texts {
  return Object.fromEntries(NUMBER_KEYS.map((key) => [key, textOf(values[key])])) as Texts;
}

/** What a number setting or a choice looks like in a sentence. */
export function spoken(key: SettingKey | "corpus", value: Values[SettingKey] | string): string {
  if (value === null) return key === "held_out_every" ? "none" : "never";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return value;
  return key !== "seed" && Number.isInteger(value) && value < 1e6 ? count(value) : key === "seed" ? String(value) : digits(value, 6);
}

export type SettingChange = { name: SettingKey | "corpus"; from: string; to: string };

/** What is different, in the order of the form. */
export function changesBetween(from: Values & { corpus: string }, to: Values & { corpus: string }): SettingChange[] {
  const names = [...NUMBER_KEYS, ...CHOICE_KEYS, "corpus"] as const;
  return names
    .filter((name) => from[name] !== to[name])
    .map((name) => ({ name, from: spoken(name, from[name]), to: spoken(name, to[name]) }));
}

/** The settings of an experiment. */
export function valuesOf({ config, samples_every, held_out_every }: Experiment): Values {
  return { ...config, samples_every, held_out_every };
}

export function specOf(values: Values, corpus: CorpusSource): Spec {
  const { samples_every, held_out_every, ...config } = values;
  return { config, corpus, samples_every, held_out_every };
}
