// Orders and scales the bars of the next-token figure: which token where, how long its bar.
// Apart from the component, because order and length are geometry and can be tested without a page.

export type Order = "vocabulary" | "probability";
export type Bar = { token: number; p: number };

/** The bars of one position. Ties keep the vocabulary's order, so that equal bars do not dance. */
export function orderedBars(probs: readonly number[], order: Order): Bar[] {
  const bars = probs.map((p, token) => ({ token, p }));
  return order === "vocabulary" ? bars : bars.sort((a, b) => b.p - a.p || a.token - b.token);
}

/** Length of a bar as CSS: a probability is a share of the full length. Scaled, not laid out: it changes every frame. */
export function barLength(p: number): string {
  return `scaleX(${Math.max(0, Math.min(1, p))})`;
}

/** Height of a loss as a share of the figure, whose top is twice the loss of guessing blindly; and whether it was cut. */
export function lossHeight(loss: number, uniformLoss: number): { share: number; cut: boolean } {
  const share = loss / (2 * uniformLoss);
  return { share: Math.max(0, Math.min(1, share)), cut: share > 1 };
}
