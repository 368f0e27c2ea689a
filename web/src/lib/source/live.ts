// Ties explanations to the model on screen: which addresses their numbers have at the present selection, and what the words in
// braces come to. The page computes none of it: sizes are the experiment's, numbers are read from the engine.
import { split } from "../address";
import { digits, count } from "../format";
import type { Experiment } from "../protocol/types";

/** Where loops stand. */
export type Loops = { position: number; layer: number; head: number };

/** What a page tells the code about the model on screen. */
export type Live = Loops & {
  experiment: Experiment;
  /** What addresses of this text begin with: `step:136/`. */
  prefix: string;
  /** The moment of the parameters: `step:136/`. */
  moment: string;
  /** The parameter that lines about any parameter show, without its moment. */
  parameter: string;
};

/** The address of a number at the selection, in full. */
export function addressOf(template: string, live: Live): string {
  if (template.startsWith("PARAMETER")) return live.moment + template.replace("PARAMETER", live.parameter);
  const name = template
    .replace(/^pP\//, `p${live.position}/`)
    .replace("layerL.", `layer${live.layer}.`)
    .replace("headH.", `head${live.head}.`);
  return (isOfParameters(name, live.experiment) ? live.moment : live.prefix) + name;
}

/** What a number is called where its place is known: `attn_logits`, `wte[4][3].m`. */
export function shortName(address: string): string {
  return split(address).name.replace(/^p\d+\//, "").replace(/^(layer\d+\.)?(head\d+\.)?/, "");
}

/** Which loops an address goes through, outermost first. */
export function loopsIn(templates: readonly string[]): (keyof Loops)[] {
  const marks: readonly [keyof Loops, string][] = [["position", "pP/"], ["layer", "layerL"], ["head", "headH"]];
  return marks.filter(([, mark]) => templates.some((template) => template.includes(mark))).map(([loop]) => loop);
}

function isOfParameters(name: string, { matrices }: Experiment): boolean {
  return matrices.some((matrix) => name === matrix.name || name.startsWith(`${matrix.name}[`) || name.startsWith(`${matrix.name}.`));
}

/** A piece of an explanation. */
export type Piece = { kind: "text" | "code" | "name"; text: string };

/** Words, `code`, and {names} of what is filled in. */
export function piecesOf(text: string): Piece[] {
  return text.split(/(`[^`]*`|\{[^}]*\})/).filter((part) => part !== "").map((part): Piece => {
    if (part.startsWith("`")) return { kind: "code", text: part.slice(1, -1) };
    if (part.startsWith("{")) return { kind: "name", text: part.slice(1, -1) };
    return { kind: "text", text: part };
  });
}

/** Addresses that an explanation tells the numbers of. */
export function toldIn(text: string, experiment: Experiment | null): string[] {
  return piecesOf(text).filter(({ kind, text: name }) => kind === "name" && settingOf(name, experiment) === null).map(({ text: name }) => name);
}

const SIZES: Readonly<Record<string, (experiment: Experiment) => number>> = {
  vocab_size: ({ vocab }) => vocab.length,
  num_params: ({ num_params }) => num_params,
  num_docs: ({ num_docs }) => num_docs,
  head_dim: ({ config }) => config.n_embd / config.n_head,
  hidden: ({ config }) => 4 * config.n_embd,
  bos: ({ vocab }) => vocab.length - 1,
};

/** A setting or a size as prose says it; null for what is neither. Without an experiment, its name. */
export function settingOf(name: string, experiment: Experiment | null): string | null {
  if (/[/[.]/.test(name) || name === "loss" || name === "PARAMETER") return null;
  if (experiment === null) return name;
  const size = SIZES[name]?.(experiment);
  if (size !== undefined) return count(size);
  const value = (experiment.config as unknown as Record<string, string | number | boolean>)[name];
  if (value === undefined) return null;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  return name === "seed" ? String(value) : Number.isInteger(value) ? count(value) : digits(value, 6);
}

/** Whether lines are part of the run on screen; true where nothing is known of it. */
export function isActive(when: readonly [string, string] | null, experiment: Experiment | null): boolean {
  if (when === null || experiment === null) return true;
  const value = (experiment.config as unknown as Record<string, unknown>)[when[0]];
  return String(value) === when[1];
}
