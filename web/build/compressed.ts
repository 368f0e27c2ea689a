// A Vite plugin that puts a brotli and a gzip form beside every file of the page that gets smaller by it. The program embeds them and
// sends whichever a browser takes: compressed once, as well as can be, instead of at every request.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

/** Files of these kinds are text, or as good as text. Fonts and pictures are compressed already. */
const COMPRESSIBLE = /\.(?:css|html|js|json|svg|txt|wasm|webmanifest)$/;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** What the server looks for beside a file (crates/glassgpt-server/src/encoding.rs). */
const FORMS = [
  { suffix: ".br", of: (bytes: Buffer) => brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }) },
  { suffix: ".gz", of: (bytes: Buffer) => zip(bytes, { level: constants.Z_BEST_COMPRESSION }) },
];

/** Writes the compressed forms of all files below a folder. */
export async function compress(folder: string): Promise<void> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name));
  const files = found.map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.flatMap((file) => FORMS.map(async ({ suffix, of }) => {
    const bytes = readFileSync(file);
    const smaller = await of(bytes);
    if (smaller.length < bytes.length) writeFileSync(`${file}${suffix}`, smaller);
  })));
}

export function compressed(): Plugin {
  return {
    name: "glassgpt-compressed",
    apply: "build",
    enforce: "post",
    async writeBundle({ dir }) {
      if (dir !== undefined) await compress(dir);
    },
  };
}
