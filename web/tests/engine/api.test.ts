// Checks what the page makes of the server's answers over HTTP: sessions, refusals, and what is neither.
import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchCatalog, sessionLives, startSession, Unreachable } from "../../src/lib/protocol/api";
import type { Spec } from "../../src/lib/protocol/types";
import { experiment } from "../runs";

const spec: Spec = { config: experiment.config, corpus: { from: "named", name: "names" } };

/** Answers the next request; returns what was asked. */
function answer(status: number, body: unknown): { url: string; init: RequestInit | undefined }[] {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  vi.stubGlobal("fetch", async (url: URL, init?: RequestInit) => {
    asked.push({ url: url.href, init });
    return new Response(JSON.stringify(body), { status });
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe("a new session", () => {
  it("is named by the server", async () => {
    const asked = answer(201, { id: "abc", step: 0 });
    expect(await startSession(spec)).toEqual({ sessionId: "abc" });
    expect(asked[0]?.url).toMatch(/\/api\/v1\/sessions$/);
    expect(asked[0]?.init?.method).toBe("POST");
    expect(JSON.parse(asked[0]?.init?.body as string)).toEqual({ spec });
  });

  it("is refused with the setting at fault", async () => {
    const problem = { type: "/api/docs#problem-setting-refused", title: "A setting is out of its range", status: 400 };
    answer(400, { ...problem, detail: "n_embd is 1000", instance: "/api/v1/sessions", field: "n_embd" });
    expect(await startSession(spec)).toEqual({ refusal: { field: "n_embd", message: "n_embd is 1000" } });
    answer(422, { ...problem, status: 422, detail: "the message does not fit", instance: "/api/v1/sessions" });
    expect(await startSession(spec)).toEqual({ refusal: { field: null, message: "the message does not fit" } });
  });

  it("is tried again if the server cannot at the moment", async () => {
    answer(503, { detail: "all sessions are taken" });
    await expect(startSession(spec)).rejects.toThrow(Unreachable);
  });
});

describe("a session from before", () => {
  it("lives, or was deleted, or has failed", async () => {
    const asked = answer(200, { id: "abc" });
    expect(await sessionLives("a/b")).toBe(true);
    expect(asked[0]?.url).toMatch(/\/api\/v1\/sessions\/a%2Fb$/);
    for (const status of [404, 410]) {
      answer(status, { detail: "gone" });
      expect(await sessionLives("abc")).toBe(false);
    }
    answer(500, {});
    await expect(sessionLives("abc")).rejects.toThrow(Unreachable);
  });
});

describe("a server that is away", () => {
  it("is told apart from one that answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
    await expect(fetchCatalog()).rejects.toThrow(Unreachable);
    answer(502, {});
    await expect(fetchCatalog()).rejects.toThrow("502");
  });
});
