// What the code follows: the page, unless a link has just led to a place; and never a concept that is already there.
import { expect, test } from "vitest";
import { Desk, isPane } from "../../src/lib/state/desk.svelte";

test("the code follows the page, and a line that was chosen stays while the page is about the same", () => {
  const desk = new Desk("rust");
  desk.follow("query");
  expect(desk.spot).toEqual({ language: "rust", concept: "query", line: null });
  desk.spot = { language: "python", concept: "query", line: 3 };
  desk.follow("query");
  expect(desk.spot.line).toBe(3);
  desk.follow("key");
  expect(desk.spot).toEqual({ language: "python", concept: "key", line: null });
  desk.follow(null);
  expect(desk.spot.concept).toBe("key");
});

test("where a link has led is not left at once, but with the next thing the page shows", () => {
  const desk = new Desk("rust");
  desk.lead({ language: "python", concept: "softmax", line: 1 });
  expect(desk.pane).toBe("code");
  desk.follow("query");
  expect(desk.spot?.concept).toBe("softmax");
  desk.follow("key");
  expect(desk.spot?.concept).toBe("key");
  desk.lead({ language: "python", concept: "softmax", line: 1 });
  desk.settle();
  desk.follow("query");
  expect(desk.spot?.concept).toBe("query");
});

test("what was remembered is a pane or nothing", () => {
  expect([isPane("architecture"), isPane("now"), isPane("cellar"), isPane(undefined)]).toEqual([true, true, false, false]);
});
