// The tables of the page as rows of text: made of the loaded model, the catalog and published figures.
import { count, digits } from "../../lib/format";
import { m } from "../../lib/messages/en/reference/page";
import { PAPER, SIZES } from "../../lib/messages/en/reference/paper";
import type { Catalog, Config, Experiment } from "../../lib/protocol/types";
import type { Facts } from "../../lib/state/facts";

export type Row = { cells: readonly string[]; marked?: boolean };

export function parameterRows({ matrices, config }: Experiment): Row[] {
  return matrices.map(({ name, rows, cols }) => {
    const kind = name.replace(/^layer\d+\./, "");
    const zero = config.zero_init && (kind === "attn_wo" || kind === "mlp_fc2");
    const first = zero ? m.parameters.zero : m.parameters.gauss(config.init_std);
    return { cells: [name, `${count(rows)} × ${count(cols)}`, count(rows * cols), m.parameters.purpose[kind] ?? "", first] };
  });
}

function spoken(value: Config[keyof Config]): string {
  if (typeof value === "boolean") return value ? m.presets.yes : m.presets.no;
  return typeof value === "number" ? digits(value) : value;
}

/** One row a setting, one column a preset; rows in which they differ are marked. */
export function presetRows({ presets, corpora }: Catalog): Row[] {
  const row = (name: string, cells: readonly string[]): Row => ({ cells: [name, ...cells], marked: new Set(cells).size > 1 });
  const about = (corpus: string): { num_docs: number; vocab_size: number } | undefined => corpora.find(({ name }) => name === corpus);
  const number = (n: number | undefined): string => (n === undefined ? "–" : count(n));
  const keys = Object.keys(presets[0]?.config ?? {}) as (keyof Config)[];
  return [
    row(m.presets.corpus, presets.map(({ corpus }) => corpus)),
    row(m.presets.docs, presets.map(({ corpus }) => number(about(corpus)?.num_docs))),
    row(m.presets.vocab, presets.map(({ corpus }) => number(about(corpus)?.vocab_size))),
    ...keys.map((key) => row(key, presets.map(({ config }) => spoken(config[key])))),
  ];
}

export const PAPER_ROWS: readonly Row[] = PAPER.map(({ same, paper, here, why }) => ({ cells: [paper, here, why], marked: !same }));

/** How many times as many parameters as this model. */
export function sizeRows(facts: Facts | null): Row[] {
  const mine = facts === null ? [] : [{ cells: [m.scale.mine, count(facts.params), ...[facts.L, facts.C, facts.H, facts.T, facts.V].map(count)], marked: true }];
  return [
    ...mine,
    ...SIZES.map(({ name, params, layers, width, heads, context, vocab }) => {
      const times = facts === null ? "" : ` (${m.scale.times((params * 1e6) / facts.params)})`;
      const size = params < 1000 ? `${count(params)} M` : `${digits(params / 1000)} B`;
      return { cells: [name, size + times, ...[layers, width, heads, context, vocab].map(count)] };
    }),
  ];
}
