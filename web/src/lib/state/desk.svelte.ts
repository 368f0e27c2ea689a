// How the workbench is laid out: which view is in the middle, which panels are open.
// Apart from the experiment: two readers may look at the same run in different ways.
import { Asking } from "./asking.svelte";

export const VIEWS = ["training", "model", "attention", "probabilities", "embeddings", "weights", "adam"] as const;
export type View = (typeof VIEWS)[number];

export function isView(text: string): text is View {
  return (VIEWS as readonly string[]).includes(text);
}

export class Desk {
  /** What the page Generate asks of the model. */
  readonly asking = new Asking();
  view = $state<View>("training");
  /** On narrow screens the settings are a sheet. */
  settingsOpen = $state(false);
}
