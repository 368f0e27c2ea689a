// Which sections of the inspector stand open. Kept outside the components, so that the next number opens the same ones.
import { SvelteSet } from "svelte/reactivity";

export type SectionName = "made" | "gradient" | "consumers" | "nudge" | "adam" | "sources";

export const open = new SvelteSet<SectionName>(["made"]);
