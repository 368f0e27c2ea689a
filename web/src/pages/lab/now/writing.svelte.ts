// The form that asks the model to write, as it stands: one for each session, so that the key C sends what is in sight.
// What was typed is kept as text; the engine draws and judges.
import { parseNumber, type Faults } from "../../../lib/settings";
import { m } from "../../../lib/messages/en/time";
import type { Sampling } from "../../../lib/protocol/types";
import type { Session } from "../../../lib/state/session.svelte";

export const FIELDS = ["count", "temperature", "top_k", "top_p", "prefix"] as const;
export type Field = (typeof FIELDS)[number];

export type Typed = { count: string; temperature: string; top_k: string; top_p: string; prefix: string };

/** What a filled-in form asks for; or what cannot be read, by field. */
export function readForm(typed: Typed): { count: number; sampling: Sampling } | { faults: Faults } {
  const count = parseNumber(typed.count);
  const temperature = parseNumber(typed.temperature);
  const [topK, topP] = [parseNumber(typed.top_k), parseNumber(typed.top_p)];
  const faults: Faults = {};
  if (count === null || !Number.isInteger(count)) faults["count"] = m.write.needsCount;
  if (temperature === null) faults["temperature"] = m.write.needsTemperature;
  if (typed.top_k.trim() !== "" && (topK === null || !Number.isInteger(topK))) faults["top_k"] = m.write.needsK;
  if (typed.top_p.trim() !== "" && topP === null) faults["top_p"] = m.write.needsP;
  if (count === null || temperature === null || Object.keys(faults).length > 0) return { faults };
  const sampling: Sampling = { temperature };
  if (topK !== null) sampling.top_k = topK;
  if (topP !== null) sampling.top_p = topP;
  return { count, sampling };
}

export class Writing {
  typed = $state<Typed>({ count: "20", temperature: "0.5", top_k: "", top_p: "", prefix: "" });
  faults = $state.raw<Faults>({});
  busy = $state(false);
  #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async submit(): Promise<void> {
    if (this.busy) return;
    const read = readForm(this.typed);
    if ("faults" in read) {
      this.faults = read.faults;
      return;
    }
    this.busy = true;
    const refusal = await this.#session.sample(read.count, read.sampling, this.typed.prefix);
    this.busy = false;
    this.faults = refusal === null ? {} : { [refusal.field ?? ""]: refusal.message };
  }
}

const writings = new WeakMap<Session, Writing>();

/** The one form of a session. */
export function writingOf(session: Session): Writing {
  const known = writings.get(session);
  if (known !== undefined) return known;
  const writing = new Writing(session);
  writings.set(session, writing);
  return writing;
}
