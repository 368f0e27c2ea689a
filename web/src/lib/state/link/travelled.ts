// The text that came with an address, behind the `#`. It is unpacked first: the rest of the address may name it.
import { m } from "../../messages/en/share";
import type { CorpusSource } from "../../protocol/types";
import type { Problem } from "./decode";
import { packedIn, unpack } from "./pack";

/** More than any engine here takes; those say so in their own words. */
const MOST_BYTES = 8 << 20;
/** A text that nobody named. */
const NAMELESS = "text";

export type Travelled = { corpus: CorpusSource | null; problem: Problem | null };

export async function travelledIn(url: URL): Promise<Travelled> {
  const packed = packedIn(url.hash);
  if (packed === null) return { corpus: null, problem: null };
  const text = await unpack(packed, MOST_BYTES);
  if (text === null) return { corpus: null, problem: { key: "#text", value: packed, expected: m.link.expected.packed } };
  return { corpus: { from: "text", name: url.searchParams.get("data") ?? NAMELESS, text }, problem: null };
}
