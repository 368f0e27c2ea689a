// Runs kept to be compared with the one at hand: settings, figures and writing, as they were when pinned.
// It lays numbers side by side and looks for the first that are not the same; it computes none.
import { m } from "../messages/en/time";
import type { Run } from "../protocol/reduce";
import type { AutomaticSamples, Divergence, Experiment, HeldOutLoss, LiveSamples, Settings, Spec, StepRecord, Trace } from "../protocol/types";
import { changesBetween, valuesOf, type SettingChange } from "../settings";
import type { Session } from "./session.svelte";

export const MOST_PINS = 3;

export type Pin = {
  id: number;
  /** Null if its corpus is not known in this tab. */
  spec: Spec | null;
  experiment: Experiment;
  records: readonly StepRecord[];
  automatic_samples: readonly AutomaticSamples[];
  held_out: readonly HeldOutLoss[];
  live_samples: LiveSamples;
  divergence: Divergence | null;
  branch: number;
  /** The settings where it stood: they may have changed on the way. */
  settings: Settings;
  step: number;
  /** The whole course, where settings changed on the way: then the settings at the start do not bring it back. */
  trace: Trace | null;
};

/** Where two courses part: the first step whose losses are not the same double, and both losses. */
export type Parting = { step: number; a: number; b: number };

/** What a run and a pinned one have in common as data. */
type Course = Pick<Pin, "experiment" | "records" | "settings" | "spec">;

export function firstDifference(a: readonly StepRecord[], b: readonly StepRecord[]): Parting | null {
  const both = Math.min(a.length, b.length);
  for (let i = 0; i < both; i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined || one === other) continue;
    if (!Object.is(one.loss, other.loss)) return { step: one.step, a: one.loss, b: other.loss };
  }
  return null;
}

/** Settings that differ, from the pinned run to the present one. */
export function settingsBetween(pinned: Course, present: Course): SettingChange[] {
  const changes = changesBetween(
    { ...valuesOf(pinned.experiment), corpus: pinned.experiment.corpus },
    { ...valuesOf(present.experiment), corpus: present.experiment.corpus },
  );
  const [a, b] = [pinned.spec?.corpus, present.spec?.corpus];
  const rewritten = a?.from === "text" && b?.from === "text" && a.name === b.name && a.text !== b.text;
  return rewritten ? [...changes, { name: "corpus", from: a.name, to: m.compare.otherText }] : changes;
}

const SPELLED_OUT = 2;

/** A name for a pinned run: what differs. `n_head 4 → 1`. */
export function nameOf(pinned: Course, present: Course): string {
  const changes = settingsBetween(pinned, present);
  if (changes.length === 0) return alongTheWay(pinned, present) ?? m.compare.same;
  return some(changes.map(({ name, from, to }) => m.compare.change(name, from, to)), changes.length);
}

/** The same in short, for the key of a curve: only the pinned side. `n_head 4`. */
export function labelOf(pinned: Course, present: Course): string {
  const changes = settingsBetween(pinned, present);
  if (changes.length === 0) return alongTheWay(pinned, present) ?? m.compare.same;
  return some(changes.map(({ name, from }) => m.compare.setting(name, from)), changes.length);
}

function some(parts: readonly string[], all: number): string {
  const more = all - SPELLED_OUT;
  return parts.slice(0, SPELLED_OUT).join(", ") + (more > 0 ? m.compare.andMore(more) : "");
}

/** Runs with one beginning may differ by what was changed in their course. */
function alongTheWay(pinned: Course, present: Course): string | null {
  const [from, to] = [pinned.settings.learning_rate, present.settings.learning_rate];
  if (from !== to) return m.compare.change("learning_rate", String(from), String(to));
  const [before, after] = [pinned.settings.schedule, present.settings.schedule];
  return before === after ? null : m.compare.change("schedule", before, after);
}

/** Whether settings changed on the way to the end of the present branch. */
function hasTurned(run: Run): boolean {
  return run.branches.some(({ changes }) => changes.length > 1);
}

export class Comparison {
  pins = $state.raw<readonly Pin[]>([]);
  #lastId = 0;

  /** Why the run at hand cannot be pinned; null if it can. */
  obstacle(run: Run): string | null {
    if (run.records.length === 0) return m.compare.none;
    if (this.pins.some((pin) => pin.records === run.records && pin.experiment === run.experiment)) return m.compare.twice;
    return this.pins.length >= MOST_PINS ? m.compare.full(MOST_PINS) : null;
  }

  /** Keeps the run at hand. */
  async pin(session: Session): Promise<void> {
    const { run, spec } = session;
    if (run === null || this.obstacle(run) !== null) return;
    const { experiment, records, automatic_samples, held_out, live_samples, branch, settings, step } = run;
    const { divergence } = run.status;
    const id = ++this.#lastId;
    const pin: Pin = { id, spec, experiment, records, automatic_samples, held_out, live_samples, divergence, branch, settings, step, trace: null };
    this.pins = [...this.pins, pin];
    if (!hasTurned(run)) return;
    const answer = await session.answer("trace", { type: "trace" });
    if ("content" in answer) this.pins = this.pins.map((one) => (one.id === id ? { ...one, trace: answer.content } : one));
  }

  remove(id: number): void {
    this.pins = this.pins.filter((pin) => pin.id !== id);
  }

  /** Trains a pinned run again and stands where it stood. Gives the engine's objection, if any. */
  async bringBack(session: Session, pin: Pin): Promise<string | null> {
    if (pin.trace !== null) return (await session.import(pin.trace))?.message ?? null;
    if (pin.spec === null) return m.compare.unknown;
    const outcome = await session.retrain(pin.spec, pin.step === pin.records.length ? "end" : pin.step);
    return outcome.type === "refused" ? outcome.refusal.message : null;
  }
}

/** The runs pinned on this page. */
export const comparison = new Comparison();
