// What stands beside every page says: its tabs, the block diagram, the training loop, the four functions, the parameters.
// A catalogue: a translation is one more folder with the same names. Figures are put in from the run on screen.
import { count, counted, digits } from "../../format";
import { quoted } from "./inside";
import type { LoopPart, Pane } from "../../state/desk.svelte";

export const m = {
  panes: "Beside the page",
  pane: { now: "Now", code: "Code", architecture: "Architecture" } satisfies Record<Pane, string>,
  side: "Source and architecture",
  close: "Close",
  resize: "Width of the code",
  show: "Show the code",
  hide: "Hide the code",
  loadFailed: "This part did not arrive. Check the connection and load the page again.",
  loading: "Loading …",
  where: "The code of what is chosen",
  open: "Open in Code",
  waiting: "Its numbers come with the model.",
  parts: { title: "What to look at", forward: "Forward", training: "Training", functions: "Functions", parameters: "Parameters" },
  forward: {
    about: (token: string, position: number) => `What happens to ${quoted(token)} at position ${count(position)}. Press a block, and its lines light up below.`,
    play: "Play the forward pass",
    slider: "Part of the forward pass",
    at: (name: string, at: number, of: number) => `${count(at)} of ${count(of)}: ${name}`,
    whole: "All parts at once.",
    next: "Next part",
  },
  walk: { stop: "Stop here", leave: "Show all" },
  loop: {
    about: "What one step of training does, with the numbers of the step on screen. Press a part for its lines.",
    play: (step: string) => `Walk through step ${step}`,
    slider: "Part of the training step",
    next: "Next part",
    whole: "The whole step.",
    none: "No step has been trained yet.",
    part: {
      pick: { name: "Pick a document", does: "the next of the shuffled list" },
      forward: { name: "Forward", does: "read it, and guess each next token" },
      loss: { name: "Loss", does: "how surprising the tokens that came were" },
      backward: { name: "Backward", does: "how the loss would change with each parameter: its gradient" },
      adam: { name: "Adam", does: "move every parameter a little, against its average gradient" },
      next: { name: "Next step", does: "and all over again" },
    } satisfies Record<LoopPart, { name: string; does: string }>,
    figures: {
      pick: (doc: string, of: number) => `“${doc}” of ${counted(of, "document")}`,
      forward: (positions: number, params: number) => `${counted(positions, "position")} through ${counted(params, "parameter")}`,
      loss: (loss: number, blind: number) => `${digits(loss, 4)} nats; guessing blindly ${digits(blind, 4)}`,
      backward: (norm: number) => `length of the gradient ${digits(norm, 4)}`,
      adam: (rate: number, update: number) => `rate ${digits(rate, 4)}, mean change ${digits(update, 3)}`,
      next: (done: number, of: number) => `${count(done)} of ${count(of)} done`,
    },
  },
  functions: { about: "The whole model is built from these." },
  parameters: {
    title: (params: string) => `Parameters: ${params}`,
    about: "Every matrix of the loaded model. Press one for the line that uses it.",
    shape: (rows: number, cols: number) => `${count(rows)} × ${count(cols)}`,
    says: (name: string, rows: number, cols: number, purpose: string) => `${name}, ${count(rows)} by ${count(cols)}, ${counted(rows * cols, "number")}: ${purpose}`,
  },
};
