// Checks which key does what, and when a key does nothing.
import { describe, expect, it } from "vitest";
import { actionOf, ELSEWHERE, keyNames, SHORTCUTS, viewOf, type Press } from "../../src/lib/shortcuts";
import { VIEWS } from "../../src/lib/state/desk.svelte";

const press: Press = { key: "r", ctrlKey: false, altKey: false, metaKey: false, repeat: false, defaultPrevented: false };
const key = (name: string): Press => ({ ...press, key: name });

describe("shortcuts", () => {
  it.each([["n", "reset"], ["s", "step"], ["r", "train"], ["p", "pause"], ["c", "sample"], ["0", "reset"], [",", "previous"], [".", "next"], ["?", "help"], ["7", "view"], ["S", "step"]])(
    "%s means %s", (name, action) => expect(actionOf(key(name), false)).toBe(action));

  it.each(["x", "8", "Enter", "ArrowLeft", " "])("%o means nothing", (name) => expect(actionOf(key(name), false)).toBeNull());

  it("mean nothing with modifiers, in fields, while composing, or when someone else took the key", () => {
    expect(actionOf({ ...press, ctrlKey: true }, false)).toBeNull();
    expect(actionOf({ ...press, altKey: true }, false)).toBeNull();
    expect(actionOf({ ...press, metaKey: true }, false)).toBeNull();
    expect(actionOf({ ...press, getModifierState: (name) => name === "AltGraph" }, false)).toBeNull();
    expect(actionOf({ ...press, isComposing: true }, false)).toBeNull();
    expect(actionOf({ ...press, defaultPrevented: true }, false)).toBeNull();
    expect(actionOf(press, true)).toBeNull();
  });

  it("repeat only where holding a key makes sense", () => {
    const held = SHORTCUTS.filter(({ keys }) => actionOf({ ...press, key: keys[0] ?? "", repeat: true }, false) !== null);
    expect(held.map(({ action }) => action)).toEqual(["step", "previous", "next"]);
  });

  it("choose the view under their number", () => {
    expect(VIEWS.map((_, i) => viewOf(String(i + 1)))).toEqual([...VIEWS]);
    expect(viewOf("0")).toBeNull();
    expect(viewOf("8")).toBeNull();
  });

  it("never give one key two meanings", () => {
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("are spelled for the help", () => {
    expect(SHORTCUTS.map(keyNames).map((names) => names.join("/"))).toEqual(["R", "P", "S", "N/0", "C", ",", ".", "1 – 7", "?"]);
    expect(ELSEWHERE.flatMap(keyNames)).toContain("Page Up");
  });
});
