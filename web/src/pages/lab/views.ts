// The views of the workbench and how each is loaded: one table, read by the tabs, the links and the keyboard.
import type { Component } from "svelte";
import type { View } from "../../lib/state/desk.svelte";
import type { PartProps } from "./part";

type Loaded = { default: Component<PartProps> };

/** Loaded when first looked at, so that the workbench opens at once. */
export const LOAD: Readonly<Record<View, () => Promise<Loaded>>> = {
  training: () => import("./views/Training.svelte"),
  model: () => import("./views/Model.svelte"),
  attention: () => import("./views/Attention.svelte"),
  probabilities: () => import("./views/Probabilities.svelte"),
  embeddings: () => import("./views/Embeddings.svelte"),
  weights: () => import("./views/Weights.svelte"),
  adam: () => import("./views/Adam.svelte"),
};
