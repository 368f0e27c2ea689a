// The figures of a run as columns, one entry a step from step 0 on, as charts want them.
// A run that grows adds to its columns: what stands in them is neither read nor copied again, however fast it grows.
import type { HeldOutLoss, StepRecord } from "../../../lib/protocol/types";

/** Entry i is what is known after i steps; not-a-number where nothing is. */
export type Column = Float64Array;

const FIGURES = ["loss", "smoothed_loss", "learning_rate", "grad_norm", "mean_abs_update"] as const;
type Figure = (typeof FIGURES)[number];

export type Curves = { x: Column } & Record<Figure, Column>;

const LEAST = 1024;

/** Columns with room to grow, seen through windows as long as what is known. */
export class Growing {
  #records: readonly StepRecord[] = [];
  #columns: Record<Figure, Column> = blank(LEAST);
  #curves: Curves = this.#window(1);

  of(records: readonly StepRecord[]): Curves {
    if (records === this.#records) return this.#curves;
    const known = this.#records.length;
    const grown = known > 0 && records.length >= known && records[0] === this.#records[0] && records[known - 1] === this.#records[known - 1];
    const room = this.#columns.loss.length;
    if (!grown) this.#columns = blank(Math.max(LEAST, records.length + 1));
    else if (records.length >= room) this.#columns = widened(this.#columns, Math.max(2 * room, records.length + 1));
    for (let i = grown ? known : 0; i < records.length; i++) {
      const record = records[i];
      for (const figure of FIGURES) this.#columns[figure][i + 1] = record?.[figure] ?? NaN;
    }
    this.#records = records;
    this.#curves = this.#window(records.length + 1);
    return this.#curves;
  }

  #window(length: number): Curves {
    const { loss, smoothed_loss, learning_rate, grad_norm, mean_abs_update } = this.#columns;
    const seen = (column: Column): Column => column.subarray(0, length);
    return {
      x: stepsTo(length - 1), loss: seen(loss), smoothed_loss: seen(smoothed_loss), learning_rate: seen(learning_rate), grad_norm: seen(grad_norm),
      mean_abs_update: seen(mean_abs_update),
    };
  }
}

/** A run begins before its first step, where there is no figure yet. */
function blank(room: number): Record<Figure, Column> {
  return Object.fromEntries(FIGURES.map((figure) => [figure, new Float64Array(room).fill(NaN, 0, 1)])) as Record<Figure, Column>;
}

function widened(columns: Record<Figure, Column>, room: number): Record<Figure, Column> {
  const wider = blank(room);
  for (const figure of FIGURES) wider[figure].set(columns[figure]);
  return wider;
}

let steps: Column = new Float64Array(0);

/** 0 to `last`: one array for all charts, seen through a window. */
export function stepsTo(last: number): Column {
  if (last >= steps.length) steps = Float64Array.from({ length: Math.max(LEAST, 2 * (last + 1)) }, (_, i) => i);
  return steps.subarray(0, last + 1);
}

const present = new Growing();
const known = new WeakMap<readonly StepRecord[], Curves>();

/** The columns of the run at hand, which all charts of the page share; those that follow more slowly find what was made before. */
export function curvesOf(records: readonly StepRecord[]): Curves {
  const curves = known.get(records) ?? present.of(records);
  known.set(records, curves);
  return curves;
}

/** The averages of a run that has ended. */
export function averages(records: readonly StepRecord[]): Column {
  return Float64Array.from({ length: records.length + 1 }, (_, i) => records[i - 1]?.smoothed_loss ?? NaN);
}

let lastHeld: { held: readonly HeldOutLoss[]; column: Column } | null = null;

/** Losses measured now and then, in a column of `length` entries. */
export function sparse(held: readonly HeldOutLoss[], length: number): Column {
  if (lastHeld === null || lastHeld.held !== held || lastHeld.column.length < length) {
    const column = new Float64Array(Math.max(LEAST, 2 * length)).fill(NaN);
    for (const { step, loss } of held) if (loss !== null) column[step] = loss;
    lastHeld = { held, column };
  }
  return lastHeld.column.subarray(0, length);
}
