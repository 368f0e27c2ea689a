// Builds the page into static files with relative addresses, so that any server can hand it out from any path.
// In development the engine answers on its own port: /api is passed on to it.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./",
  plugins: [svelte()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": { target: "http://127.0.0.1:7878", ws: true } } },
  test: { include: ["tests/**/*.test.ts"] },
});
