// Lines from one letter back to those it looks at, as paths. Width is attention; what gets next to none has no line.
// Pure geometry: where things stand, not what they are.
import { m } from "../../lib/messages/en/generate";
import { largest } from "../lab/probabilities/order";

export type Arc = { t: number; path: string; width: number };

const LEAST = 0.01;

/** Lines over `n` letters that stand in a row of `width`; `progress` lets them grow. */
export function arcsOf(weights: ArrayLike<number>, n: number, width: number, height: number, progress: number): Arc[] {
  const arcs: Arc[] = [];
  const x = (t: number): number => ((t + 0.5) * width) / n;
  for (let t = 0; t < n; t++) {
    const weight = weights[t] ?? 0;
    if (!(weight >= LEAST) || progress <= 0) continue;
    const [from, to] = [x(n - 1), x(t)];
    const own = t === n - 1;
    const lift = own ? height * 0.5 : Math.min(height * 0.92, 24 + (from - to) * 0.34);
    const side = Math.min(18, width / n / 2);
    const path = own
      ? `M${from - 4} ${height} C${from - side} ${height - lift} ${from + side} ${height - lift} ${from + 4} ${height}`
      : `M${from} ${height} C${from} ${height - lift * 1.25} ${to} ${height - lift * 1.25} ${to} ${height}`;
    arcs.push({ t, path, width: Math.max(0.75, weight * 11 * progress) });
  }
  return arcs;
}

/** The letters looked at most, in words. */
export function lookedAt(weights: ArrayLike<number>, names: readonly string[]): string {
  return largest(weights, 3).map((t) => m.attention.part(names[t] ?? "?", t, weights[t] ?? NaN)).join(", ");
}
