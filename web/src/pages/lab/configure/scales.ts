// Which values a slider stops at, and where each stands: scales that suit what is set, with round stops.
// Positions are counted in stops, so that a drag, an arrow key and a typed number mean the same place.
import { boundsOf, isWithin, type Around, type NumberKey } from "../../../lib/settings";
import type { Limits } from "../../../lib/protocol/types";

export type Stop = number | null;

export type SliderScale = {
  /** Ascending; null, where it stands for never, comes first. */
  stops: readonly Stop[];
  /** How many stops PageUp and PageDown move by. */
  page: number;
};

/** What the stops of one setting depend on: the widths and heads must fit each other. */
export type Settled = Around & { n_embd: number; n_head: number; seed: number };

const FINE = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const COARSE = [1, 2, 5];
/** A window of so many seeds is on the slider; which one follows the number typed. */
const SEEDS = 100;

export function scaleOf(key: NumberKey, limits: Limits, settled: Settled): SliderScale {
  const bounds = boundsOf(key, limits, settled);
  const within = (stops: readonly Stop[]): Stop[] => stops.filter((stop) => stop === null || isWithin(stop, bounds));
  switch (key) {
    case "learning_rate":
      return { stops: within([0, ...decades(FINE, -5, 1)]), page: FINE.length };
    case "init_std":
      return { stops: within([0, ...decades(FINE, -3, 1)]), page: FINE.length };
    case "eps":
      return { stops: within(decades(COARSE, -12, 0)), page: COARSE.length };
    case "beta1":
    case "beta2":
      return { stops: within([0, ...decades([...FINE].reverse(), -1, -4).map((rest) => tidy(1 - rest))]), page: FINE.length };
    case "steps":
      return { stops: within(decades(FINE, 0, 5).filter(Number.isInteger)), page: 5 };
    case "samples_every":
      return { stops: within([null, ...decades([1, 2, 2.5, 5], 0, 5).filter(Number.isInteger)]), page: 4 };
    case "held_out_every":
      return { stops: within([null, ...decades(COARSE, 0, 3)]), page: 3 };
    case "block_size":
      return { stops: within([1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 96, 128, 256, 512, 1024]), page: 4 };
    case "n_embd":
      return { stops: multiples(settled.n_head, bounds.max), page: 4 };
    case "n_head":
      return { stops: divisors(settled.n_embd).filter((n) => n <= bounds.max), page: 2 };
    case "n_layer":
      return { stops: range(bounds.min, bounds.max), page: 2 };
    case "seed": {
      const first = Math.floor(settled.seed / SEEDS) * SEEDS;
      return { stops: within(range(first, first + SEEDS - 1)), page: 10 };
    }
  }
}

/** Where a value stands, counted in stops: between two of them if it is none itself. */
export function placeOf({ stops }: SliderScale, value: Stop): number {
  const last = Math.max(0, stops.length - 1);
  if (value === null) return 0;
  const above = stops.findIndex((stop) => stop !== null && stop >= value);
  if (above < 0) return last;
  const [a, b] = [stops[above - 1], stops[above]];
  if (a === undefined || a === null || b === null || b === undefined) return above;
  return above - 1 + (value - a) / (b - a);
}

/** The stop nearest to a place. */
export function stopAt({ stops }: SliderScale, place: number): Stop {
  const i = Math.round(Math.min(Math.max(place, 0), Math.max(0, stops.length - 1)));
  return stops[i] ?? null;
}

/** What a key does to a value; undefined if it is not a slider's key. Seeds go on beyond the window. */
export function keyed(scale: SliderScale, key: NumberKey, value: Stop, pressed: string): Stop | undefined {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: scale.page, PageDown: -scale.page }[pressed];
  if (by !== undefined) {
    if (key === "seed" && value !== null) return value + by;
    const place = placeOf(scale, value);
    // From between two stops, one notch goes to the next of them.
    return stopAt(scale, by > 0 ? Math.floor(place) + by : Math.ceil(place) + by);
  }
  if (pressed === "Home") return scale.stops[0];
  if (pressed === "End") return scale.stops.at(-1);
  return undefined;
}

export function divisors(n: number): number[] {
  return range(1, Math.max(1, Math.floor(n))).filter((d) => n % d === 0);
}

export function multiples(of: number, max: number): number[] {
  const step = Number.isInteger(of) && of >= 1 && of <= max ? of : 1;
  return range(1, Math.floor(max / step)).map((k) => k * step);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Round numbers over several powers of ten, in the order from the first power to the last. */
function decades(mantissas: readonly number[], from: number, to: number): number[] {
  const step = Math.sign(to - from) || 1;
  const powers = range(0, Math.abs(to - from)).map((i) => from + step * i);
  return powers.flatMap((power) => mantissas.map((mantissa) => Number(`${mantissa}e${power}`)));
}

/** A decimal as people write it: 1 − 0.01 is 0.99. */
function tidy(x: number): number {
  return Number(x.toFixed(6));
}
