// What a drawing function may use of a canvas. SVG files are recorded through the same door, so a picture is drawn by one function.

export type Surface = Pick<
  CanvasRenderingContext2D,
  | "fillStyle" | "strokeStyle" | "lineWidth" | "globalAlpha" | "font" | "textAlign" | "textBaseline" | "lineJoin" | "lineCap"
  | "save" | "restore" | "translate" | "rotate" | "setLineDash" | "clip"
  | "fillRect" | "strokeRect" | "fillText" | "strokeText"
  | "beginPath" | "closePath" | "moveTo" | "lineTo" | "arc" | "rect" | "fill" | "stroke"
>;

/** Width of a text, nearly: enough to keep labels apart without asking the browser to lay out. */
export function textWidth(text: string, size: number, family: "sans" | "mono" = "sans"): number {
  return text.length * size * (family === "mono" ? 0.6 : 0.5);
}

/** Text that does not get lost on a curve: a halo of paper under it. */
export function haloText(surface: Surface, text: string, x: number, y: number, ink: string, paper: string): void {
  surface.lineJoin = "round";
  surface.lineWidth = 4;
  surface.strokeStyle = paper;
  surface.strokeText(text, x, y);
  surface.fillStyle = ink;
  surface.fillText(text, x, y);
}

/** A ring that shows on any colour: the paper around it keeps it apart from what it encloses. */
export function ring(surface: Surface, x: number, y: number, w: number, h: number, colour: string, paper: string, width = 2): void {
  surface.strokeStyle = paper;
  surface.lineWidth = width + 2;
  surface.strokeRect(x, y, w, h);
  surface.strokeStyle = colour;
  surface.lineWidth = width;
  surface.strokeRect(x, y, w, h);
}

/** Diagonal lines over a box: what has no number, or may not be seen. */
export function hatch(surface: Surface, x: number, y: number, size: number, colour: string): void {
  surface.strokeStyle = colour;
  surface.lineWidth = 1;
  surface.beginPath();
  surface.moveTo(x, y + size);
  surface.lineTo(x + size, y);
  if (size >= 8) {
    surface.moveTo(x, y + size / 2);
    surface.lineTo(x + size / 2, y);
    surface.moveTo(x + size / 2, y + size);
    surface.lineTo(x + size, y + size / 2);
  }
  surface.stroke();
}
