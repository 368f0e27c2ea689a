// The three requests the page makes over HTTP: what there is, a new session, whether one still lives.
// Addresses are relative to the root of the site, so that no host is ever written down.
import { ROOT } from "../root";
import type { Catalog, Refusal, Spec } from "./types";

/** The engine could not be reached, or answered with something other than an answer. */
export class Unreachable extends Error {}

export function apiUrl(path: string, root: string = ROOT.href): URL {
  return new URL(`./api/v1/${path}`, root);
}

export function sessionUrl(sessionId: string, root: string = ROOT.href): URL {
  return apiUrl(`sessions/${encodeURIComponent(sessionId)}`, root);
}

/** What was heard last: the session's stay in the server's memory, and the number of the last event. */
export type Seen = { life: string; seq: number };

/** The socket of a session: to go on after what was `seen`, and only to `look`. */
export function socketUrl(sessionId: string, seen: Seen | null = null, look = false, root: string = ROOT.href): URL {
  const url = apiUrl(`sessions/${encodeURIComponent(sessionId)}/socket`, root);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (seen !== null) {
    url.searchParams.set("life", seen.life);
    url.searchParams.set("after", String(seen.seq));
  }
  if (look) url.searchParams.set("look", "");
  return url;
}

/** Paths on the server that lead others to a session: to use it, and only to look at it. */
export async function sessionLinks(sessionId: string): Promise<{ open: string; look: string }> {
  const response = await ask(apiUrl(`sessions/${encodeURIComponent(sessionId)}/link`));
  if (!response.ok) throw new Unreachable(`link: ${response.status}`);
  return (await response.json()) as { open: string; look: string };
}

export async function fetchCatalog(): Promise<Catalog> {
  const response = await ask(apiUrl("catalog"));
  if (!response.ok) throw new Unreachable(`catalog: ${response.status}`);
  return (await response.json()) as Catalog;
}

/** Whether there is such a session: one that was deleted or has failed does not count. */
export async function sessionLives(sessionId: string): Promise<boolean> {
  const response = await ask(sessionUrl(sessionId));
  if (response.ok) return true;
  if (response.status === 404 || response.status === 410) return false;
  throw new Unreachable(`session: ${response.status}`);
}

export async function startSession(spec: Spec): Promise<{ sessionId: string } | { refusal: Refusal }> {
  const response = await ask(apiUrl("sessions"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ spec }),
  });
  if (response.ok) return { sessionId: ((await response.json()) as { id: string }).id };
  if (response.status === 400 || response.status === 422) return { refusal: await refusalOf(response) };
  throw new Unreachable(`sessions: ${response.status}`);
}

/** The lab's refusal, from the problem details (RFC 9457) that the server makes of it. */
async function refusalOf(response: Response): Promise<Refusal> {
  const { detail, field } = (await response.json()) as { detail: string; field?: string };
  return { field: field ?? null, message: detail };
}

async function ask(url: URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new Unreachable("no answer", { cause });
  }
}
