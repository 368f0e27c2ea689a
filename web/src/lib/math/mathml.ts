// Formulas as trees of MathML, written much as they are read. Browsers set them; no library is needed.
// Pure, so that the trees can be tested without a page.

export type Node = { tag: string; children: readonly Node[] } | { tag: string; text: string };
/** A text is taken apart into names, numbers and signs. */
export type Piece = string | Node;

/** Names, numbers, and anything else sign by sign. */
const SYMBOLS = /(?<name>\p{L}[\p{L}\p{M}_]*)|(?<number>\d+(?:\.\d+)?)|(?<sign>\S)/gu;

function leaf(tag: string, text: string): Node {
  return { tag, text };
}

function leavesOf(text: string): Node[] {
  return [...text.matchAll(SYMBOLS)].map(({ groups = {} }) => {
    if (groups["name"] !== undefined) return leaf("mi", groups["name"]);
    return groups["number"] !== undefined ? leaf("mn", groups["number"]) : leaf("mo", groups["sign"] ?? "");
  });
}

function nodesOf(pieces: readonly Piece[]): Node[] {
  return pieces.flatMap((piece) => (typeof piece === "string" ? leavesOf(piece) : [piece]));
}

/** Pieces side by side; a single one as it is. */
export function row(...pieces: Piece[]): Node {
  const nodes = nodesOf(pieces);
  return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { tag: "mrow", children: nodes };
}

const made = (tag: string) => (...parts: Piece[]): Node => ({ tag, children: parts.map((part) => row(part)) });

export const sub = made("msub");
export const sup = made("msup");
/** Below and above at once. */
export const subsup = made("msubsup");
export const frac = made("mfrac");
export const sqrt = made("msqrt");

/** A letter with a hat over it. */
export function hat(letter: string): Node {
  return { tag: "mover", children: [leaf("mi", letter), leaf("mo", "^")] };
}

/** The sum over what stands below the sign. */
export function sum(below: Piece): Node {
  return { tag: "munder", children: [leaf("mo", "∑"), row(below)] };
}

/** A formula in one line of text, for tests and for those who copy. */
export function plain(node: Node): string {
  if ("text" in node) return node.text;
  const parts = node.children.map(plain);
  const [a = "", b = ""] = parts;
  switch (node.tag) {
    case "mfrac": return `(${a}) / (${b})`;
    case "msqrt": return `√(${a})`;
    case "msup": return `${a}^${b.length > 1 ? `(${b})` : b}`;
    case "msub": return `${a}_${b.length > 1 ? `(${b})` : b}`;
    case "msubsup": return `${a}_${b}^${parts[2] ?? ""}`;
    case "munder": return `${a}_(${b})`;
    case "mover": return a + "\u0302";
    default: return parts.join(" ");
  }
}
