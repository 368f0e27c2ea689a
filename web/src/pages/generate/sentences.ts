// One sentence for every beat, made of the numbers on screen: what happens here, to this letter, in this head.
// Pure, so that it says the same on the way back. It picks numbers and computes none.
import { m } from "../../lib/messages/en/generate";
import type { Experiment } from "../../lib/protocol/types";
import { largest } from "../lab/probabilities/order";
import type { Spread } from "./choices.svelte";
import { beginning, type Lane } from "./lanes";
import type { Here } from "./reading.svelte";
import { BEATS, whose, type Beat, type Moment } from "./timeline";

type Scene = { moment: Moment; lane: Lane; experiment: Experiment; here: Here | null; spread: Spread | null; head: number };

const says = m.says;

/** Null while its numbers are on their way. */
export function sentenceOf(scene: Scene): string | null {
  const { moment, lane, experiment } = scene;
  const beat = BEATS[moment.stage][moment.beat] as Beat;
  const { vocab, config } = experiment;
  const p = moment.position;
  const token = lane.tokens[p] ?? experiment.bos;
  const name = vocab[token] ?? "?";
  if (moment.stage === "tokenize") {
    return beat === "letters" ? says.letters(`“${beginning(lane.text, p)}”`, p) : says.ids(name, token, vocab.length);
  }
  if (moment.stage === "embed" && beat === "token") return says.token(name, token, config.n_embd);
  if (moment.stage === "embed" && beat === "place") return says.place(p, config.n_embd);
  if (moment.stage === "probabilities" || moment.stage === "draw" || moment.stage === "result") return ofTheChoice(scene, beat);
  return scene.here === null || scene.here.spot.position !== p ? null : ofTheLayers(scene, scene.here, beat);
}

function ofTheLayers({ moment, lane, experiment, head }: Scene, { at, spot, get }: Here, beat: Beat): string {
  const { config, vocab } = experiment;
  const width = config.n_embd;
  const p = moment.position;
  const name = (t: number): string => vocab[lane.tokens[t] ?? -1] ?? "?";
  const one = (tensor: string, i: number): number => get(at + tensor)[i] ?? NaN;
  const inLayer = (tensor: string): string => `layer${spot.layer}.${tensor}`;
  const inHead = (tensor: string): string => `layer${spot.layer}.head${head}.${tensor}`;
  const channel = whose(moment.progress, width) ?? 0;
  const d = width / config.n_head;
  const best = (tensor: string): number => largest(get(at + inHead(tensor)), 1)[0] ?? 0;
  switch (beat) {
    case "sum": return says.sum(channel, one("tok_emb", channel), one("pos_emb", channel), one("sum", channel));
    case "norm": return says.norm(one("emb_norm_mean_square", 0), one("emb_norm_scale", 0));
    case "qkv": return says.qkv(d, p);
    case "scores": return says.scores(name(p), p, name(best("scores")), best("scores"), one(inHead("scores"), best("scores")));
    case "scale": return says.scale(d, scaleOf(d));
    case "softmax": return says.softmax(name(best("weights")), best("weights"), one(inHead("weights"), best("weights")));
    case "mix": return says.mix(d);
    case "out": return says.out(config.n_head, width);
    case "stream": return says.stream(channel, one(inLayer("attn_norm_input"), channel), one(inLayer("attn_out"), channel), one(inLayer("attn_residual"), channel));
    case "hidden": return says.hidden(4 * width);
    case "off": return says.off(onIn(get(at + inLayer("act"))), 4 * width, config.activation === "relu2");
    default: return says.add(channel, one(inLayer("fc2"), channel), one(inLayer("residual"), channel));
  }
}

/** Units that are on. */
export function onIn(units: Float64Array): number {
  return units.reduce((on, unit) => on + (unit > 0 ? 1 : 0), 0);
}

/** 1/√d where that is a number people know; what the engine multiplies by has an address of its own in every score. */
function scaleOf(d: number): string {
  const known: Record<number, string> = { 1: "1", 4: "½", 16: "¼", 64: "⅛" };
  return known[d] ?? `1/√${d}`;
}

function ofTheChoice({ moment, lane, experiment, spread }: Scene, beat: Beat): string | null {
  const p = moment.position;
  const { vocab, bos } = experiment;
  const next = lane.next(p);
  const name = (token: number | null): string => vocab[token ?? -1] ?? "?";
  if (beat === "cache") return says.cache(p + 1);
  if (beat === "append") {
    if (next === null) return says.appendFull(lane.text, experiment.config.block_size);
    if (next === bos) return says.appendEnd(lane.text);
    return p < lane.prefix ? says.appendGiven(name(next)) : says.append(name(next), beginning(lane.text, p + 1));
  }
  if (spread === null || spread.position !== p) return null;
  const { way, plain, drawn } = spread;
  const best = largest(way.shares, 1)[0] ?? 0;
  const { temperature } = way.sampling;
  const { landing } = way;
  switch (beat) {
    case "scores": return says.logits(vocab.length, name(best), spread.logits[best] ?? NaN);
    case "temperature": return temperature === 0 ? says.greedy : says.temperature(temperature);
    case "softmax": return says.softmaxEnd(name(best), way.shares[best] ?? NaN, way.equal_choices);
    case "cut": return says.cut(way.kept, vocab.length);
    case "line": return drawn === null && spread.trial.random === null && temperature !== 0 ? says.givenLine(name(next)) : temperature === 0 ? says.greedyLine : says.line(way.total);
    case "number": return landing?.random == null ? (temperature === 0 ? says.greedyNumber : says.givenLine(name(next))) : says.number(landing.random);
    default: {
      if (landing === null) return says.givenLetter(name(next), plain.shares[next ?? -1] ?? NaN);
      if (landing.random === null) return says.greedyLetter(name(landing.token));
      return says.letter(name(landing.token), landing.from, landing.to, landing.token === bos);
    }
  }
}
