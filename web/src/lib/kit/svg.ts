// Records drawing calls as an SVG text, so that a figure is saved as lines and letters by the function that draws it on screen.
import type { Surface } from "./surface";

type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

type State = {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  lineJoin: CanvasLineJoin;
  lineCap: CanvasLineCap;
  dash: readonly number[];
  matrix: Matrix;
  /** Groups opened by `clip` since the last `save`. */
  groups: number;
};

const START: State = {
  fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, font: "10px sans-serif", textAlign: "start",
  textBaseline: "alphabetic", lineJoin: "miter", lineCap: "butt", dash: [], matrix: IDENTITY, groups: 0,
};

/** How far below a text's y its baseline lies, in parts of the font size. */
const BASELINE: Record<CanvasTextBaseline, number> = { alphabetic: 0, ideographic: -0.2, bottom: -0.22, middle: 0.35, top: 0.78, hanging: 0.78 };
const ANCHOR: Record<CanvasTextAlign, string> = { start: "start", left: "start", center: "middle", end: "end", right: "end" };

export class SvgSurface implements Surface {
  #width: number;
  #height: number;
  #parts: string[] = [];
  #path: string[] = [];
  #state: State = { ...START };
  #saved: State[] = [];
  #clips = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  get fillStyle(): string { return this.#state.fillStyle; }
  set fillStyle(value: string) { this.#state.fillStyle = value; }
  get strokeStyle(): string { return this.#state.strokeStyle; }
  set strokeStyle(value: string) { this.#state.strokeStyle = value; }
  get lineWidth(): number { return this.#state.lineWidth; }
  set lineWidth(value: number) { this.#state.lineWidth = value; }
  get globalAlpha(): number { return this.#state.globalAlpha; }
  set globalAlpha(value: number) { this.#state.globalAlpha = value; }
  get font(): string { return this.#state.font; }
  set font(value: string) { this.#state.font = value; }
  get textAlign(): CanvasTextAlign { return this.#state.textAlign; }
  set textAlign(value: CanvasTextAlign) { this.#state.textAlign = value; }
  get textBaseline(): CanvasTextBaseline { return this.#state.textBaseline; }
  set textBaseline(value: CanvasTextBaseline) { this.#state.textBaseline = value; }
  get lineJoin(): CanvasLineJoin { return this.#state.lineJoin; }
  set lineJoin(value: CanvasLineJoin) { this.#state.lineJoin = value; }
  get lineCap(): CanvasLineCap { return this.#state.lineCap; }
  set lineCap(value: CanvasLineCap) { this.#state.lineCap = value; }

  save(): void {
    this.#saved.push({ ...this.#state });
    this.#state.groups = 0;
  }

  restore(): void {
    const before = this.#saved.pop();
    if (before === undefined) return;
    this.#closeGroups();
    this.#state = before;
  }

  translate(x: number, y: number): void {
    this.#multiply([1, 0, 0, 1, x, y]);
  }

  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.#multiply([cos, sin, -sin, cos, 0, 0]);
  }

  setLineDash(segments: Iterable<number>): void {
    this.#state.dash = [...segments];
  }

  fillRect(x: number, y: number, w: number, h: number): void {
    this.#put(`<rect ${box(x, y, w, h)}${this.#fill()}${this.#place()}/>`);
  }

  strokeRect(x: number, y: number, w: number, h: number): void {
    this.#put(`<rect ${box(x, y, w, h)} fill="none"${this.#stroke()}${this.#place()}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#fill());
  }

  strokeText(text: string, x: number, y: number): void {
    this.#text(text, x, y, ` fill="none"${this.#stroke()}`);
  }

  beginPath(): void {
    this.#path = [];
  }

  closePath(): void {
    this.#path.push("Z");
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`${this.#path.length === 0 ? "M" : "L"}${short(x)} ${short(y)}`);
  }

  rect(x: number, y: number, w: number, h: number): void {
    this.#path.push(`M${short(x)} ${short(y)}h${short(w)}v${short(h)}h${short(-w)}Z`);
  }

  /** Whole circles become two halves, because an SVG arc cannot end where it begins. */
  arc(x: number, y: number, radius: number, from: number, to: number, counterclockwise = false): void {
    const turn = counterclockwise ? from - to : to - from;
    const at = (angle: number): string => `${short(x + radius * Math.cos(angle))} ${short(y + radius * Math.sin(angle))}`;
    const r = short(radius);
    const sweep = counterclockwise ? 0 : 1;
    this.#path.push(`${this.#path.length === 0 ? "M" : "L"}${at(from)}`);
    if (Math.abs(turn) >= 2 * Math.PI) {
      this.#path.push(`A${r} ${r} 0 1 ${sweep} ${at(from + Math.PI)}A${r} ${r} 0 1 ${sweep} ${at(from)}`);
    } else {
      this.#path.push(`A${r} ${r} 0 ${Math.abs(turn) > Math.PI ? 1 : 0} ${sweep} ${at(to)}`);
    }
  }

  fill(): void {
    this.#put(`<path d="${this.#path.join("")}"${this.#fill()}${this.#place()}/>`);
  }

  stroke(): void {
    this.#put(`<path d="${this.#path.join("")}" fill="none"${this.#stroke()}${this.#place()}/>`);
  }

  /** Everything until `restore` is seen only inside the path. */
  clip(): void {
    const id = `clip${++this.#clips}`;
    this.#put(`<clipPath id="${id}"><path d="${this.#path.join("")}"${this.#place()}/></clipPath><g clip-path="url(#${id})">`);
    this.#state.groups++;
  }

  /** The whole file. `title` becomes what readers of the picture are told. */
  toString(title = ""): string {
    const named = title === "" ? "" : `<title>${escaped(title)}</title>`;
    const open = "</g>".repeat(this.#state.groups + this.#saved.reduce((sum, { groups }) => sum + groups, 0));
    const size = `width="${short(this.#width)}" height="${short(this.#height)}" viewBox="0 0 ${short(this.#width)} ${short(this.#height)}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${named}${this.#parts.join("")}${open}</svg>\n`;
  }

  #closeGroups(): void {
    this.#put("</g>".repeat(this.#state.groups));
  }

  #put(part: string): void {
    if (part !== "") this.#parts.push(part);
  }

  #text(text: string, x: number, y: number, paint: string): void {
    const { weight, size, family } = fontParts(this.#state.font);
    const baseline = y + BASELINE[this.#state.textBaseline] * size;
    const style = `font-family="${escaped(family)}" font-size="${size}"${weight === 400 ? "" : ` font-weight="${weight}"`}`;
    const anchor = ANCHOR[this.#state.textAlign];
    const align = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
    this.#put(`<text x="${short(x)}" y="${short(baseline)}" ${style}${align}${paint}${this.#place()}>${escaped(text)}</text>`);
  }

  #fill(): string {
    return ` fill="${escaped(this.#state.fillStyle)}"${this.#opacity()}`;
  }

  #stroke(): string {
    const { strokeStyle, lineWidth, lineJoin, lineCap, dash } = this.#state;
    return (
      ` stroke="${escaped(strokeStyle)}" stroke-width="${short(lineWidth)}"` +
      (lineJoin === "miter" ? "" : ` stroke-linejoin="${lineJoin}"`) +
      (lineCap === "butt" ? "" : ` stroke-linecap="${lineCap}"`) +
      (dash.length === 0 ? "" : ` stroke-dasharray="${dash.map(short).join(" ")}"`) +
      this.#opacity()
    );
  }

  #opacity(): string {
    return this.#state.globalAlpha === 1 ? "" : ` opacity="${short(this.#state.globalAlpha)}"`;
  }

  #place(): string {
    const { matrix } = this.#state;
    return matrix.every((x, i) => x === IDENTITY[i]) ? "" : ` transform="matrix(${matrix.map(short).join(" ")})"`;
  }

  #multiply([a, b, c, d, e, f]: Matrix): void {
    const [A, B, C, D, E, F] = this.#state.matrix;
    this.#state.matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
  }
}

/** Weight, size and family of a CSS font as figures write it: `600 12px Family, fallback`. */
export function fontParts(font: string): { weight: number; size: number; family: string } {
  const parts = /^(?:(\d{3}) )?([\d.]+)px (.+)$/.exec(font);
  return { weight: Number(parts?.[1] ?? 400), size: Number(parts?.[2] ?? 12), family: parts?.[3] ?? "sans-serif" };
}

function box(x: number, y: number, w: number, h: number): string {
  return `x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}"`;
}

function short(x: number): string {
  return String(Math.round(x * 100) / 100);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
