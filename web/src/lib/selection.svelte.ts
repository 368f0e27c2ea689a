// What the reader is looking at: position, layer, head and the earlier position pointed at.
// One selection for the whole page, so that every figure answers the same question.

export class Selection {
  position = $state(2);
  layer = $state(0);
  head = $state(0);

  /** The selected position in a document that has only `n` of them. */
  within(n: number): number {
    return Math.max(0, Math.min(this.position, n - 1));
  }
}
