// What the frame of the workbench says: its parts and views. Each part has a catalogue of its own.
// A catalogue: a translation is one more folder with the same names.
import type { View } from "../../state/desk.svelte";

export const m = {
  title: "Lab",
  views: "Views",
  view: {
    training: { label: "Training", about: "the loss of every step, and what was written on the way" },
    model: { label: "Model", about: "the parts of the network and the numbers in them" },
    attention: { label: "Attention", about: "which earlier tokens each head looks at" },
    probabilities: { label: "Probabilities", about: "how likely each next token is, position by position" },
    embeddings: { label: "Embeddings", about: "the numbers that stand for tokens and positions" },
    weights: { label: "Weights", about: "every matrix: values, gradients and what Adam remembers" },
    adam: { label: "Adam", about: "one parameter over all steps" },
  } satisfies Record<View, { label: string; about: string }>,
  loading: "Loading this view …",
  loadFailed: "This view did not arrive. Check the connection and load the page again.",
  settings: "Settings",
  close: "Close",
  now: "What the model does now",
};
