// What the first page says. Every figure is put in from the run on screen.
// A catalogue: a translation is one more folder with the same names.

import { counted } from "../../format";

export const m = {
  title: "A GPT made of glass",
  waiting: "Starting the engine …",
  silent: "The engine does not answer, neither in a program nor in this browser. The page tries again by itself.",
  retry: "Try now",
  lede: {
    ready: (params: string, names: boolean) => `This model is ${params} numbers, drawn at random. It knows nothing yet. Press Train, and it learns to write ${names ? "names" : "documents like those in its data"}.`,
    running: (step: string, steps: string) => `Training: step ${step} of ${steps}. After each document, the numbers change a little.`,
    paused: (step: string, steps: string) => `Paused after step ${step} of ${steps}.`,
    finished: (params: string, steps: number, names: boolean) => `The model is ${params} numbers. It has read ${counted(steps, names ? "name" : "document")}, one per step. Now it writes ${names ? "names" : "documents"} of its own.`,
    diverged: (step: string) => `Training diverged at step ${step}. Open the lab to see why, or begin again.`,
  },
  name: {
    label: (names: boolean) => (names ? "Type a name" : "Type some letters"),
    hint: "The model reads it letter by letter. Each bar shows the probability it gave to that letter before it saw it.",
    lower: (text: string) => `Use “${text}” instead`,
    empty: "Type a few letters, and see how likely the model finds them.",
    end: "BOS",
    endWord: (names: boolean) => `BOS, the mark where a ${names ? "name" : "document"} begins and ends`,
    tile: (letter: string, now: string, before: string) => `${letter}: probability ${now}, before training ${before}`,
    legend: { now: "now", before: "before training" },
    surprise: (now: string, before: string) => `Surprise per letter: ${now} nats now, ${before} before training. 0 would be no surprise at all.`,
    cut: (n: string) => `The model reads at most ${n} tokens at once; the rest is left out.`,
  },
  train: "Train",
  again: "Train again",
  on: "Train on",
  pause: "Pause",
  pace: (perSecond: string) => `${perSecond} steps a second, so that you can watch. The lab goes as fast as your machine.`,
  writes: "What it writes",
  after: (step: string) => `after step ${step}`,
  fresh: "new",
  known: "in the data",
  way: "The same samples on the way",
  wayHint: "The random numbers stay the same. Only the model changes.",
  wayEmpty: "Press Train: what it wrote after each of a few steps will stand here.",
  step: "step",
  curve: "Loss, step by step",
  curveNote: (now: string, blind: string) => `Recent average of the loss: ${now} nats. Guessing blindly costs ${blind}.`,
  curveEmpty: (blind: string) => `Guessing blindly costs ${blind} nats a letter.`,
  doors: {
    title: "Where to go from here",
    learn: { name: "Learn", text: "Follow one letter through every part of the model. The course that begins here is still being written.", go: "See the parts" },
    lab: { name: "Lab", text: "Drag a slider and the whole model trains again while you drag. Stop at any step and open any number.", go: "Open the lab" },
    generate: { name: "Generate", text: "Watch it write a name: seven stages a letter, forwards and backwards, down to the random number that chose it.", go: "Watch it write" },
  },
  honest: "Every number on this page was computed by the engine, here and now. None is an illustration.",
};
