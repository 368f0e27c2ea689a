// Checks that the page asks about the place it shows, and spells texts as addresses do.
import { describe, expect, it } from "vitest";
import { nothingHeard, reduce } from "../../src/lib/protocol/reduce";
import { routeOf } from "../../src/lib/state/router.svelte";
import { escapeText, Selection } from "../../src/lib/state/selection.svelte";
import { snapshot } from "../runs";

function runAt(step: number) {
  const { run } = reduce(nothingHeard, snapshot(0, step));
  if (run === null) throw new Error("no run");
  return run;
}

describe("addresses of what is read", () => {
  it("mean the last step trained, its document and the parameters before its update", () => {
    const selection = new Selection();
    expect(selection.at(runAt(7), "p2/logits")).toBe("step:6/p2/logits");
    expect(selection.at(runAt(0), "wte")).toBe("step:0/wte");
  });

  it("mean the model as it is now, for a text of one's own", () => {
    const selection = new Selection();
    selection.text = "a b/c%";
    expect(selection.at(runAt(7), "probs")).toBe("step:7/text:a%20b%2Fc%25/probs");
  });

  it("escape white space, slashes and per cent signs as bytes, and nothing else", () => {
    expect(escapeText("zoë\t\u00a0💎")).toBe("zoë%09%C2%A0💎");
  });
});

describe("the selection", () => {
  it("stays within the document", () => {
    const selection = new Selection();
    selection.position = 9;
    expect([selection.within(3), selection.within(0)]).toEqual([2, 0]);
  });

  it("holds on to two numbers, the latest", () => {
    const selection = new Selection();
    for (const address of ["a", "b", "b", "c"]) selection.pin(address);
    expect(selection.pins).toEqual(["b", "c"]);
    selection.release("b");
    expect(selection.pins).toEqual(["c"]);
  });
});

describe("pages", () => {
  it.each([["/", "home"], ["/index.html", "home"], ["/lab/", "lab"], ["/lab", "lab"], ["/lab/index.html", "lab"], ["/nowhere", "missing"], ["/lab/deep/", "missing"]])(
    "%s is %s", (path, route) => expect(routeOf(path, "/")).toBe(route));

  it("may lie anywhere", () => {
    expect(routeOf("/deep/site/lab/", "/deep/site/")).toBe("lab");
    expect(routeOf("/other/lab/", "/deep/site/")).toBe("missing");
  });
});
