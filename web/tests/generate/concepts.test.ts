// The code goes along with the way: every beat has lines in both languages, and going back shows what was shown there.
import { expect, test } from "vitest";
import { loadConcepts, loadFiles } from "../../src/lib/source/data";
import { LANGUAGES } from "../../src/lib/source/language";
import { Listing } from "../../src/lib/source/listing";
import { conceptOfMoment, NAMED } from "../../src/pages/generate/concepts";
import { at, BEATS, lengthOf, ROUND, STAGES } from "../../src/pages/generate/timeline";

test.each(LANGUAGES)("at every moment of a way there are lines to light, in %s", async (language) => {
  const listing = new Listing(await loadFiles(language));
  const seen = new Set<string>();
  for (let time = 0; time <= lengthOf(2); time += 0.05) {
    for (const ends of [false, true]) {
      const concept = conceptOfMoment(at(time, 2), ends, language);
      if (concept === null) throw new Error(`nothing at ${time}`);
      seen.add(concept);
      expect(listing.stretches(concept).length, concept).toBeGreaterThan(0);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
});

test("all names are concepts", async () => {
  const known = new Set((await loadConcepts()).map(({ id }) => id));
  expect(NAMED.filter((id) => !known.has(id))).toEqual([]);
});

test("a beat of three goes through the three, and ends at the last", () => {
  const beat = STAGES.slice(0, 2).reduce((n, stage) => n + BEATS[stage].length, 0);
  const about = (time: number) => conceptOfMoment(at(ROUND + beat + time, 3), false, "rust");
  expect([0.1, 0.5, 0.9, 1].map(about)).toEqual(["query", "key", "value", "value"]);
  expect([1, 0.9, 0.5, 0.1].map(about)).toEqual(["value", "value", "key", "query"]);
});

test("the end of a text has a line of its own", () => {
  const last = { position: 3, stage: "result", beat: 0, progress: 1 } as const;
  expect([conceptOfMoment(last, true, "rust"), conceptOfMoment(last, false, "rust")]).toEqual(["stop", "generate"]);
  const cut = { position: 3, stage: "probabilities", beat: 3, progress: 1 } as const;
  expect(LANGUAGES.map((language) => conceptOfMoment(cut, false, language))).toEqual(["top-k-top-p", "temperature"]);
});
