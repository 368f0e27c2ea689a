// Which part of the architecture is on screen. One for the site: whoever goes to another page goes on looking at the same.
export const PARTS = ["forward", "training", "functions", "parameters"] as const;
export type Part = (typeof PARTS)[number];

class Shown {
  part = $state<Part>("forward");
}

export const shown = new Shown();
