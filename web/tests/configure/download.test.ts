// Checks that only the right file is kept, and that every way to fail is told apart.
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { download, type Wanted } from "../../src/pages/lab/configure/download";
import { histogramOf } from "../../src/pages/lab/configure/lengths";
import { readText } from "../../src/pages/lab/configure/readText";

const TEXT = "emma\nolivia\nava\n";
const bytes = new TextEncoder().encode(TEXT);
const wanted: Wanted = { url: "https://example.org/names.txt", sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };

afterEach(() => vi.unstubAllGlobals());

/** Answers with these pieces; an error instead of a piece breaks the connection. */
function answer(pieces: readonly (Uint8Array | Error)[], status = 200): void {
  vi.stubGlobal("fetch", () => {
    let i = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces[i++];
        if (piece === undefined) controller.close();
        else if (piece instanceof Error) controller.error(piece);
        else controller.enqueue(piece);
      },
    });
    return Promise.resolve(new Response(body, { status }));
  });
}

const fetchIt = (signal = new AbortController().signal, progress: (got: number) => void = () => undefined) => download(wanted, signal, progress);

describe("a download", () => {
  it("gives the text, and tells how far it is", async () => {
    answer([bytes.slice(0, 5), bytes.slice(5)]);
    const seen: number[] = [];
    expect(await fetchIt(undefined, (got) => seen.push(got))).toEqual({ text: TEXT });
    expect(seen).toEqual([5, bytes.length]);
  });

  it("keeps nothing of another file", async () => {
    answer([new TextEncoder().encode(TEXT.toUpperCase())]);
    expect(await fetchIt()).toEqual({ fault: { type: "checksum", found: expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
    answer([bytes, bytes]);
    expect(await fetchIt()).toEqual({ fault: { type: "too_large", host: "example.org" } });
  });

  it("tells a refusal, a broken connection and no connection apart", async () => {
    answer([bytes], 404);
    expect(await fetchIt()).toEqual({ fault: { type: "status", host: "example.org", status: 404 } });
    answer([bytes.slice(0, 5)]);
    expect(await fetchIt()).toEqual({ fault: { type: "incomplete", got: 5 } });
    answer([bytes.slice(0, 5), new Error("reset")]);
    expect(await fetchIt()).toEqual({ fault: { type: "incomplete", got: 5 } });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("blocked")));
    expect(await fetchIt()).toEqual({ fault: { type: "unreachable", host: "example.org" } });
  });

  it("can be cancelled, and needs a page that can check fingerprints", async () => {
    const abort = new AbortController();
    answer([bytes]);
    expect(await fetchIt(abort.signal, () => abort.abort())).toEqual({ fault: { type: "cancelled" } });
    vi.stubGlobal("crypto", {});
    expect(await fetchIt()).toEqual({ fault: { type: "insecure" } });
  });
});

describe("a file", () => {
  it("is read if it is UTF-8 and small enough", async () => {
    expect(await readText(new Blob([TEXT]), 100)).toEqual({ text: TEXT });
    expect(await readText(new Blob([TEXT]), 5)).toEqual({ fault: "too_large" });
    expect(await readText(new Blob([new Uint8Array([0xff, 0xfe])]), 100)).toEqual({ fault: "not_utf8" });
    for (const blank of ["", " \r\n\t\n", "\x1c\x85\u3000"]) expect(await readText(new Blob([blank]), 100)).toEqual({ fault: "blank" });
    expect(await readText(new Blob(["\ufeff"]), 100), "a byte order mark is a character").toEqual({ text: "\ufeff" });
  });
});

describe("lengths as bins", () => {
  it("have one bin each, with the gaps between them", () => {
    expect(histogramOf([{ length: 2, count: 5 }, { length: 4, count: 1 }])).toEqual({ edges: [1.5, 2.5, 3.5, 4.5], counts: [5, 0, 1] });
  });

  it("reach to the next length where there are too many", () => {
    expect(histogramOf([{ length: 1, count: 5 }, { length: 900, count: 1 }])).toEqual({ edges: [1, 900, 901], counts: [5, 1] });
  });
});
