// Which key means what, and when it means nothing: never with Ctrl, Alt, AltGr or Cmd, never while someone is typing.
// One list serves the listener and the help, so that they cannot disagree.
import { m } from "./messages/en/time";
import { VIEWS, type View } from "./state/desk.svelte";

export type Action = "train" | "pause" | "step" | "reset" | "sample" | "previous" | "next" | "view" | "help";
export type Group = keyof typeof m.keys.groups;

export type Shortcut = {
  action: Action;
  keys: readonly string[];
  what: string;
  group: Group;
};

const NUMBERS = VIEWS.map((_, i) => String(i + 1));

export const SHORTCUTS: readonly Shortcut[] = [
  { action: "train", keys: ["r"], what: m.keys.train, group: "training" },
  { action: "pause", keys: ["p"], what: m.keys.pause, group: "training" },
  { action: "step", keys: ["s"], what: m.keys.step, group: "training" },
  { action: "reset", keys: ["n", "0"], what: m.keys.reset, group: "training" },
  { action: "sample", keys: ["c"], what: m.keys.sample, group: "training" },
  { action: "previous", keys: [","], what: m.keys.previous, group: "time" },
  { action: "next", keys: ["."], what: m.keys.next, group: "time" },
  { action: "view", keys: NUMBERS, what: m.keys.view, group: "views" },
  { action: "help", keys: ["?"], what: m.keys.help, group: "page" },
];

/** Keys that whatever has the focus hears itself: for the help only. */
export const ELSEWHERE: readonly { keys: readonly string[]; what: string; group: Group }[] = [
  { keys: ["Enter"], what: m.keys.enter, group: "training" },
  { keys: ["←", "→"], what: m.keys.arrows, group: "time" },
  { keys: ["Page Up", "Page Down"], what: m.keys.pages, group: "time" },
  { keys: ["Home", "End"], what: m.keys.ends, group: "time" },
  { keys: ["Enter"], what: m.keys.write, group: "writing" },
  { keys: ["←", "→"], what: m.keys.beats, group: "writing" },
  { keys: ["Page Up", "Page Down"], what: m.keys.stages, group: "writing" },
  { keys: ["←", "→"], what: m.keys.letters, group: "writing" },
];

/** The keys of a shortcut as the help spells them: a row of numbers as a range. */
export function keyNames({ keys }: Pick<Shortcut, "keys">): string[] {
  return keys === NUMBERS ? [`${keys[0] ?? ""} – ${keys.at(-1) ?? ""}`] : keys.map((key) => (key.length === 1 ? key.toUpperCase() : key));
}

/** The parts of a keyboard event that matter. */
export type Press = {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  repeat: boolean;
  defaultPrevented: boolean;
  isComposing?: boolean;
  getModifierState?: (key: string) => boolean;
};

/** Keys that may be held down: they move, or train one step after the other. */
const REPEATING: ReadonlySet<Action> = new Set(["step", "previous", "next"]);

export function actionOf(press: Press, typing: boolean): Action | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.defaultPrevented || typing) return null;
  if (press.isComposing === true || press.getModifierState?.("AltGraph") === true) return null;
  const key = press.key.toLowerCase();
  const action = SHORTCUTS.find(({ keys }) => keys.includes(key))?.action ?? null;
  return press.repeat && action !== null && !REPEATING.has(action) ? null : action;
}

/** The view that a number key chooses. */
export function viewOf(key: string): View | null {
  return VIEWS[NUMBERS.indexOf(key)] ?? null;
}

/** Whether what has the focus takes letters, or is a question that must be answered first. */
export function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog:modal") !== null) return true;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
