// Checks which address is asked, and which key does what.
import { describe, expect, it } from "vitest";
import { apiUrl, socketUrl } from "../src/lib/protocol/api";
import { actionOf, type Press } from "../src/lib/shortcuts";

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
