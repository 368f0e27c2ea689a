// The formulas of the model in the order of one step, each with the numbers that show it at work. Where the settings decide
// what a formula is, they are asked. Numbers are named by address; what stands between them the engine says itself.
import { frac, hat, row, sqrt, sub, subsup, sum, sup, type Node, type Piece } from "../../../lib/math/mathml";
import type { Config } from "../../../lib/protocol/types";

/** Where the numbers are read. */
export type Here = {
  config: Config;
  position: number;
  layer: number;
  head: number;
  /** The token that came, which the model should have found likely. */
  target: number;
  /** A unit of the MLP that is on, if one is. */
  unit: number;
  /** A parameter, without moment and part. */
  parameter: string;
};

export type FormulaId = keyof typeof FORMULAS;
/** How an instance is told: by the engine's own account of a number, or in one of three ways of the page. */
export type Instance = { kind: "why"; name: string } | { kind: "gradient" | "rate" | "softened" };
type Formula = { math: (config: Config) => Node; instances: (here: Here) => Instance[] };

const why = (...names: string[]): Instance[] => names.map((name) => ({ kind: "why", name }));
const at = ({ position }: Here, name: string): string => `p${position}/${name}`;
const inLayer = (here: Here, name: string): string => at(here, `layer${here.layer}.${name}`);
const inHead = (here: Here, name: string): string => inLayer(here, `head${here.head}.${name}`);
/** The first of the head's own numbers in a row where the heads lie side by side. */
const own = ({ config: { n_embd, n_head }, head }: Here): number => (head * n_embd) / n_head;

/** A softmax over what the terms of `index` say. */
const softmaxOf = (inside: (index: string) => readonly Piece[], index: string, other: string): Node => {
  const term = (i: string): Node => row("exp (", ...inside(i), ")");
  return frac(term(index), row(sum(other), term(other)));
};
const lessTheLargest = (score: string) => (i: string): readonly Piece[] => [sub(score, i), "− max ~", score];
const square = (node: Node): Node => sup(row("(", node, ")"), "2");

const SCHEDULES: Readonly<Record<Config["schedule"], Node>> = {
  linear: row(sub("η", "t"), "= η (1 −", frac("t − 1", "S"), ")"),
  cosine: row(sub("η", "t"), "= η ·", frac("1", "2"), "(1 + cos", frac(row("π (t − 1)"), "S"), ")"),
  constant: row(sub("η", "t"), "= η"),
};

const ALL = {
  embedding: {
    math: () => row("x =", sub("wte", "t"), "+", sub("wpe", "p")),
    instances: (here) => why(at(here, "sum[0]")),
  },
  rmsnorm: {
    math: () => row(sub(hat("x"), "i"), "=", frac(sub("x", "i"), sqrt(row(frac("1", "C"), sum("j"), subsup("x", "j", "2"), "+ ε")))),
    instances: (here) => why(at(here, "emb_norm_scale"), at(here, "emb_norm[0]")),
  },
  qkv: {
    math: () => row("q =", sub("W", "q"), hat("x"), ",  k =", sub("W", "k"), hat("x"), ",  v =", sub("W", "v"), hat("x")),
    instances: (here) => why(...["q", "k", "v"].map((name) => inLayer(here, `${name}[${own(here)}]`))),
  },
  scores: {
    math: () => row(sub("s", "j"), "=", frac(row("q ·", sub("k", "j")), sqrt("D"))),
    instances: (here) => why(inHead(here, "scores[0]"), inHead(here, "attn_logits[0]")),
  },
  attention: {
    math: () => row(sub("a", "j"), "=", softmaxOf(lessTheLargest("s"), "j", "i")),
    instances: (here) => why(inHead(here, "attn_exps[0]"), inHead(here, "attn_exp_total"), inHead(here, "weights[0]")),
  },
  mixing: {
    math: () => row("o =", sum("j ≤ p"), sub("a", "j"), sub("v", "j")),
    instances: (here) => why(inHead(here, "head_output[0]")),
  },
  attended: {
    math: () => row("x ← x +", sub("W", "o"), "o"),
    instances: (here) => why(inLayer(here, "attn_out[0]"), inLayer(here, "attn_residual[0]")),
  },
  mlp: {
    math: ({ activation }) => {
      const relu = row("max (0 ,", sub("W", "1"), hat("x"), ")");
      return row("h =", activation === "relu2" ? square(relu) : relu);
    },
    instances: (here) => {
      const unit = (name: string): string => inLayer(here, `${name}[${here.unit}]`);
      return why(unit("fc1"), unit("relu"), ...(here.config.activation === "relu2" ? [unit("act")] : []));
    },
  },
  thought: {
    math: () => row("x ← x +", sub("W", "2"), "h"),
    instances: (here) => why(inLayer(here, "fc2[0]"), inLayer(here, "residual[0]")),
  },
  logits: {
    math: () => row(sub("z", "i"), "=", sub("lm_head", "i"), "· x"),
    instances: (here) => why(at(here, `logits[${here.target}]`)),
  },
  probabilities: {
    math: () => row(sub(hat("p"), "i"), "=", softmaxOf(lessTheLargest("z"), "i", "j")),
    instances: (here) => why(at(here, `exps[${here.target}]`), at(here, `probs[${here.target}]`)),
  },
  surprise: {
    math: () => row(sub("ℓ", "p"), "= − ln ~", sub(hat("p"), "y")),
    instances: (here) => why(at(here, "loss")),
  },
  loss: {
    math: () => row("L =", frac("1", "n"), sum("p"), sub("ℓ", "p")),
    instances: () => why("loss"),
  },
  gradient: {
    math: () => row(frac("∂ L", row("∂", sub("z", "i"))), "=", frac(row(sub(hat("p"), "i"), "− [ i = y ]"), "n")),
    instances: () => [{ kind: "gradient" }],
  },
  moment: {
    math: () => row("m ←", sub("β", "1"), "m + (1 −", sub("β", "1"), ") g"),
    instances: ({ parameter }) => why(`${parameter}.m`),
  },
  square: {
    math: () => row("v ←", sub("β", "2"), "v + (1 −", sub("β", "2"), ")", sup("g", "2")),
    instances: ({ parameter }) => why(`${parameter}.v`),
  },
  correction: {
    math: () => row(hat("m"), "=", frac("m", row("1 −", subsup("β", "1", "t"))), ",", hat("v"), "=", frac("v", row("1 −", subsup("β", "2", "t")))),
    instances: ({ parameter }) => why(`${parameter}.m_hat`, `${parameter}.v_hat`),
  },
  schedule: {
    math: ({ schedule }) => SCHEDULES[schedule],
    instances: () => [{ kind: "rate" }],
  },
  update: {
    math: () => row("θ ← θ −", sub("η", "t"), frac(hat("m"), row(sqrt(hat("v")), "+ ε"))),
    instances: ({ parameter }) => why(`${parameter}.update`, `${parameter}.next`),
  },
  temperature: {
    math: () => row(sub(hat("p"), "i"), "=", softmaxOf((i) => [sub("z", i), "/ τ"], "i", "j")),
    instances: () => [{ kind: "softened" }],
  },
} satisfies Record<string, Formula>;

export const FORMULAS: { [K in keyof typeof ALL]: Formula } = ALL;
export const FORMULA_IDS = Object.keys(ALL) as FormulaId[];
