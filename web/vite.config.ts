// Builds the site into static files with relative addresses, so that any server can hand it out from any path.
// `--mode site` builds it for file hosts, where there is no server to ask; else the program that embeds it is asked first.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { compressed } from "./build/compressed.ts";
import { offline } from "./build/offline.ts";

/** Every page is a folder with a document of its own, so that file hosts need no rules. */
const PAGES = ["index.html", "lab/index.html", "generate/index.html", "reference/index.html"];

/** Modules that the same pages share come in one file, and few of them in the file of a neighbour: every file costs a page more time than its few kilobytes do. */
const SMALL = 6000; // bytes of source
const GROUPS = [
  { name: "shell", tags: ["$initial" as const], priority: 2 },
  { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: SMALL, priority: 1 },
];

export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [svelte(), mode === "site" ? offline() : compressed()],
  define: { __HAS_SERVER__: JSON.stringify(mode !== "site") },
  build: {
    target: "es2022",
    outDir: mode === "site" ? "../dist" : "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false, // 27 kB gzip in all, and one request instead of forty
    modulePreload: { polyfill: false },
    rollupOptions: { input: PAGES, output: { codeSplitting: { groups: GROUPS } } },
  },
  worker: { format: "es" as const },
  server: { proxy: { "/api": { target: "http://127.0.0.1:7878", ws: true } } },
  // The limit only stops what hangs: on a busy machine a property test may take long.
  test: { include: ["tests/**/*.test.ts"], setupFiles: ["tests/browser.ts"], testTimeout: 300_000, hookTimeout: 300_000 },
}));
