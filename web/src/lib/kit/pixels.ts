// Puts one pixel a cell onto a canvas and enlarges it sharply: the fast way to draw a matrix of thousands.

/** `scratch` is kept by the caller, so that a changing matrix does not make a canvas a frame. */
export function drawPixels(
  context: CanvasRenderingContext2D,
  scratch: OffscreenCanvas,
  pixels: Uint8ClampedArray<ArrayBuffer>,
  rows: number,
  cols: number,
  x: number,
  y: number,
  cell: number,
): void {
  if (rows === 0 || cols === 0) return;
  if (scratch.width !== cols) scratch.width = cols;
  if (scratch.height !== rows) scratch.height = rows;
  scratch.getContext("2d")?.putImageData(new ImageData(pixels, cols, rows), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(scratch, x, y, cols * cell, rows * cell);
}
