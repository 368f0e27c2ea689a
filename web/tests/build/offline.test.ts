// The list of files that the site keeps: which of them can change under the same name, and how a page is asked for.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { list } from "../../build/offline";

test("what is named after its contents needs no revision, the rest changes it with its contents", () => {
  const site = mkdtempSync(join(tmpdir(), "glassgpt-site-"));
  try {
    for (const folder of ["assets", "lab"]) mkdirSync(join(site, folder));
    for (const file of ["index.html", "lab/index.html", "assets/page-1a2b.js", "service-worker.js"]) writeFileSync(join(site, file), file);
    const before = list(site);
    expect(before.map(({ url }) => url)).toEqual(["./assets/page-1a2b.js", "./", "./lab/"]);
    expect(before.map(({ revision }) => revision === null)).toEqual([true, false, false]);
    writeFileSync(join(site, "lab/index.html"), "another release");
    const after = list(site);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]?.revision).not.toBe(before[2]?.revision);
  } finally {
    rmSync(site, { recursive: true });
  }
});
