// Fetches the original names as the command line does: one known address, one known fingerprint, nothing kept if it differs.
// Apart from the page, so that every way it can fail is tried in a test.

/** The original names, as microgpt.py downloads them. The same as `glassgpt data fetch karpathy`. */
export const KARPATHY = {
  name: "karpathy",
  url: "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt",
  sha256: "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
  bytes: 228_145,
  documents: 32_033,
} as const;

export type Wanted = { url: string; sha256: string; bytes: number };

/** Why the file is not there. */
export type DownloadFault =
  | { type: "cancelled" }
  | { type: "insecure" }
  | { type: "unreachable"; host: string }
  | { type: "status"; host: string; status: number }
  | { type: "incomplete"; got: number }
  | { type: "too_large"; host: string }
  | { type: "checksum"; found: string };

export type Downloaded = { text: string } | { fault: DownloadFault };

/** `progress` is told how many bytes there are, now and then. */
export async function download(wanted: Wanted, signal: AbortSignal, progress: (got: number) => void): Promise<Downloaded> {
  const host = new URL(wanted.url).host;
  // Without a protected connection the browser offers no fingerprints.
  if (!("subtle" in crypto) || (crypto.subtle as SubtleCrypto | undefined) === undefined) return { fault: { type: "insecure" } };
  let got = 0;
  try {
    const response = await fetch(wanted.url, { signal, credentials: "omit", referrerPolicy: "no-referrer" });
    if (!response.ok || response.body === null) return { fault: { type: "status", host, status: response.status } };
    const bytes = new Uint8Array(wanted.bytes);
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (got + part.value.length > wanted.bytes) {
        await reader.cancel();
        return { fault: { type: "too_large", host } };
      }
      bytes.set(part.value, got);
      got += part.value.length;
      progress(got);
    }
    if (got < wanted.bytes) return { fault: { type: "incomplete", got } };
    const found = hex(await crypto.subtle.digest("SHA-256", bytes));
    if (signal.aborted) return { fault: { type: "cancelled" } };
    if (found !== wanted.sha256) return { fault: { type: "checksum", found } };
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    if (signal.aborted) return { fault: { type: "cancelled" } };
    return { fault: got > 0 ? { type: "incomplete", got } : { type: "unreachable", host } };
  }
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
