// Turns the engine's numbers into text. One place, so that a number looks the same wherever it stands.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `4192` → `4,192`. */
export function count(n: number): string {
  return whole.format(n);
}

/** `count(1)` + `step`, `count(2)` + `steps`. */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${count(n)} ${n === 1 ? singular : plural}`;
}

/** A loss in nats: two decimals in prose, four in tables. */
export function nats(x: number, decimals: 2 | 3 | 4 = 2): string {
  return fixed(x, decimals);
}

/** So many decimals; what rounds to nothing has no sign. */
export function fixed(x: number, decimals: number): string {
  const text = x.toFixed(decimals);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

/** A probability or an attention weight, three decimals; what would round to nothing says so. */
export function share(p: number): string {
  if (p > 0 && p < 0.0005) return "<0.001";
  return p.toFixed(3);
}

/** Three significant digits, or as many as asked for, without trailing zeros: `0.01`, `1.27`, `1,235`, `3.1e−9`. */
export function digits(x: number, significant = 3): string {
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 10 ** significant && size < 1e6) return minus(count(x));
  const text = size < 0.0001 || size >= 1e6 ? x.toExponential(significant - 1) : x.toPrecision(significant);
  return minus(text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "").replace("e+", "e"));
}

/** A hyphen is not a minus sign. */
function minus(text: string): string {
  return text.replaceAll("-", "−");
}

/** `bytes` as people say it: `200 KB`, `1 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${count(n)} bytes`;
  if (n < 1e6) return `${digits(n / 1000)} KB`;
  return `${digits(n / 1e6)} MB`;
}

/** A token's label in a list: `BOS` and visible blanks. */
export function tokenLabel(label: string): string {
  if (label === " ") return "␣";
  if (label === "\t") return "⇥";
  return label;
}

/** A token's label where there is room for one character: BOS becomes `¶`. */
export function tokenGlyph(token: number, vocab: readonly string[], bos: number): string {
  return token === bos ? "¶" : tokenLabel(vocab[token] ?? "?");
}

/** A sample as shown: one that ended at once is not nothing, it is an empty document. */
export function sampleText(text: string): string {
  return text === "" ? "(empty)" : text;
}
