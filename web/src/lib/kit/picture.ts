// A figure as files: a PNG with twice the pixels, an SVG of lines and letters, a CSV of its numbers.
// All three come from what the figure already has: its drawing function and its table.
import type { Palette } from "./palette";
import { SERIF } from "./palette";
import type { Surface } from "./surface";
import { SvgSurface } from "./svg";
import { csvOf, type TableData } from "./table";
import type { FigureExports } from "./types";

export type Drawing = { width: number; height: number; draw: (surface: Surface) => void };

const MARGIN = 16;
const TITLE = 30;
const PIXELS = 2;

type Parts = { title: string; name: string; palette: Palette; drawing?: (() => Drawing) | undefined; table?: (() => TableData) | undefined };

export function exportsOf({ title, name, palette, drawing, table }: Parts): FigureExports {
  return {
    name,
    csv: table && (() => csvOf(table())),
    svg: drawing && (() => svgOf(title, palette, drawing())),
    png: drawing && (() => pngOf(title, palette, drawing())),
  };
}

export function svgOf(title: string, palette: Palette, drawing: Drawing): string {
  const [width, height] = outer(drawing);
  const surface = new SvgSurface(width, height);
  page(surface, title, palette, drawing);
  return surface.toString(title);
}

async function pngOf(title: string, palette: Palette, drawing: Drawing): Promise<Blob> {
  const [width, height] = outer(drawing);
  const canvas = new OffscreenCanvas(Math.ceil(width * PIXELS), Math.ceil(height * PIXELS));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser gives no canvas");
  context.scale(PIXELS, PIXELS);
  page(context as unknown as Surface, title, palette, drawing);
  return canvas.convertToBlob({ type: "image/png" });
}

function outer({ width, height }: Drawing): [number, number] {
  return [Math.max(width, 200) + 2 * MARGIN, height + TITLE + 2 * MARGIN];
}

/** Paper, the title, the figure below it. */
function page(surface: Surface, title: string, palette: Palette, drawing: Drawing): void {
  const [width, height] = outer(drawing);
  surface.fillStyle = palette.paper;
  surface.fillRect(0, 0, width, height);
  surface.fillStyle = palette.ink;
  surface.font = `600 18px ${SERIF}`;
  surface.textAlign = "left";
  surface.textBaseline = "alphabetic";
  surface.fillText(title, MARGIN, MARGIN + 16);
  surface.save();
  surface.translate(MARGIN, MARGIN + TITLE);
  drawing.draw(surface);
  surface.restore();
}

/** Hands a file to the person. The address of the blob is given back once the browser has taken it. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
