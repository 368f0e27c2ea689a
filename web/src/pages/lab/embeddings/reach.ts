// How far the what-if slider reaches, and which earlier steps leave a trail on the map.
// Choices of the page, not numbers of the model; pure, so that they can be tested.

/** Twice the largest magnitude of the matrix, rounded up to 1, 2 or 5 times a power of ten. */
export function reachOf(largest: number): number {
  const wanted = 2 * largest;
  if (!(wanted > 0) || !Number.isFinite(wanted)) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5, 10].find((m) => m * power >= wanted * 0.999999) ?? 10);
}

/** Steps before `step` on a fixed grid over the whole run, the last few of them, so that scrubbing meets the same ones again. */
export function trailSteps(step: number, last: number, most = 5): number[] {
  const every = Math.max(1, Math.round(last / 16));
  const steps: number[] = [];
  for (let at = Math.floor((step - 1) / every) * every; at >= 0 && steps.length < most; at -= every) steps.unshift(at);
  return steps;
}

/** The first position that reads a row of an embedding: the token's, or the position itself. Null if the text does not read it. */
export function firstRead(matrix: string, row: number, tokens: readonly number[], n: number): number | null {
  const at = matrix === "wpe" ? row : tokens.indexOf(row);
  return at >= 0 && at < n ? at : null;
}
