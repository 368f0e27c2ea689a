// Compiles every component in runes mode, so that all state is explicit.
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** @type {import("@sveltejs/vite-plugin-svelte").SvelteConfig} */
export default {
  compilerOptions: { runes: true },
  preprocess: vitePreprocess(),
};
