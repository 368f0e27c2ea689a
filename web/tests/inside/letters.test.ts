// How a text is cut into what the model knows and does not, and how the reader walks along it.
import { describe, expect, test } from "vitest";
import { nameOf, pieces, scrollTo, walk } from "../../src/pages/lab/reading/letters";

const VOCAB = ["a", "b", " ", "BOS"];

describe("pieces", () => {
  test("known and unknown stretches add up to the text", () => {
    const cut = pieces("abXYa é", VOCAB, 3);
    expect(cut).toEqual([
      { text: "ab", known: true },
      { text: "XY", known: false },
      { text: "a ", known: true },
      { text: "é", known: false },
    ]);
  });

  test("a letter outside the basic plane stays whole", () => {
    expect(pieces("a😀", VOCAB, 3)).toEqual([{ text: "a", known: true }, { text: "😀", known: false }]);
  });

  test("BOS cannot be typed", () => {
    expect(pieces("B", ["a", "B"], 1)).toEqual([{ text: "B", known: false }]);
  });

  test("nothing typed is nothing unknown", () => {
    expect(pieces("", VOCAB, 3)).toEqual([]);
  });
});

test("a token is named as figures label it", () => {
  expect(nameOf(2, VOCAB)).toBe("␣");
  expect(nameOf(3, VOCAB)).toBe("BOS");
  expect(nameOf(9, VOCAB)).toBe("?");
  expect(nameOf(undefined, VOCAB)).toBe("?");
});

test("keys walk along the positions and stop at the ends", () => {
  expect(walk(2, "ArrowRight", 5)).toBe(3);
  expect(walk(4, "ArrowRight", 5)).toBe(4);
  expect(walk(0, "ArrowLeft", 5)).toBe(0);
  expect(walk(3, "Home", 5)).toBe(0);
  expect(walk(0, "End", 5)).toBe(4);
  expect(walk(0, "x", 5)).toBeNull();
});

test("the strip scrolls only to what is out of sight, and no further", () => {
  expect(scrollTo(3, 60, 0, 300)).toBeNull();
  expect(scrollTo(5, 60, 0, 300)).toBe(60);
  expect(scrollTo(1, 60, 90, 300)).toBe(60);
});
