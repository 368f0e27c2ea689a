// Numbers for the gallery, from plain formulas: sample data, not from a model.
// Every one is a function of its place and of `t`, so that the gallery looks the same each time and can be set in motion.

/** Between −1 and 1, without a visible pattern. */
export function wave(i: number, t = 0): number {
  return Math.sin(i * 12.9898 + t * 0.05) * Math.cos(i * 4.1414 + 1.3);
}

export function matrix(rows: number, cols: number, size: number, t = 0): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, i) => size * wave(i, t) * (0.4 + 0.6 * Math.abs(wave(i % cols))));
}

export const LETTERS: readonly string[] = ["¶", ..."abcdefghijklmnopqrstuvwxyz"];
export const TOKENS: readonly string[] = ["¶", ..."emma"];
export const LONG_TOKENS: readonly string[] = ["¶", ..."maximilian"];

/** Four ways of looking back whose rows sum to 1 by their formulas. */
export function attention(head: number, n: number): number[][] {
  const rows = Array.from({ length: n }, (_, row) => Array.from({ length: row + 1 }, (_, col) => col));
  const whole = (row: number): number => ((row + 1) * (row + 2)) / 2;
  return rows.map((cols, row) =>
    cols.map((col) => {
      if (head === 0) return (col + 1) / whole(row);
      if (head === 1) return (row - col + 1) / whole(row);
      if (head === 2) return 1 / (row + 1);
      return col === Math.max(0, row - 1) ? (row === 0 ? 1 : 0.9) : 0.1 / row;
    }),
  );
}

const SHARES: readonly number[] = [
  0.021, 0.152, 0.018, 0.024, 0.031, 0.098, 0.006, 0.014, 0.022, 0.093, 0.012, 0.017, 0.061, 0.044, 0.091, 0.052, 0.011, 0.001, 0.072, 0.048,
  0.041, 0.019, 0.013, 0.004, 0.0003, 0.029, 0.0057,
];

export function bars(t = 0): { label: string; value: number; ghost: number; marked?: "target" | "drawn" }[] {
  return LETTERS.map((label, i) => ({
    label,
    value: (SHARES[i] ?? 0) * (1 + 0.3 * Math.sin(t * 0.05 + i)),
    ghost: 1 / LETTERS.length,
    ...(label === "m" ? { marked: "target" as const } : label === "n" ? { marked: "drawn" as const } : {}),
  }));
}

export const LEDGER = [
  { label: "tok", value: 0.42, from: 0, to: 0.42, kind: "start" as const, note: "row of ‘m’ in wte" },
  { label: "+ pos", value: -0.17, from: 0.42, to: 0.25, kind: "add" as const, note: "row 2 in wpe" },
  { label: "= sum", value: 0.25, from: 0, to: 0.25, kind: "total" as const },
  { label: "+ attention", value: -0.61, from: 0.25, to: -0.36, kind: "add" as const },
  { label: "+ MLP", value: 0.98, from: -0.36, to: 0.62, kind: "add" as const },
  { label: "= residual", value: 0.62, from: 0, to: 0.62, kind: "total" as const },
];

export const TERMS = LETTERS.slice(1, 7).map((label, i) => ({ label: `q${i}·k${i}`, value: i === 3 ? NaN : wave(i + 5), note: `term of ‘${label}’` }));

export const COLUMNS = [
  { key: "logit", label: "logit" },
  { key: "scaled", label: "/ T" },
  { key: "shifted", label: "− max" },
  { key: "exp", label: "exp" },
  { key: "share", label: "share", format: (n: number) => n.toFixed(3) },
];

export const ROWS = LETTERS.map((label, i) => {
  const logit = 4 * wave(i + 3);
  return {
    label,
    values: [logit, logit / 0.5, (logit - 4) / 0.5, Math.exp((logit - 4) / 0.5), SHARES[i] ?? 0],
    marked: label === "m" ? ("target" as const) : null,
  };
});

export type Curve = { x: Float64Array; raw: Float64Array; smooth: Float64Array; other: Float64Array; rare: (number | null)[]; rate: Float64Array };

export function curve(n: number): Curve {
  const level = (i: number): number => 2.35 + Math.exp(-i / (n / 8));
  const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => of(i));
  return {
    x: column((i) => i + 1),
    raw: column((i) => (i % 397 === 396 ? NaN : level(i) + 0.55 * wave(i))),
    smooth: column((i) => level(i) + 0.04 * wave(Math.floor(i / 9))),
    other: column((i) => level(i) + 0.18 - 0.05 * wave(Math.floor(i / 11) + 7)),
    rare: Array.from({ length: n }, (_, i) => (i % Math.max(1, Math.floor(n / 12)) === 0 ? level(i) + 0.1 : null)),
    rate: column((i) => 0.01 * (1 - i / n)),
  };
}

export const EDGES = Float64Array.from({ length: 25 }, (_, i) => -0.6 + i * 0.05);
export const COUNTS = Float64Array.from({ length: 24 }, (_, i) => Math.round(220 * Math.exp(-(((i - 11.5) / 5) ** 2)) + 8 * (1 + wave(i))));

export function points(t = 0): { x: number; y: number; label: string; marked: boolean }[] {
  return LETTERS.map((label, i) => ({ x: 1.4 * wave(i + 11, t), y: wave(i + 57, t), label, marked: "aeiou".includes(label) }));
}

export const TRAILS = LETTERS.map((_, i) => Array.from({ length: 12 }, (_, k) => [1.4 * wave(i + 11, k - 11) * (0.6 + (k * 0.4) / 11), wave(i + 57, k - 11) * (0.6 + (k * 0.4) / 11)] as const));
