// Checks what typed text means, which address is asked, and which key does what.
import { describe, expect, it } from "vitest";
import { apiUrl, socketUrl } from "../src/lib/protocol/api";
import { parseNumber, parseNumbers, typed } from "../src/lib/settings";
import { actionOf, type Press } from "../src/lib/shortcuts";
import { experiment } from "./runs";

describe("typed numbers", () => {
  it.each([["16", 16], [" 0.01 ", 0.01], ["1e-8", 1e-8], ["1,000", 1000], ["−3", -3], ["", null], ["abc", null], ["1,5", null], ["1e999", null]])(
    "reads %o as %o", (text, number) => expect(parseNumber(text)).toBe(number));

  it("gives a config back unchanged", () => {
    const parsed = parseNumbers(typed(experiment.config));
    expect(parsed).toHaveProperty("numbers");
    if ("numbers" in parsed) expect({ ...experiment.config, ...parsed.numbers }).toEqual(experiment.config);
  });

  it("names the field that cannot be read, and leaves bounds to the engine", () => {
    const texts = { ...typed(experiment.config), n_head: "3", n_embd: "2.5", seed: "x" };
    expect(parseNumbers(texts)).toEqual({ faults: { n_embd: "n_embd needs a whole number.", seed: expect.stringContaining("seed") as string } });
  });
});

describe("addresses", () => {
  it("stay on the page's own origin and path", () => {
    expect(apiUrl("catalog", "http://localhost:7878/?session=1").href).toBe("http://localhost:7878/api/catalog");
    expect(socketUrl("a/b", "https://example.org/lab/index.html").href).toBe("wss://example.org/lab/api/session/a%2Fb/socket");
  });
});

describe("shortcuts", () => {
  const press: Press = { key: "r", ctrlKey: false, altKey: false, metaKey: false, repeat: false, defaultPrevented: false };

  it("mean what the help says", () => {
    expect(actionOf(press, false)).toBe("train");
    expect(actionOf({ ...press, key: "N" }, false)).toBe("reset");
    expect(actionOf({ ...press, key: "?" }, false)).toBe("help");
    expect(actionOf({ ...press, key: "x" }, false)).toBeNull();
  });

  it("mean nothing with modifiers, in fields, or when someone else took the key", () => {
    expect(actionOf({ ...press, ctrlKey: true }, false)).toBeNull();
    expect(actionOf({ ...press, metaKey: true }, false)).toBeNull();
    expect(actionOf(press, true)).toBeNull();
    expect(actionOf({ ...press, defaultPrevented: true }, false)).toBeNull();
  });

  it("repeat only for single steps", () => {
    expect(actionOf({ ...press, repeat: true }, false)).toBeNull();
    expect(actionOf({ ...press, key: "s", repeat: true }, false)).toBe("step");
  });
});
