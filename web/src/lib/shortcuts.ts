// Which key means what, and when it means nothing: never with Ctrl, Alt or Cmd, never while someone is typing.
// One list serves the listener and the help, so that they cannot disagree.

export type Action = "train" | "pause" | "step" | "reset" | "sample" | "help";

export const SHORTCUTS: readonly { action: Action; keys: readonly string[]; what: string }[] = [
  { action: "train", keys: ["r"], what: "Train: run to the last step" },
  { action: "pause", keys: ["p"], what: "Pause" },
  { action: "step", keys: ["s"], what: "Train one step" },
  { action: "reset", keys: ["0", "n"], what: "Reset to the initial weights" },
  { action: "sample", keys: ["c"], what: "Write some, with the settings of the form" },
  { action: "help", keys: ["?"], what: "This help" },
];

/** The parts of a keyboard event that matter. */
export type Press = {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  repeat: boolean;
  defaultPrevented: boolean;
};

export function actionOf(press: Press, typing: boolean): Action | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.defaultPrevented || typing) return null;
  const action = SHORTCUTS.find(({ keys }) => keys.includes(press.key.toLowerCase()))?.action ?? null;
  return press.repeat && action !== "step" ? null : action;
}

/** Whether what has the focus takes letters. */
export function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
