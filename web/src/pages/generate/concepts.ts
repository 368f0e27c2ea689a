// Which concept of the source a moment of the way is about: beat by beat, and within a beat where several lines share it.
// Pure, so that the code runs backwards as the picture does.
import type { Language } from "../../lib/source/language";
import { BEATS, type Beat, type Moment, type Stage } from "./timeline";

type Turns = readonly [string, ...string[]];

/** A beat with several concepts goes through them one after the other, and ends at the last. */
const OF_BEAT: { [S in Stage]: Record<(typeof BEATS)[S][number], Turns> } = {
  tokenize: { letters: ["encode"], ids: ["vocabulary"] },
  embed: { token: ["embedding"], place: ["position"], sum: ["embedding"], norm: ["rmsnorm"] },
  attention: {
    qkv: ["query", "key", "value"], scores: ["attention-scores"], scale: ["scaling"], softmax: ["attention-weights"], mix: ["mixing"], out: ["output-projection"],
  },
  mlp: { stream: ["residual"], hidden: ["mlp-up"], off: ["activation"], add: ["mlp-down", "residual"] },
  probabilities: { scores: ["lm-head"], temperature: ["temperature"], softmax: ["softmax"], cut: ["top-k-top-p"] },
  draw: { line: ["draw"], number: ["uniform"], letter: ["draw"] },
  result: { append: ["generate"], cache: ["kv-cache"] },
};

/** What microgpt.py leaves to Python's own library, or out: there the code around it is shown. */
const IN_PYTHON: Readonly<Record<string, string>> = { "top-k-top-p": "temperature", uniform: "draw" };

/** `ends`: what was drawn is the end of the text. */
export function conceptOfMoment({ stage, beat, progress }: Moment, ends: boolean, language: Language): string | null {
  const name = BEATS[stage][beat];
  if (name === undefined) return null;
  if (name === "append" && ends) return "stop";
  const turns = (OF_BEAT[stage] as Readonly<Partial<Record<Beat, Turns>>>)[name];
  if (turns === undefined) return null;
  const concept = turns[Math.min(turns.length - 1, Math.floor(progress * turns.length))] ?? turns[0];
  return language === "python" ? (IN_PYTHON[concept] ?? concept) : concept;
}

/** All that are named here, for the test. */
export const NAMED: readonly string[] = [...Object.values(OF_BEAT).flatMap((beats) => Object.values(beats).flat()), ...Object.values(IN_PYTHON), "stop"];
