// The compressed forms that the program embeds: what unpacks to the same bytes, and only where it saves any.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compress } from "../../build/compressed";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "glassgpt-compressed-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("a file and its compressed forms lie side by side", async () => {
  const script = Buffer.from("export const glass = true;\n".repeat(100));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "assets/page.js"), script);
  writeFileSync(join(folder, "tiny.svg"), "<svg/>");
  writeFileSync(join(folder, "assets/letters.woff2"), Buffer.alloc(1000));
  await compress(folder);
  expect(readdirSync(folder).sort()).toEqual(["assets", "tiny.svg"]);
  expect(readdirSync(join(folder, "assets")).sort()).toEqual(["letters.woff2", "page.js", "page.js.br", "page.js.gz"]);
  const bytes = (form: string): Buffer => readFileSync(join(folder, `assets/page.js${form}`));
  expect(bytes("")).toEqual(script);
  expect(brotliDecompressSync(bytes(".br"))).toEqual(script);
  expect(gunzipSync(bytes(".gz"))).toEqual(script);
});

test("the same page comes out as the same bytes, so that the program is not compiled again", async () => {
  const write = (): void => writeFileSync(join(folder, "index.html"), "<!doctype html>\n<p>a line</p>\n".repeat(50));
  const bytes = (): Buffer[] => [".br", ".gz"].map((form) => readFileSync(join(folder, `index.html${form}`)));
  write();
  await compress(folder);
  const before = bytes();
  write();
  await compress(folder);
  expect(bytes()).toEqual(before);
});
