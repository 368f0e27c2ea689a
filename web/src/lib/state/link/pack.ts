// A text as part of an address, and back: deflated, then spelled in letters that addresses may have.
// The browser brings the compression, so the page does not.

const MARK = "text=";

/** A text as the fragment of an address, from the `#` on. */
export async function fragmentOf(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), Infinity);
  return `#${MARK}${base64url(bytes ?? new Uint8Array(0))}`;
}

/** The packed text of a fragment; null if it has none. */
export function packedIn(hash: string): string | null {
  return hash.startsWith(`#${MARK}`) ? hash.slice(MARK.length + 1) : null;
}

/** The text again; null if it was cut, edited, or has more than `most` bytes. */
export async function unpack(packed: string, most: number): Promise<string | null> {
  const bytes = fromBase64url(packed);
  if (bytes === null) return null;
  try {
    const text = await through(bytes, new DecompressionStream("deflate-raw"), most);
    return text === null ? null : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    return null;
  }
}

/** All bytes that come out of a stream, or null if they are more than `most`: a few bytes can swell to gigabytes. */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array | null> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    parts.push(part.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function base64url(bytes: Uint8Array): string {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
