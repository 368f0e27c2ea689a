// What files are called and what a file that was brought is, as far as that can be told without the engine.
// Pure, so that every way a file can be wrong is tried in a test.
import type { Run } from "../../../lib/protocol/reduce";
import type { Settings, Trace } from "../../../lib/protocol/types";

export type SaveKind = "trace" | "loss" | "model" | "safetensors";

export const ENDING: Record<SaveKind, string> = { trace: "trace.json", loss: "loss.csv", model: "model.json", safetensors: "safetensors" };
export const MEDIA: Record<SaveKind, string> = { trace: "application/json", loss: "text/csv", model: "application/json", safetensors: "application/octet-stream" };

/** `glassgpt-blog-names-step1000.trace.json`. A trace and a loss curve are about the whole run, so they carry its last step. */
export function fileName({ experiment, step, records }: Run, kind: SaveKind): string {
  const last = kind === "trace" || kind === "loss" ? (records.at(-1)?.step ?? 0) : step;
  const words = ["glassgpt", experiment.preset ?? "own", experiment.corpus, `step${last}`];
  return `${words.map(plain).filter((word) => word !== "").join("-")}.${ENDING[kind]}`;
}

/** Letters and digits of any script, and nothing that a file system minds. */
function plain(word: string): string {
  return word.normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 40);
}

/** What a file holds, or what is wrong with it. */
export type Brought =
  | { type: "trace"; trace: Trace; text: string }
  | { type: "model"; text: string }
  | { type: "fault"; fault: "notText" | "safetensors" | "notJson" | "cut" | "foreign" };

export function broughtIn(bytes: Uint8Array): Brought {
  if (isSafetensors(bytes)) return { type: "fault", fault: "safetensors" };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { type: "fault", fault: "notText" };
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { type: "fault", fault: /^\s*[{[]/.test(text) ? "cut" : "notJson" };
  }
  switch (formatOf(data)) {
    // The engine checks every field; what is no trace after all is refused by it, in its own words.
    case "glassgpt-trace": return { type: "trace", trace: data as Trace, text };
    case "glassgpt-model": return { type: "model", text };
    default: return { type: "fault", fault: "foreign" };
  }
}

/** Eight bytes of length, then a JSON object: nothing else begins like that. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 9 && bytes[8] === 0x7b && bytes.slice(3, 8).every((byte) => byte === 0);
}

function formatOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "format" in data ? data.format : null;
}

/** Changes of settings along the present line that changed the training: a link does not have them. */
export function changesOnTheWay({ branch, branches, step, experiment }: Run): number {
  const line: Settings[] = [];
  let until = step;
  for (let id: number | null = branch; id !== null; ) {
    const at = branches.find((one) => one.id === id);
    if (at === undefined) break;
    line.unshift(...at.changes.filter((change) => change.step <= until).map(({ settings }) => settings));
    until = at.begin;
    id = at.parent;
  }
  let before: Pick<Settings, "learning_rate" | "schedule"> = experiment.config;
  let changes = 0;
  for (const settings of line) {
    if (settings.learning_rate !== before.learning_rate || settings.schedule !== before.schedule) changes += 1;
    before = settings;
  }
  return changes;
}
