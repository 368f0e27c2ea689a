// The moment that today's probabilities are compared with: before training, or one that the reader held on to.
// Outlives the view, so that one can look elsewhere and come back.

export type Ghost = "start" | "held" | "none";

export class Held {
  ghost = $state<Ghost>("start");
  /** Steps of training done at the moment held on to. */
  moment = $state<number | null>(null);
  /** What that moment is called. */
  name = $state("");

  hold(moment: number, name: string): void {
    this.moment = moment;
    this.name = name;
    this.ghost = "held";
  }
}

export const held = new Held();
