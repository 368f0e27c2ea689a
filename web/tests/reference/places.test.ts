// Places of the page in addresses: every explained line of the source has one that leads back to it, and every example is a file.
import { expect, test } from "vitest";
import { loadFiles } from "../../src/lib/source/data";
import { LANGUAGES } from "../../src/lib/source/language";
import { Listing } from "../../src/lib/source/listing";
import { ENDINGS, EXAMPLES, linesOf, textOf } from "../../src/pages/reference/examples";
import { spellSpot, spotOf } from "../../src/pages/reference/source/spots";

test.each(LANGUAGES)("every explained line of %s is reached by its link", async (language) => {
  const files = await loadFiles(language);
  const listing = new Listing(files);
  let lines = 0;
  for (const [file, { explained }] of files.entries()) {
    for (const [line, concept] of explained) {
      const spot = spotOf(spellSpot({ language, concept, line: listing.entryAt({ file, line })?.ordinal ?? -1 }));
      expect(spot?.language).toBe(language);
      expect(listing.placeOf({ concept: spot?.concept ?? "", ordinal: spot?.line ?? -1 })).toEqual({ file, line });
      lines += 1;
    }
  }
  expect(lines).toBeGreaterThan(150);
});

test("what is no place in the source is none", () => {
  expect(spotOf("source/rust/forward")).toEqual({ language: "rust", concept: "forward", line: null });
  for (const fragment of ["", "source", "source/cobol/forward", "source/rust", "source/rust/forward/x", "glossary-softmax", "source/rust/forward/3/4"]) expect(spotOf(fragment), fragment).toBeNull();
});

test("every example is there in every language, and says first what it does", () => {
  for (const example of EXAMPLES) for (const ending of ENDINGS) expect(linesOf(textOf(example, ending))[0]?.comment, `${example}.${ending}`).toBe(true);
});

test("a line that is only a comment is told from code", () => {
  expect(linesOf("# a\nb # c\n  // d\n").map(({ comment }) => comment)).toEqual([true, false, true]);
});
