// The settings as a form shows them: name, plain words, bounds; and the way from typed text to a Config.
// Bounds are for reading only. The engine is the judge, so a number out of bounds is sent and refused by it.
import { bytes, count, digits } from "./format";
import type { Config, Limits } from "./protocol/types";

export type NumberKey =
  | "n_embd" | "n_head" | "n_layer" | "block_size" | "steps" | "learning_rate" | "beta1" | "beta2" | "eps" | "init_std" | "seed";

export type NumberSetting = {
  key: NumberKey;
  what: string;
  bounds: (limits: Limits) => string;
  whole: boolean;
  basic: boolean;
};

export const NUMBER_SETTINGS: readonly NumberSetting[] = [
  { key: "n_embd", what: "numbers per token", bounds: (l) => `1 to ${count(l.n_embd)}`, whole: true, basic: true },
  { key: "n_head", what: "heads in each layer", bounds: (l) => `1 to ${count(l.n_head)}`, whole: true, basic: true },
  { key: "n_layer", what: "layers", bounds: (l) => `1 to ${count(l.n_layer)}`, whole: true, basic: true },
  { key: "block_size", what: "tokens it can see", bounds: (l) => `1 to ${count(l.block_size)}`, whole: true, basic: true },
  { key: "steps", what: "one document each", bounds: (l) => `1 to ${count(l.steps)}`, whole: true, basic: true },
  { key: "learning_rate", what: "size of a step", bounds: (l) => `0 to ${digits(l.learning_rate)}`, whole: false, basic: true },
  { key: "seed", what: "picks the random start", bounds: () => "any whole number", whole: true, basic: true },
  { key: "beta1", what: "memory of the gradient", bounds: () => "0 to below 1", whole: false, basic: false },
  { key: "beta2", what: "memory of its square", bounds: () => "0 to below 1", whole: false, basic: false },
  { key: "eps", what: "keeps Adam finite", bounds: () => "above 0, up to 1", whole: false, basic: false },
  { key: "init_std", what: "spread of the start", bounds: (l) => `0 to ${digits(l.init_std)}`, whole: false, basic: false },
];

export const SCHEDULES: readonly { value: Config["schedule"]; what: string }[] = [
  { value: "linear", what: "falls straight down to 0" },
  { value: "cosine", what: "falls to 0 along half a cosine" },
  { value: "constant", what: "does not fall" },
];

export const ACTIVATIONS: readonly { value: Config["activation"]; what: string }[] = [
  { value: "relu", what: "max(0, x)" },
  { value: "relu2", what: "max(0, x)²" },
];

export function corpusBounds(limits: Limits): string {
  return `One document a line, UTF-8. Up to ${bytes(limits.corpus_bytes)} and ${count(limits.vocab_size)} tokens in the vocabulary.`;
}

export type TypedNumbers = Record<NumberKey, string>;

/** What a config looks like when typed. */
export function typed(config: Config): TypedNumbers {
  return Object.fromEntries(NUMBER_SETTINGS.map(({ key }) => [key, String(config[key])])) as TypedNumbers;
}

/** The number a person typed; null if it is none. `1,000` and `−3` are numbers to people. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replaceAll("−", "-").replace(/(\d),(?=\d{3}(\D|$))/g, "$1");
  if (plain === "") return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}

export type Faults = Partial<Record<string, string>>;

/** All typed numbers, or what is wrong with the text of some. */
export function parseNumbers(texts: TypedNumbers): { numbers: Record<NumberKey, number> } | { faults: Faults } {
  const faults: Faults = {};
  const numbers: Partial<Record<NumberKey, number>> = {};
  for (const { key, whole } of NUMBER_SETTINGS) {
    const number = parseNumber(texts[key]);
    if (number === null) faults[key] = `${key} needs a number, such as 0.01 or 16.`;
    else if (whole && !Number.isSafeInteger(number)) faults[key] = `${key} needs a whole number.`;
    else numbers[key] = number;
  }
  return Object.keys(faults).length > 0 ? { faults } : { numbers: numbers as Record<NumberKey, number> };
}
