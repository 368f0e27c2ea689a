// Checks what every movement key does in a matrix, a triangle, a list, a grid, on a curve and among points.
import { describe, expect, it } from "vitest";
import { isPlain, move, moveInTriangle, nearestInDirection, rove, seekIndex, stopAt } from "../../src/lib/kit/keys";
import { press, same, toggle, type Hands } from "../../src/lib/kit/pointing";
import type { Cell } from "../../src/lib/kit/types";

describe("in a matrix of 27 × 16", () => {
  it.each([
    ["ArrowUp", { row: 4, col: 3 }], ["ArrowDown", { row: 6, col: 3 }], ["ArrowLeft", { row: 5, col: 2 }], ["ArrowRight", { row: 5, col: 4 }],
    ["Home", { row: 5, col: 0 }], ["End", { row: 5, col: 15 }], ["PageUp", { row: 0, col: 3 }], ["PageDown", { row: 15, col: 3 }],
  ])("%s", (key, to) => expect(move({ row: 5, col: 3 }, key, 27, 16)).toEqual(to));

  it("stays inside and leaves other keys alone", () => {
    expect(move({ row: 0, col: 0 }, "ArrowUp", 27, 16)).toEqual({ row: 0, col: 0 });
    expect(move({ row: 26, col: 15 }, "PageDown", 27, 16)).toEqual({ row: 26, col: 15 });
    expect(move({ row: 0, col: 0 }, "a", 27, 16)).toBeNull();
  });
});

describe("below the diagonal", () => {
  it("never enters the future", () => {
    expect(moveInTriangle({ row: 2, col: 2 }, "ArrowRight", 5)).toEqual({ row: 2, col: 2 });
    expect(moveInTriangle({ row: 3, col: 3 }, "ArrowUp", 5)).toEqual({ row: 2, col: 2 });
    expect(moveInTriangle({ row: 2, col: 0 }, "End", 5)).toEqual({ row: 2, col: 2 });
    expect(moveInTriangle({ row: 4, col: 1 }, "ArrowDown", 5)).toEqual({ row: 4, col: 1 });
  });
});

describe("where Tab stops in a list", () => {
  it("at what is chosen, until the keys have moved", () => expect([stopAt(-1, 3, 9), stopAt(5, 3, 9)]).toEqual([3, 5]));
  it("at the first, if nothing is chosen", () => expect(stopAt(-1, -1, 9)).toBe(0));
  it("never beyond the last", () => expect([stopAt(8, -1, 4), stopAt(-1, 8, 4)]).toEqual([3, 3]));
});

describe("in a list and a grid", () => {
  it("moves by one, by ten and to the ends of a list", () => {
    expect(["ArrowUp", "ArrowDown", "PageDown", "Home", "End", "x"].map((key) => rove(5, key, 27))).toEqual([4, 6, 15, 0, 26, null]);
    expect(rove(0, "ArrowDown", 0)).toBeNull();
  });

  it("keeps to the column of a grid, and where there is no row it stays", () => {
    expect(rove(1, "ArrowDown", 7, 3)).toBe(4);
    expect(rove(5, "ArrowDown", 7, 3)).toBe(5);
    expect(rove(1, "ArrowUp", 7, 3)).toBe(1);
    expect(rove(2, "ArrowRight", 7, 3)).toBe(3);
  });
});

it("goes along a curve by a point, a tenth, or to its ends", () => {
  expect(["ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End", "q"].map((key) => seekIndex(500, key, 1000))).toEqual([499, 501, 400, 600, 0, 999, null]);
  expect(seekIndex(0, "ArrowRight", 0)).toBeNull();
  expect(seekIndex(-1, "ArrowRight", 4)).toBe(0);
});

it("finds the nearest point in a direction, straight ahead before aside", () => {
  const points = [{ x: 0, y: 0 }, { x: 10, y: 1 }, { x: 6, y: 9 }, { x: -5, y: 0 }];
  expect(nearestInDirection(points, 0, "ArrowRight")).toBe(1);
  expect(nearestInDirection(points, 0, "ArrowDown")).toBe(2);
  expect(nearestInDirection(points, 0, "ArrowLeft")).toBe(3);
  expect(nearestInDirection(points, 3, "ArrowLeft")).toBe(3);
  expect(nearestInDirection(points, 0, "Enter")).toBeNull();
});

describe("hands on a matrix", () => {
  function hands(pinned: Cell | null): Hands & { log: unknown[] } {
    const log: unknown[] = [];
    return {
      log, under: () => null, move: (cell, key) => move(cell, key, 3, 3), at: () => ({ row: 1, col: 1 }), pinned: () => pinned,
      look: (cell, by) => log.push(["look", cell, by]), pin: (cell) => log.push(["pin", cell]),
    };
  }
  const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, altKey: false, metaKey: false });

  it("moves, pins and releases", () => {
    const free = hands(null);
    expect(press(free, key("ArrowDown"))).toBe(true);
    expect(press(free, key("Enter"))).toBe(true);
    expect(press(free, key("Escape"))).toBe(false);
    expect(free.log).toEqual([["look", { row: 2, col: 1 }, "keys"], ["pin", { row: 1, col: 1 }]]);
    const held = hands({ row: 1, col: 1 });
    expect(press(held, key("Escape"))).toBe(true);
    toggle(held, { row: 1, col: 1 });
    expect(held.log).toEqual([["pin", null], ["pin", null]]);
  });

  it("leaves the browser's keys to the browser", () => {
    expect(press(hands(null), key("ArrowDown", true))).toBe(false);
    expect(isPlain(key("a", true))).toBe(false);
  });

  it("compares cells", () => {
    expect(same({ row: 1, col: 2 }, { row: 1, col: 2 })).toBe(true);
    expect(same({ row: 1, col: 2 }, null)).toBe(false);
    expect(same(null, null)).toBe(true);
  });
});
