// Reads a file as UTF-8 text, or says why it cannot be one. Nothing is read that is larger than a corpus may be.
// A byte order mark stays: it is a character of the text to the engine, as to Python.
// Apart from the form, because files come by button and by drop.

export type ReadText = { text: string } | { fault: "too_large" | "not_utf8" | "unreadable" | "blank" };

/** White space alone, as Python strips it: a byte order mark is none. */
const BLANK = /^(?:(?!\ufeff)[\s\x1c-\x1f\x85])*$/;

export async function readText(file: Blob, limit: number): Promise<ReadText> {
  if (file.size > limit) return { fault: "too_large" };
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { fault: "unreadable" };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return BLANK.test(text) ? { fault: "blank" } : { text };
  } catch {
    return { fault: "not_utf8" };
  }
}
