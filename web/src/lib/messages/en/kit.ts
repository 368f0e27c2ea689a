// What the figures of the kit say: frames, read-outs, summaries made from the numbers shown.
// A catalogue: a translation is one more folder with the same names.
import { count, counted, digits } from "../../format";

/** A number in a read-out or a table; what is none is said in words. */
function number(x: number, significant = 4): string {
  if (Number.isNaN(x)) return "not a number";
  if (x === Infinity) return "∞";
  if (x === -Infinity) return "−∞";
  const size = Math.abs(x);
  if (size >= 10 ** significant && size < 1e6) return count(Math.round(x)).replace("-", "−");
  return digits(x, significant);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export const m = {
  number,
  terms: (n: number) => `(${counted(n, "term")})`,
  frame: {
    table: "Table",
    picture: "Picture",
    showTable: (title: string) => `${title}: show as a table`,
    save: "Save",
    saveTitle: (title: string) => `Save ${title}`,
    png: "PNG picture",
    svg: "SVG drawing",
    csv: "CSV numbers",
    saveFailed: "The file could not be made. Try another kind, or copy the numbers from the table.",
    loading: (title: string) => `${title} is on its way.`,
    retry: "Try again",
  },
  table: {
    rows: (from: number, to: number, all: number) => `rows ${count(from)}–${count(to)} of ${count(all)}`,
    cols: (from: number, to: number, all: number) => `columns ${count(from)}–${count(to)} of ${count(all)}`,
    earlier: "Earlier rows",
    later: "Later rows",
    left: "Columns to the left",
    right: "Columns to the right",
    none: "–",
  },
  legend: {
    of: { value: "value", gradient: "gradient", share: "share" },
    fit: (max: string) => `fits the largest, ${max}`,
    locked: (max: string) => `locked at ${max}`,
    fixed: (max: string) => `fixed at ${max}`,
    lock: "Lock the scale",
    unlock: "Fit the scale",
    negative: "− marks what is negative",
    notFinite: "hatched: not a number",
  },
  matrix: {
    row: "row",
    col: "column",
    /** The place and number of one cell. A label is quoted after the index it names. */
    cell: (rowTitle: string, row: string, colTitle: string, col: string, value: string) => `${rowTitle} ${row} · ${colTitle} ${col} · ${value}`,
    place: (rowTitle: string, row: string, colTitle: string, col: string) => `${rowTitle} ${row} · ${colTitle} ${col} ·`,
    index: (index: number, label: string | undefined) => (label === undefined || label === String(index) ? String(index) : `${index} ‘${label}’`),
    hint: "Point at a cell to read it; click or Enter pins it.",
    keys: "Arrow keys move, Home and End jump along the row, Enter pins, Escape releases.",
    pinned: "pinned",
    release: "Release",
    role: "heat map",
    none: (rows: number, cols: number) => `${rows} × ${cols}, no number in it.`,
    summary: (rows: number, cols: number, min: number, max: number, at: string, notFinite: number) =>
      `${rows} × ${cols}, from ${number(min, 3)} to ${number(max, 3)}; largest at ${at}.` +
      (notFinite > 0 ? ` ${counted(notFinite, "entry is", "entries are")} not a number.` : ""),
  },
  attention: {
    query: "looks from",
    key: "looks at",
    role: "attention map",
    position: (index: number, token: string) => `${index} ‘${token}’`,
    cell: (query: string, key: string) => `from ${query} to ${key} ·`,
    masked: (query: string, key: string) => `from ${query} to ${key} · −∞ before the softmax, 0 after: the future is hidden`,
    future: "hatched: the future, −∞ before the softmax",
    hint: "Point at a cell to read how much one position looks at another.",
    row: (query: string, parts: readonly string[]) => `From ${query} it looks at ${listed(parts)}.`,
    part: (token: string, weight: string) => `${token} ${weight}`,
  },
  bars: {
    target: "target",
    drawn: "drawn",
    ghost: "baseline",
    label: "token",
    value: "value",
    all: (n: number) => `Show all ${count(n)}`,
    some: (n: number, all: number) => `${count(n)} of ${count(all)} shown`,
    summary: (n: number, most: string, value: string) => `${counted(n, "bar")}; the longest is ${most} with ${value}.`,
    marked: (word: string, label: string, value: string) => ` The ${word} is ${label} with ${value}.`,
    none: "No bars.",
  },
  ledger: {
    line: "line",
    amount: "amount",
    from: "from",
    to: "to",
    kind: { start: "begins with", add: "", total: "comes to" },
    summary: (n: number, last: string, value: string) => `${counted(n, "line")}; ${last} is ${value}.`,
    none: "No lines.",
  },
  chart: {
    keys: "Arrow keys go to the next point, Page Up and Page Down a tenth of the curve, Home and End to its ends.",
    zoomKeys: "Plus looks closer, minus and Escape show all.",
    zoom: "Zoom",
    zoomOn: "Drag over the part you want to see",
    whole: "Show all",
    nothing: "–",
    /** The read-out at one point. */
    at: (xTitle: string, x: string, parts: readonly string[]) => `${xTitle} ${x}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`,
    part: (label: string, value: string) => `${label} ${value}`,
    summary: (xTitle: string, points: number, x0: string, x1: string, parts: readonly string[]) =>
      `${counted(points, "point")}, ${xTitle} ${x0} to ${x1}. ${parts.join(" ")}`,
    series: (label: string, first: string, last: string, min: string, max: string) => `${label}: first ${first}, last ${last}, lowest ${min}, highest ${max}.`,
    none: "No point yet.",
  },
  multiples: { position: (i: number, n: number) => `${i} of ${n}` },
  distribution: {
    label: "token",
    sort: (column: string) => `Sort by ${column}`,
    summary: (rows: number, columns: readonly string[]) => `${counted(rows, "row")} with ${listed(columns)}.`,
  },
  histogram: {
    bin: "from",
    to: "to",
    count: "how many",
    zero: "0",
    at: (from: string, to: string, n: number) => `${from} to ${to}: ${count(n)}`,
    hint: "Point at a bar to read it.",
    keys: "Arrow keys go from bar to bar, Home and End to the ends, Escape lets go.",
    summary: (bins: number, from: string, to: string, most: number, at: string, end: string) =>
      `${counted(bins, "bin")} from ${from} to ${to}; the fullest holds ${count(most)}, from ${at} to ${end}.`,
    none: "No numbers yet.",
    role: "histogram",
  },
  scatter: {
    role: "map of points",
    hint: "Point at a letter to read where it lies.",
    keys: "Arrow keys go to the nearest point in that direction, Enter chooses it, Escape lets it go.",
    at: (label: string, xTitle: string, x: string, yTitle: string, y: string) => `${label}: ${xTitle} ${x}, ${yTitle} ${y}`,
    point: "point",
    summary: (n: number, x: string, x0: string, x1: string, y: string, y0: string, y1: string) =>
      `${counted(n, "point")}; ${x} from ${x0} to ${x1}, ${y} from ${y0} to ${y1}.`,
    none: "No points.",
  },
  num: {
    open: (value: string, address: string) => `${value}, at ${address}. Enter pins it.`,
    loading: "Asking the engine …",
    refused: (why: string) => `The engine answered: ${why}`,
    pin: "Click or Enter pins it.",
    pinned: "Pinned.",
  },
};
