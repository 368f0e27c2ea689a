// The figures of a run as columns, one entry a step from step 0 on, as charts want them.
// A growing run only adds to its columns: nothing that stands in them is copied out of the records twice.
import type { HeldOutLoss, StepRecord } from "../../../lib/protocol/types";

export type Column = readonly (number | null)[];

export type Curves = {
  /** Steps 0, 1, 2 …: entry i is what is known after i steps. */
  x: ArrayLike<number>;
  loss: Column;
  smoothed: Column;
  rate: Column;
  norm: Column;
  change: Column;
  /** The average with not-a-number at step 0, for curves without gaps of their own. */
  spark: Float64Array;
};

type Columns = { loss: (number | null)[]; smoothed: (number | null)[]; rate: (number | null)[]; norm: (number | null)[]; change: (number | null)[] };

/** Columns that grow: as long as records are only added, what is there stays. */
export class Growing {
  #records: readonly StepRecord[] = [];
  #columns = blank();
  #spark = new Float64Array(64).fill(NaN);
  #curves: Curves = this.#show();

  of(records: readonly StepRecord[]): Curves {
    if (records === this.#records) return this.#curves;
    const known = this.#records.length;
    const grown = known > 0 && records.length >= known && records[0] === this.#records[0] && records[known - 1] === this.#records[known - 1];
    if (!grown) {
      this.#columns = blank();
      this.#spark = new Float64Array(Math.max(64, records.length + 1)).fill(NaN);
    }
    for (let i = grown ? known : 0; i < records.length; i++) this.#add(i + 1, records[i]);
    this.#records = records;
    this.#curves = this.#show();
    return this.#curves;
  }

  #add(step: number, record: StepRecord | undefined): void {
    const { loss, smoothed, rate, norm, change } = this.#columns;
    loss[step] = record?.loss ?? null;
    smoothed[step] = record?.smoothed_loss ?? null;
    rate[step] = record?.learning_rate ?? null;
    norm[step] = record?.grad_norm ?? null;
    change[step] = record?.mean_abs_update ?? null;
    if (step >= this.#spark.length) {
      const wider = new Float64Array(this.#spark.length * 2).fill(NaN);
      wider.set(this.#spark);
      this.#spark = wider;
    }
    this.#spark[step] = record?.smoothed_loss ?? NaN;
  }

  #show(): Curves {
    const { loss, smoothed, rate, norm, change } = this.#columns;
    const n = loss.length;
    return {
      x: stepsTo(n - 1), loss: loss.slice(), smoothed: smoothed.slice(), rate: rate.slice(), norm: norm.slice(), change: change.slice(),
      spark: this.#spark.subarray(0, n),
    };
  }
}

function blank(): Columns {
  return { loss: [null], smoothed: [null], rate: [null], norm: [null], change: [null] };
}

let steps = new Float64Array(0);

/** 0 to `last`: one array for all charts, seen through a window. */
export function stepsTo(last: number): Float64Array {
  if (last >= steps.length) steps = Float64Array.from({ length: Math.max(1024, 2 * (last + 1)) }, (_, i) => i);
  return steps.subarray(0, last + 1);
}

const present = new Growing();

/** The columns of the run at hand, which all charts of the page share. */
export function curvesOf(records: readonly StepRecord[]): Curves {
  return present.of(records);
}

/** Losses measured now and then, in a column of `length` entries. */
export function sparse(held: readonly HeldOutLoss[], length: number): Column {
  const column: (number | null)[] = new Array<number | null>(length).fill(null);
  for (const { step, loss } of held) if (step < length) column[step] = loss;
  return column;
}

/** The records of a run that ended, as a column of averages. */
export function averages(records: readonly StepRecord[]): Column {
  return [null, ...records.map(({ smoothed_loss }) => smoothed_loss)];
}
