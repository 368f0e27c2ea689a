// What happened along a branch and its past: where it began, where settings changed. Told by marks on the curve and in lists.
// The engine keeps changes by branch; a reader sees one course.
import { m } from "../../../lib/messages/en/time";
import type { Branch, Settings } from "../../../lib/protocol/types";

/** A change of settings on the way to the present: after how many steps, and what it was. */
export type Turn = { step: number; words: string };

/** What two settings differ in, in words. */
export function differences(before: Settings, after: Settings): string[] {
  const words = m.curve;
  return [
    ...(before.learning_rate === after.learning_rate ? [] : [words.settingRate(after.learning_rate)]),
    ...(before.schedule === after.schedule ? [] : [words.settingSchedule(after.schedule)]),
    ...(before.temperature === after.temperature ? [] : [words.settingTemperature(after.temperature)]),
  ];
}

/** The changes on one branch, in words. */
export function changesOf(branches: readonly Branch[], id: number): string[] {
  const line = lineage(branches, id);
  const branch = line.at(-1);
  return branch === undefined ? [] : turns(branch, line.at(-2)).map(({ step, words }) => `${words}, ${m.now.after(step)}`);
}

/** The branch and those it came from, the oldest first. */
export function lineage(branches: readonly Branch[], id: number): Branch[] {
  const line: Branch[] = [];
  for (let at: number | null = id; at !== null; ) {
    const found: Branch | undefined = branches.find((branch) => branch.id === at);
    if (found === undefined || line.includes(found)) break;
    line.unshift(found);
    at = found.parent;
  }
  return line;
}

/** All changes of settings on the way to the end of a branch, its past included. */
export function turnsTo(branches: readonly Branch[], id: number): Turn[] {
  const line = lineage(branches, id);
  return line.flatMap((branch, i) => {
    const left = line[i + 1]?.begin ?? Infinity;
    return turns(branch, line[i - 1]).filter(({ step }) => step <= left);
  });
}

/** Where the course left another: the beginnings of its branches. */
export function forksTo(branches: readonly Branch[], id: number): { step: number; branch: number }[] {
  return lineage(branches, id).slice(1).map(({ id: branch, begin }) => ({ step: begin, branch }));
}

/** The first entry is what a branch began with: a change only if its parent was set differently there. */
function turns({ begin, changes }: Branch, parent: Branch | undefined): Turn[] {
  const left = parent?.changes.findLast(({ step }) => step <= begin);
  return changes.flatMap((change, i) => {
    const before = changes[i - 1] ?? left;
    const words = before === undefined ? [] : differences(before.settings, change.settings);
    return words.length === 0 ? [] : [{ step: change.step, words: words.join(", ") }];
  });
}
