// A Vite plugin that writes the service worker of the static site, with the list of all files in it.
// After everything else was written, because only then is it known what the site consists of.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const SOURCE = fileURLToPath(new URL("./serviceWorker.ts", import.meta.url));
const NAME = "service-worker.js";

/** A file as Workbox lists it. The build names everything in assets/ after its contents; the rest changes under the same name. */
export type Listed = { url: string; revision: string | null };

/** All files of a site, by their addresses. */
export function list(site: string): Listed[] {
  const found = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = found.map((entry) => relative(site, join(entry.parentPath, entry.name)).split(sep).join("/"));
  return files.filter((file) => file !== NAME).sort().map((file) => ({
    url: `./${file.replace(/(^|\/)index\.html$/, "$1")}`, // a page is asked for by its folder
    revision: file.startsWith("assets/") ? null : createHash("sha256").update(readFileSync(join(site, file))).digest("hex").slice(0, 16),
  }));
}

export function offline(): Plugin {
  return {
    name: "glassgpt-offline",
    apply: "build",
    enforce: "post",
    async writeBundle({ dir }) {
      if (dir === undefined) return;
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: { __FILES__: JSON.stringify(list(dir)), "process.env.NODE_ENV": JSON.stringify("production") },
        build: { target: "es2022", outDir: dir, emptyOutDir: false, rollupOptions: { input: SOURCE, output: { format: "iife", entryFileNames: NAME } } },
      });
    },
  };
}
