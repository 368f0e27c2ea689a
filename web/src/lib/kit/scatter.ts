// Places labelled points on a plane whose two axes have the same scale, and draws them with their trails.
// Equal scales, because on such a map distance is what is read.
import { ticks } from "./scale";
import { MONO, SANS, type Palette } from "./palette";
import { haloText, type Surface } from "./surface";
import type { ScatterPoint, Trail } from "./types";

export type Plane = { left: number; top: number; width: number; height: number; x0: number; y0: number; scale: number };
export type Spot = { x: number; y: number };

const EDGE = 26;
const AXIS = 34;

/** Fits all points and trails in, centred, one unit as long across as upwards. */
export function planeOf(width: number, height: number, points: readonly ScatterPoint[], trails: readonly Trail[]): Plane {
  let [xMin, xMax, yMin, yMax] = [Infinity, -Infinity, Infinity, -Infinity];
  const take = (x: number, y: number): void => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    [xMin, xMax] = [Math.min(xMin, x), Math.max(xMax, x)];
    [yMin, yMax] = [Math.min(yMin, y), Math.max(yMax, y)];
  };
  for (const { x, y } of points) take(x, y);
  for (const trail of trails) for (const [x, y] of trail) take(x, y);
  if (xMin > xMax) [xMin, xMax, yMin, yMax] = [-1, 1, -1, 1];
  const inner: [number, number] = [Math.max(1, width - AXIS - 2 * EDGE), Math.max(1, height - AXIS - 2 * EDGE)];
  const scale = Math.min(inner[0] / (xMax - xMin || 1), inner[1] / (yMax - yMin || 1));
  const plane = { left: AXIS, top: 0, width: width - AXIS, height: height - AXIS, scale };
  return { ...plane, x0: (xMin + xMax) / 2 - plane.width / scale / 2, y0: (yMin + yMax) / 2 - plane.height / scale / 2 };
}

export function spotOf({ left, top, height, x0, y0, scale }: Plane, x: number, y: number): Spot {
  return { x: left + (x - x0) * scale, y: top + height - (y - y0) * scale };
}

/** The point nearest to a pixel, if it is within reach; −1 if none is. */
export function pointUnder(spots: readonly Spot[], x: number, y: number, reach = 24): number {
  let best = -1;
  let least = reach * reach;
  spots.forEach((spot, i) => {
    const distance = (spot.x - x) ** 2 + (spot.y - y) ** 2;
    if (distance < least) [least, best] = [distance, i];
  });
  return best;
}

/** Letters closer than this would lie on each other. */
const ROOM = 13;
/** A letter further from its point than this is tied to it by a line. */
const TIED = 3;
const ROUNDS = 24;
/** Turns by which points in one place part: the golden angle, so that no two go the same way. */
const PARTING = 2.4;

/** Where the letters stand: at their points, or a little aside where they would lie on each other. */
export function labelSpots(spots: readonly Spot[]): Spot[] {
  const labels = spots.map(({ x, y }) => ({ x, y }));
  for (let round = 0, moves = true; moves && round < ROUNDS; round += 1) {
    moves = false;
    labels.forEach((a, i) => {
      for (let j = i + 1; j < labels.length; j += 1) moves = part(a, labels[j], j * PARTING) || moves;
    });
  }
  return labels;
}

/** Moves two letters apart, each half the way; says whether they were too close. */
function part(a: Spot, b: Spot | undefined, turn: number): boolean {
  if (b === undefined) return false;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const distance = Math.hypot(dx, dy);
  if (!(distance < ROOM - 0.01)) return false; // nor if a number is none
  const [ux, uy] = distance > 0 ? [dx / distance, dy / distance] : [Math.cos(turn), Math.sin(turn)];
  const way = (ROOM - distance) / 2;
  [a.x, a.y, b.x, b.y] = [a.x - ux * way, a.y - uy * way, b.x + ux * way, b.y + uy * way];
  return true;
}

export type Scene = { points: readonly ScatterPoint[]; trails: readonly Trail[]; xTitle: string; yTitle: string };

/** `labels` are the places of the letters, of `labelSpots`. */
export function drawScatter(surface: Surface, plane: Plane, scene: Scene, labels: readonly Spot[], chosen: number, looked: number, palette: Palette): void {
  drawAxes(surface, plane, scene, palette);
  surface.save();
  surface.strokeStyle = palette.control;
  surface.lineWidth = 1;
  surface.globalAlpha = 0.7;
  for (const trail of scene.trails) {
    surface.beginPath();
    trail.forEach(([x, y], i) => {
      const spot = spotOf(plane, x, y);
      if (i === 0) surface.moveTo(spot.x, spot.y);
      else surface.lineTo(spot.x, spot.y);
    });
    surface.stroke();
  }
  surface.restore();
  surface.textAlign = "center";
  surface.textBaseline = "middle";
  // What is marked, looked at or chosen lies on top, in this order.
  const rank = (i: number): number => (i === chosen ? 3 : i === looked ? 2 : scene.points[i]?.marked ? 1 : 0);
  const order = scene.points.map((_, i) => i).sort((a, b) => rank(a) - rank(b) || a - b);
  for (const i of order) {
    const [point, label] = [scene.points[i], labels[i]];
    if (point === undefined || label === undefined || !Number.isFinite(point.x) || !Number.isFinite(point.y)) continue;
    const spot = spotOf(plane, point.x, point.y);
    const { x, y } = label;
    if (Math.hypot(x - spot.x, y - spot.y) > TIED) tie(surface, spot, label, palette);
    const strong = i === chosen;
    if (strong || i === looked || point.marked) disc(surface, x, y, strong, i === looked, palette);
    surface.font = `${strong || point.marked ? 700 : 500} 14px ${MONO}`;
    if (strong) {
      surface.fillStyle = palette.onNow;
      surface.fillText(point.label, x, y);
    } else haloText(surface, point.label, x, y, palette.ink, palette.paper);
  }
}

/** The true place of a letter that had to step aside. */
function tie(surface: Surface, spot: Spot, label: Spot, palette: Palette): void {
  surface.strokeStyle = palette.control;
  surface.fillStyle = palette.ink;
  surface.lineWidth = 1;
  surface.beginPath();
  surface.moveTo(spot.x, spot.y);
  surface.lineTo(label.x, label.y);
  surface.stroke();
  surface.beginPath();
  surface.arc(spot.x, spot.y, 1.5, 0, 2 * Math.PI);
  surface.fill();
}

function disc(surface: Surface, x: number, y: number, strong: boolean, looked: boolean, palette: Palette): void {
  surface.beginPath();
  surface.arc(x, y, 12, 0, 2 * Math.PI);
  surface.fillStyle = strong ? palette.now : palette.paper;
  surface.strokeStyle = strong ? palette.nowRing : looked ? palette.ink : palette.control;
  surface.lineWidth = strong ? 2 : 1;
  surface.fill();
  surface.stroke();
}

function drawAxes(surface: Surface, plane: Plane, { xTitle, yTitle }: Scene, palette: Palette): void {
  const { left, top, width, height, x0, y0, scale } = plane;
  const bottom = top + height;
  surface.font = `400 12px ${SANS}`;
  surface.lineWidth = 1;
  const line = (zero: boolean, a: Spot, b: Spot): void => {
    surface.strokeStyle = zero ? palette.control : palette.rule;
    surface.beginPath();
    surface.moveTo(a.x, a.y);
    surface.lineTo(b.x, b.y);
    surface.stroke();
  };
  const wanted = Math.max(2, Math.min(width, height) / 80);
  for (const x of ticks(x0, x0 + width / scale, wanted * (width / Math.min(width, height)))) {
    const at = Math.round(spotOf(plane, x, 0).x) + 0.5;
    line(x === 0, { x: at, y: top }, { x: at, y: bottom });
    surface.fillStyle = palette.muted;
    surface.textAlign = "center";
    surface.textBaseline = "top";
    if (at > left + 8) surface.fillText(short(x), at, bottom + 4);
  }
  for (const y of ticks(y0, y0 + height / scale, wanted * (height / Math.min(width, height)))) {
    const at = Math.round(spotOf(plane, 0, y).y) + 0.5;
    line(y === 0, { x: left, y: at }, { x: left + width, y: at });
    surface.fillStyle = palette.muted;
    surface.textAlign = "right";
    surface.textBaseline = "middle";
    if (at > top + 6 && at < bottom - 4) surface.fillText(short(y), left - 4, at);
  }
  surface.textBaseline = "top";
  surface.textAlign = "right";
  haloText(surface, `${xTitle} →`, left + width, bottom + 20, palette.muted, palette.paper);
  surface.textAlign = "left";
  haloText(surface, `↑ ${yTitle}`, left + 6, top + 4, palette.muted, palette.paper);
}

function short(x: number): string {
  return String(x).replace("-", "−");
}
