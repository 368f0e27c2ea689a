// What the views that look inside say: the text that is read, the model's parts, attention, probabilities.
// A catalogue: a translation is one more folder with the same names.
import { count, counted, digits } from "../../format";
import { m as kit } from "./kit";
import type { Kind } from "../../../pages/lab/model/boxes";

export const reading = {
  title: (step: string) => `Inside step ${step}`,
  untrained: "Inside the untrained model",
  label: "What the model reads",
  field: "Text",
  hint: "Type any text and the model reads it as it is now.",
  own: (step: string) => `The document that step ${step} trained on, read before its update.`,
  first: "The document that step 1 will train on, read by the random initial weights.",
  typedTitle: (steps: string) => `Inside the model after ${steps}`,
  typed: "Your own text, read by the model as it is at this moment.",
  back: "Back to the step’s document",
  step: "Step",
  position: "Position",
  layer: "Layer",
  head: "Head",
  less: (label: string) => `${label}: one less`,
  more: (label: string) => `${label}: one more`,
  of: (most: number) => `of ${count(most)}`,
  pauseFirst: "Pause to go to another step.",
  strip: "Positions of the text",
  stripHint: "Each tile is a position: the token it reads and its number (#), the token that should come next (→), and the loss of guessing that. BOS marks where a text begins and ends.",
  lossAt: (position: number) => `loss at position ${count(position)}:`,
  tile: (position: number, token: string, id: number, target: string, loss: string) =>
    `Position ${position} reads ${token}, token ${id}; next should come ${target}; loss ${loss}`,
  id: (id: number) => `token ${id}`,
  dashed: (level: string) => `dashed: ln V = ${level}, what blind guessing costs`,
  end: "end",
  cut: (n: number) => `${counted(n, "token")} more: cut by the context`,
  unknown: "unknown",
  unknownStrip: "Characters of the text; those that the model does not know are marked",
  wrong: (why: string) => `The model cannot read this text: ${why}`,
  unread: "Nothing can be shown of a text that the model cannot read. Mend the text above, or go back to the step’s document.",
  waiting: "The engine is reading …",
};

/** A token in running text. */
export function quoted(token: string): string {
  return token === "BOS" ? "BOS" : `‘${token}’`;
}

export const probabilities = {
  after: ["After", "came"] as const,
  gave: (target: string) => `The model had given ${target} a probability of`,
  loss: "loss",
  nats: "nats",
  blind: "Guessing every token alike costs",
  mean: "The mean over all positions, the loss of this text, is",
  barsTitle: "What comes next?",
  barsAt: (position: number) => `What comes next, after position ${position}?`,
  fullBar: (share: string) => `A full bar is a probability of ${share}.`,
  order: "Order",
  given: "vocabulary",
  likeliest: "likeliest first",
  compare: "Outline",
  start: "before training",
  atStep: (step: string) => `step ${step}`,
  afterSteps: (steps: string) => `after ${steps} steps`,
  none: "none",
  hold: (moment: string) => `Hold on to ${moment} and compare later ones with it`,
  ghostStart: "outline: the same model before training",
  ghostHeld: (moment: string) => `outline: the model at the moment held on to, ${moment}`,
  noPast: (moment: string) => `There is no outline for “${moment}”.`,
  softmax: "From logits to probabilities",
  logit: "logit",
  less: "− largest",
  exp: "e to that",
  share: "share",
  softmaxHow: "Each logit loses the largest of them, so that no power overflows; e to that power is never negative; divided by their total, all shares add up to 1.",
  largest: "The largest logit is",
  total: "the total is",
  positions: "The likeliest three at every position",
  positionsHow: "◀ marks the token that came. Below a dotted line it was not among the three.",
  positionLabel: (p: number, name: string) => `${p} after ${name}`,
};

export const attention = {
  heads: (heads: number, layers: number) => (layers === 1 ? counted(heads, "head") : `${counted(heads, "head")} in each of ${counted(layers, "layer")}`),
  headsHow: "Each head looks back in its own way. More ink means more attention. Choose one to see it large.",
  head: (head: number) => `head ${head}`,
  layer: (layer: number) => `layer ${layer}`,
  map: (layer: number, head: number, layers: number) => (layers === 1 ? `Head ${head}: where each position looks` : `Layer ${layer}, head ${head}: where each position looks`),
  query: "from",
  key: "looks at",
  drawnAs: "Drawn as",
  list: "growing list",
  matrix: "matrix + mask",
  listHow: "As this code runs: every position adds its key and value to a list, then looks over that list. The future is not hidden; it is not there yet.",
  matrixHow: "As papers draw it: all pairs at once, and −∞ is added where a position would see the future, so that its share becomes 0. The numbers are the same.",
  row: "One row as an equation",
  rowOf: (p: number, token: string) => `From position ${p}, ${token}: one row as an equation`,
  score: "q · k",
  scaled: (width: number) => `× 1/√${width}`,
  less: "− largest",
  exp: "e to that",
  weight: "weight",
  rowHow: "A query meets every key so far. Where both point the same way, the score is large. The scores are scaled, raised and shared out, and the weights add up to 1.",
  largest: "The largest scaled score is",
  total: "the total is",
  cell: "One score, product by product",
  cellOf: (p: number, from: string, t: number, to: string) => `Why ${from} at ${p} scores ${to} at ${t} so: product by product`,
  cellHow: "Each number of the query is multiplied with the same number of the key. Equal signs push the score up, different signs push it down.",
  scoreOf: (from: string, to: string) => `q of ${from} · k of ${to}`,
  queryNumber: "query q",
  keyNumber: "key k",
  valueNumber: "value v",
  product: "product",
  soFar: "sum so far",
  everyProduct: "Every factor as a number",
  writes: "What the head writes",
  writesAt: (head: number, p: number, token: string) => `What head ${head} writes at position ${p}, ${token}`,
  writesHow: "Every position offers its value v. The head mixes them by its weights; the last row is the mix. Choose a channel to see the sum.",
  values: "value of",
  channel: "channel",
  mix: "= mix",
  mixOf: (channel: number) => `Channel ${channel} of the mix`,
  share: (t: number, name: string) => `from ${t} ${name}`,
  times: (weight: number, value: number) => `${digits(weight, 3)} × ${digits(value, 3)}`,
};

type BoxWords = { name: string; letter?: string; does: string };

const box: Record<Kind, BoxWords> = {
  tok_emb: { name: "token embedding", does: "The row of wte that belongs to the token read here: what the model knows of this letter, wherever it stands." },
  pos_emb: { name: "position embedding", does: "The row of wpe that belongs to this position: what the model knows of this place, whatever letter stands there." },
  sum: { name: "sum", does: "Token and position, added number by number. From here on one row of numbers stands for both." },
  emb_norm: { name: "residual stream", does: "The sum, scaled so that its numbers have a mean square of about 1. It is the trunk of the model: every part below reads it and adds to it." },
  attn_norm: { name: "norm", does: "The residual stream, scaled again to a mean square of about 1, so that attention always reads numbers of the same size." },
  q: { name: "query", letter: "Q", does: "attn_wq times the normed stream: what this position is looking for. Each head has its own stretch of it." },
  k: { name: "key", letter: "K", does: "attn_wk times the normed stream: what this position can be found by." },
  v: { name: "value", letter: "V", does: "attn_wv times the normed stream: what this position hands over to those who look at it." },
  weights: { name: "weights", does: "How much each head looks at every earlier position: query times key, scaled, and shared out so that a head’s weights add up to 1. One row a head." },
  head_output: { name: "heads’ mix", does: "The values of the earlier positions, mixed by the weights: what each head found, side by side." },
  attn_out: { name: "attention adds", does: "attn_wo times what the heads found: what attention adds to the residual stream." },
  attn_residual: { name: "+ attention", does: "The residual stream with attention’s addition." },
  mlp_norm: { name: "norm", does: "The residual stream, scaled to a mean square of about 1 once more, for the MLP to read." },
  fc1: { name: "hidden units", does: "mlp_fc1 times the normed stream: one number for each hidden unit, four times as many as there are channels." },
  act: { name: "active units", does: "What is below zero becomes zero: such a unit is off at this position. The others pass what they found (relu), or its square where the activation is relu2." },
  fc2: { name: "MLP adds", does: "mlp_fc2 times the units that are on: what the MLP adds to the residual stream." },
  residual: { name: "+ MLP", does: "The residual stream after this layer. The next layer reads it; after the last one, the next token is guessed from it." },
  logits: { name: "logits", does: "lm_head times the residual stream: a score for every token that could come next." },
  probs: { name: "probabilities", does: "The logits, raised and shared out: how likely each token is to come next. They add up to 1." },
  loss: { name: "loss", does: "Minus the logarithm of the probability of the token that came. Training makes the mean of these small." },
};

/** How the stages of the logit lens and the accounts of the residual stream name a layer, where there is more than one. */
function ofLayer(layer: number | null, layers: number): string {
  return layer === null || layers === 1 ? "" : ` of layer ${layer}`;
}

export const model = {
  box,
  title: (params: string, matrices: number) => `The whole model: ${params} parameters in ${counted(matrices, "matrix", "matrices")}`,
  how: "The thick line is the residual stream. Attention and MLP read from it and add to it. Each box shows its numbers at the chosen position; press one to open it below.",
  map: "Map of the model",
  open: (name: string, numbers: number, matrix: { name: string; rows: number; cols: number } | null) =>
    `Open ${name}: ${counted(numbers, "number")}${matrix === null ? "" : `, made with ${matrix.name}, ${matrix.rows} by ${matrix.cols}`}`,
  number: (n: number) => (Number.isFinite(n) ? digits(n, 4) : kit.number(n)),
  numbers: (n: number) => counted(n, "number"),
  nats: "nats",
  params: (n: number) => counted(n, "parameter"),
  gradient: "gradient",
  on: (on: number, all: number) => `${count(on)} of ${count(all)} on`,
  dead: (dead: number, all: number) => `${count(dead)} of ${counted(all, "unit")} ${dead === 1 ? "is" : "are"} off at every position of this text.`,
  attentionOf: (layer: number, layers: number) => `Attention${ofLayer(layer, layers)}`,
  mlpOf: (layer: number, layers: number) => `MLP${ofLayer(layer, layers)}`,
  outOf: "Guess of the next token",
  closed: (layer: number) => `Layer ${layer}`,
  openLayer: "open",
  inLayer: (layer: number) => `, layer ${layer}`,
  tooMany: "In a model of this size the matrices are drawn only in the box that is opened below.",
  replay: (step: string) => `Replay step ${step}`,
  stop: "Stop here",
  next: "Next phase",
  leave: "Show all",
  slider: "Phase of the step",
  whole: "All numbers of the step at once. Replay it, or drag, to see them in the order in which they came about.",
  phase: {
    forward: (name: string, at: number, of: number) => `Replay · forward ${at} of ${of}: ${name}`,
    backward: (name: string, at: number, of: number) => `Replay · backward ${at} of ${of}: the gradient of ${name}`,
    update: (name: string, at: number, of: number) => `Replay · update ${at} of ${of}: what Adam takes off ${name}`,
  },
  show: "Show",
  values: "values",
  gradients: "gradient",
  position: "position",
  looksAt: "looks at",
  token: "token",
  channel: "channel",
  row: (matrix: string) => (matrix === "wte" || matrix === "lm_head" ? "token" : matrix === "wpe" ? "position" : matrix.endsWith("mlp_fc1") ? "unit" : "output"),
  column: (matrix: string) => (matrix === "wte" || matrix === "lm_head" || matrix === "wpe" ? "channel" : matrix.endsWith("mlp_fc2") ? "unit" : "input"),
  atEvery: (tensor: string, part: "value" | "gradient") => `${part === "value" ? "" : "Gradient of "}${tensor} at every position`,
  matrix: (name: string, rows: number, cols: number, all: string, part: "value" | "gradient") =>
    `${part === "value" ? "" : "Gradient of "}${name}: ${rows} × ${cols} = ${all} parameters`,
  goTo: (view: "attention" | "probabilities" | "embeddings" | "weights" | "model") =>
    ({ attention: "Look closer in Attention", probabilities: "Look closer in Probabilities", embeddings: "Look closer in Embeddings", weights: "All matrices in Weights", model: "Model" })[view],
  ledger: (channel: number, position: number) => `Channel ${channel} of the residual stream at position ${position}`,
  ledgerHow: "Each bar begins where the last one ended. Only the norm scales instead of adding. Press a line to hold on to its number.",
  account: (kind: "tok_emb" | "pos_emb" | "sum" | "emb_norm" | "attn_out" | "attn_residual" | "fc2" | "residual", layer: number | null, layers: number) =>
    ({
      tok_emb: "token", pos_emb: "+ position", sum: "sum", emb_norm: "after the norm",
      attn_out: `+ attention${layers > 1 ? ` ${layer ?? ""}` : ""}`, attn_residual: "stream", fc2: `+ MLP${layers > 1 ? ` ${layer ?? ""}` : ""}`, residual: "stream",
    })[kind],
  lens: (position: number) => `If it had to answer now, at position ${position}`,
  lensHow: "The logit lens: lm_head reads the residual stream early, after each part has added to it. The last row is the model’s real answer. ◀ marks the token that came.",
  after: "after",
  place: ["first", "second", "third"],
  target: "token that came",
  stage: (after: string, layers: number) => {
    const [, layer, name] = /^(?:layer(\d+)\.)?(.*)$/.exec(after) ?? [];
    const of = ofLayer(layer === undefined ? null : Number(layer), layers);
    return name === "emb_norm" ? "embeddings" : name === "attn_residual" ? `attention${of}` : `MLP${of}`;
  },
};
