// Takes number addresses apart and puts them together, as docs/addresses.md spells them.
// Whether an address means something is for the engine to say; here it is only read.

export const PARTS = ["grad", "m", "v", "m_hat", "v_hat", "update", "next"] as const;
export type Part = (typeof PARTS)[number];

export type Spelled = {
  /** `step:136/text:emma/`, or nothing: when, and which text. */
  moment: string;
  /** The digits of `p2/`; `*` for all positions; null where the name has none. */
  position: string | null;
  /** `logits`, `layer0.head1.weights`, `layer0.attn_wq`, `node:4711`. */
  tensor: string;
  index: readonly number[];
  part: Part | null;
};

const MOMENT = /^(?:step:[^/]*\/)?(?:text:[^/]*\/)?/;
const NAME = /^(?:p(\d+|\*)\/)?(node:\d+|(?:layer\d+\.)?(?:head\d+\.)?[a-z_][a-z0-9_]*)(?:\[(\d+)\])?(?:\[(\d+)\])?(?:\.([a-z_]+))?$/;

/** When and where it is read, and the rest. */
export function split(address: string): { moment: string; name: string } {
  const moment = MOMENT.exec(address)?.[0] ?? "";
  return { moment, name: address.slice(moment.length) };
}

/** Null for what is no address. */
export function spell(address: string): Spelled | null {
  const { moment, name } = split(address.trim());
  const found = NAME.exec(name);
  if (found === null) return null;
  const [, position, tensor = "", row, col, ending] = found;
  const part = PARTS.find((one) => one === ending) ?? null;
  if (ending !== undefined && part === null) return null;
  const index = [row, col].filter((i) => i !== undefined).map(Number);
  return { moment, position: position ?? null, tensor, index, part };
}

/** The address of another part of the same number; null for the number itself. */
export function withPart(address: string, part: Part | null): string {
  const spelled = spell(address);
  const bare = spelled?.part == null ? address : address.slice(0, -spelled.part.length - 1);
  return part === null ? bare : `${bare}.${part}`;
}

/** `layer0.attn_wq`, row and column, if the address is one entry of a matrix. */
export function entryOf(address: string): { matrix: string; row: number; col: number; part: Part | null } | null {
  const spelled = spell(address);
  const [row, col] = spelled?.index ?? [];
  if (spelled === null || spelled.position !== null || row === undefined || col === undefined) return null;
  return { matrix: spelled.tensor, row, col, part: spelled.part };
}

export function entry(matrix: string, row: number, col: number, part: Part | null = null): string {
  return `${matrix}[${row}][${col}]${part === null ? "" : `.${part}`}`;
}

/** An address named inside an explanation, told in full: what has no moment of its own lies where the explained number lies. */
export function beside(address: string, named: string): string {
  return split(named).moment === "" ? split(address).moment + named : named;
}
