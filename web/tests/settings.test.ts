// Checks which address is asked.
import { describe, expect, it } from "vitest";
import { apiUrl, socketUrl } from "../src/lib/protocol/api";

describe("addresses", () => {
  it("stay on the page's own origin and path", () => {
    expect(apiUrl("catalog", "http://localhost:7878/?session=1").href).toBe("http://localhost:7878/api/v1/catalog");
    expect(socketUrl("a/b", null, false, "https://example.org/lab/index.html").href).toBe("wss://example.org/lab/api/v1/sessions/a%2Fb/socket");
    const back = socketUrl("ab", { life: "x1", seq: 7 }, true, "http://localhost:7878/");
    expect(back.href).toBe("ws://localhost:7878/api/v1/sessions/ab/socket?life=x1&after=7&look=");
  });
});
