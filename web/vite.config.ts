// Builds the site into static files with relative addresses, so that any server can hand it out from any path.
// `--mode site` builds it for file hosts, where there is no server to ask; else the program that embeds it is asked first.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { offline } from "./build/offline.ts";

/** Every page is a folder with a document of its own, so that file hosts need no rules. */
const PAGES = ["index.html", "lab/index.html", "generate/index.html", "reference/index.html"];

export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [svelte(), ...(mode === "site" ? [offline()] : [])],
  define: { __HAS_SERVER__: JSON.stringify(mode !== "site") },
  build: {
    target: "es2022",
    outDir: mode === "site" ? "../dist" : "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: PAGES },
  },
  worker: { format: "es" as const },
  server: { proxy: { "/api": { target: "http://127.0.0.1:7878", ws: true } } },
  test: { include: ["tests/**/*.test.ts"], setupFiles: ["tests/browser.ts"] },
}));
