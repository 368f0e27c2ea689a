// Folding, finding and naming lines, on a small file that shows every case.
import { expect, test } from "vitest";
import type { SourceFile } from "../../src/lib/source/data";
import { closedAtFirst, Listing, rowsOf } from "../../src/lib/source/listing";

const LINES = ["// § imports", "use a;", "// § one", "fn f() {", "    // § two", "    b();", "    c(); // § three", "}"];
const file: SourceFile = {
  path: "src/f.rs",
  lines: LINES.map((line) => ["", line.slice(0, 5), "keyword", line.slice(5)]),
  regions: [[["imports"], 0, 1, true], [["one"], 2, 7, true], [["two"], 4, 5, true], [["three", "four"], 6, 6, false]],
  explained: [[1, "imports", 0], [3, "one", 0], [5, "two", 0], [6, "four", 2]],
};
const again: SourceFile = { ...file, path: "src/g.rs" };
const listing = new Listing([file, again]);

test("a line is named by its concept and its place among the concept's lines", () => {
  expect(listing.entryAt({ file: 0, line: 6 })).toEqual({ concept: "four", entry: 2, ordinal: 0 });
  expect(listing.entryAt({ file: 1, line: 6 })).toEqual({ concept: "four", entry: 2, ordinal: 1 });
  expect(listing.placeOf({ concept: "four", ordinal: 1 })).toEqual({ file: 1, line: 6 });
  expect(listing.placeOf({ concept: "four", ordinal: 2 })).toBeNull();
  expect(listing.placeOf({ concept: "five", ordinal: 0 })).toBeNull();
  expect(listing.entryAt({ file: 0, line: 7 })).toBeNull();
});

test("a line that says nothing has the concept around it", () => {
  expect(listing.conceptAt({ file: 0, line: 7 })).toBe("one");
  expect(listing.conceptAt({ file: 0, line: 4 })).toBe("two");
  expect(listing.conceptAt({ file: 0, line: 6 })).toBe("four");
  expect(new Listing([{ ...file, regions: [], explained: [] }]).conceptAt({ file: 0, line: 3 })).toBeNull();
});

test("a concept has all its stretches, and each can be taken along", () => {
  expect(listing.stretches("three")).toEqual([{ file: 0, first: 6, last: 6 }, { file: 1, first: 6, last: 6 }]);
  expect(listing.excerpt({ file: 0, first: 4, last: 6 })).toBe("// § two\nb();\nc(); // § three\n");
  expect(listing.text(0)).toBe(`${LINES.join("\n")}\n`);
});

test("search goes through all files and minds neither capitals nor colours", () => {
  expect(listing.search("USE A")).toEqual([{ file: 0, line: 1 }, { file: 1, line: 1 }]);
  expect(listing.search("c")).toEqual([]);
  expect(listing.search("nowhere")).toEqual([]);
});

test("what is folded hides what it holds, heads and all", () => {
  const lines = (folded: number[]) => rowsOf(file, new Set(folded)).map((row) => row.line);
  expect(lines([])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(lines([4])).toEqual([0, 1, 2, 3, 4, 6, 7]);
  expect(lines([2, 4])).toEqual([0, 1, 2]);
  const row = rowsOf(file, new Set([2]))[2];
  expect([row?.hidden, row?.level, row?.head?.[0]]).toEqual([5, 1, ["one"]]);
  expect(rowsOf(file, new Set<number>())[5]?.level).toBe(3);
  expect(closedAtFirst(file)).toEqual([0]);
});
