// Raised and lowered letters: written as Unicode has them, so that the explanations read well as text, and set as <sup> and <sub>,
// because hardly a font has them all.
const RAISED: Readonly<Record<string, string>> = {
  "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "−", "ⁿ": "n", "ˣ": "x", "ᵗ": "t", "ᵀ": "T",
};
const LOWERED: Readonly<Record<string, string>> = { "₁": "1", "₂": "2", "ᵢ": "i", "ⱼ": "j", "ᵥ": "v", "ₚ": "p", "_q": "q", "_k": "k", "_v": "v", "_o": "o", "_H": "H" };

export type Script = { kind: "plain" | "sup" | "sub"; text: string };

const RUNS = /([⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿˣᵗᵀ]+)|([₁₂ᵢⱼᵥₚ]+|(?<=\b[Wo])_[qkvoH]\b)/u;

export function scriptsOf(text: string): Script[] {
  const found = RUNS.exec(text);
  if (found === null) return text === "" ? [] : [{ kind: "plain", text }];
  const [run, raised] = found;
  const kind = raised === undefined ? "sub" : "sup";
  const table = kind === "sup" ? RAISED : LOWERED;
  const spelled = run.startsWith("_") ? (table[run] ?? run) : [...run].map((letter) => table[letter] ?? letter).join("");
  const before = text.slice(0, found.index);
  return [...(before === "" ? [] : [{ kind: "plain", text: before } as const]), { kind, text: spelled }, ...scriptsOf(text.slice(found.index + run.length))];
}
