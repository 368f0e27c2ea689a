// A Vite plugin that writes the service worker of the static site: the list of all files, and a version made of them.
// After everything else was written, because only then is it known what the site consists of.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Plugin } from "vite";

const SOURCE = new URL("./serviceWorker.js", import.meta.url);
const NAME = "service-worker.js";

export function offline(): Plugin {
  return {
    name: "glassgpt-offline",
    apply: "build",
    enforce: "post",
    writeBundle({ dir }) {
      if (dir === undefined) return;
      const found = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const files = found.map((entry) => relative(dir, join(entry.parentPath, entry.name))).filter((file) => file !== NAME);
      const hash = createHash("sha256");
      for (const file of files.sort()) hash.update(file).update(readFileSync(join(dir, file)));
      // A page is asked for by its folder.
      const addresses = files.map((file) => `./${file.split(sep).join("/").replace(/index\.html$/, "")}`);
      const source = readFileSync(SOURCE, "utf8")
        .replace('"__FILES__"', JSON.stringify(addresses, null, 2))
        .replace("__VERSION__", hash.digest("hex").slice(0, 16));
      writeFileSync(join(dir, NAME), source);
    },
  };
}
