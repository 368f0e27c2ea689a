// What to try after a divergence: a rule of thumb, offered as a suggestion and never as a computed answer.
// Diverged at the very start, the initial weights were too wild; later, the steps were too bold.
import type { Config } from "../../../lib/protocol/types";

export type WayOut = { setting: "init_std" | "learning_rate"; value: number };

const GENTLER = 10;

export function wayOut(config: Config, learningRate: number, trained: number, usualStd: number): WayOut | null {
  if (trained === 0) return config.init_std > usualStd ? { setting: "init_std", value: usualStd } : null;
  return { setting: "learning_rate", value: Number((learningRate / GENTLER).toPrecision(2)) };
}
