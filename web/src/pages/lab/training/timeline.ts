// What the model wrote on the way, in one order: samples kept every so many steps, and live ones at round steps.
// Apart from the table, because merging two lists can be tested without a page.
import type { AutomaticSamples, LiveSamples, Sample } from "../../../lib/protocol/types";

export type Written = { key: string; step: number; kind: "automatic" | "live"; samples: readonly Sample[] };

export function timelineOf(automatic: readonly AutomaticSamples[], live: readonly LiveSamples[]): Written[] {
  const rows: Written[] = [
    ...live.map(({ step, samples }) => ({ key: `live${step}`, step, kind: "live" as const, samples })),
    ...automatic.map(({ step, samples }) => ({ key: `kept${step}`, step, kind: "automatic" as const, samples })),
  ];
  return rows.sort((a, b) => a.step - b.step || (a.kind < b.kind ? 1 : -1));
}

/** The last row that was written by the moment the page stands at; −1 if none was. */
export function rowAt(rows: readonly Written[], step: number): number {
  return rows.findLastIndex((row) => row.step <= step);
}
