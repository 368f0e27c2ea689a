// How the term of a number is laid out: its kinds, its parts, and how long sums are cut.
// Pure, so that what the inspector shows can be tested without a page.
import type { Term, WireNumber } from "../../../lib/protocol/types";

/** A sum longer than this shows only its first terms until it is asked for all. */
export const MOST_TERMS = 20;
/** As many are shown of one that is cut. */
export const FIRST_TERMS = 8;

export type Leaf = Extract<Term, { op: "number" | "constant" }>;
type Product = Extract<Term, { op: "product" }>;

export function isLeaf(term: Term): term is Leaf {
  return term.op === "number" || term.op === "constant";
}

/** A number, or a product of numbers: it fits on a line. */
export function isFlat(term: Term): term is Leaf | (Product & { factors: Leaf[] }) {
  return isLeaf(term) || (term.op === "product" && term.factors.every(isLeaf));
}

export function factorsOf(term: Leaf | Product): readonly Term[] {
  return term.op === "product" ? term.factors : [term];
}

/** A term's parts, in order, each with the word that leads to it. */
export function partsOf(term: Term): { role: "plain" | "by" | "less"; term: Term }[] {
  const plain = (part: Term) => ({ role: "plain" as const, term: part });
  switch (term.op) {
    case "number":
    case "constant":
      return [];
    case "sum":
      return term.terms.map(plain);
    case "product":
      return term.factors.map(plain);
    case "quotient":
      return [plain(term.of), { role: "by", term: term.by }];
    case "difference":
      return [plain(term.from), { role: "less", term: term.less }];
    case "power":
      return [plain(term.base)];
    default:
      return [plain(term.of)];
  }
}

/** How many of `n` things are shown, all of them or the first. */
export function shownOf(n: number, all: boolean): number {
  return all || n <= MOST_TERMS ? n : FIRST_TERMS;
}

/** The term in one line of text, for copying: `(a · b) + (c · d) = value`. */
export function spelledOut(term: Term): string {
  const inner = (part: Term): string => (isLeaf(part) ? spelledOut(part) : `(${spelledOut(part)})`);
  switch (term.op) {
    case "number":
      return `${term.address}{${String(term.value)}}`;
    case "constant":
      return String(term.value);
    case "sum":
      return [...(term.from_zero ? ["0"] : []), ...term.terms.map(inner)].join(" + ");
    case "product":
      return term.factors.map(inner).join(" · ");
    case "quotient":
      return `${inner(term.of)} / ${inner(term.by)}`;
    case "difference":
      return `${inner(term.from)} − ${inner(term.less)}`;
    case "power":
      return `${inner(term.base)}^${String(term.exponent)}`;
    case "exp":
      return `exp ${inner(term.of)}`;
    case "log":
      return `ln ${inner(term.of)}`;
    case "relu":
      return `max(0, ${spelledOut(term.of)})`;
  }
}

/** The shortest text that gives back the same double; what is not finite in words. */
export function exactly(value: WireNumber): string {
  return String(value);
}
