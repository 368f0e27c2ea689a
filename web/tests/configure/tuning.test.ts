// Checks when the form trains the model, with what, and what it does with a refusal. The session is a stand-in that only listens.
import { beforeEach, describe, expect, it } from "vitest";
import { nothingHeard, reduce, type Run } from "../../src/lib/protocol/reduce";
import type { Refusal, Spec } from "../../src/lib/protocol/types";
import { Corpora } from "../../src/lib/state/corpora.svelte";
import { OWN } from "../../src/lib/state/draft.svelte";
import type { WishOutcome } from "../../src/lib/state/retraining";
import type { Mode, Session } from "../../src/lib/state/session.svelte";
import { Tuning } from "../../src/pages/lab/configure/tuning.svelte";
import { snapshot } from "../runs";
import { catalog } from "./catalog";

type Wish = { spec: Spec; standAt: number | "end"; tell: (outcome: WishOutcome) => void };

class StandIn {
  mode: Mode = "instant";
  run: Run | null;
  readonly corpora = new Corpora();
  readonly wishes: Wish[] = [];
  readonly started: Spec[] = [];
  readonly rates: number[] = [];
  refusal: Refusal | null = null;

  constructor() {
    this.run = reduce(nothingHeard, snapshot(1, 4)).run;
  }

  retrain(spec: Spec, standAt: number | "end"): Promise<WishOutcome> {
    return new Promise((tell) => this.wishes.push({ spec, standAt, tell }));
  }

  start(spec: Spec): Promise<Refusal | null> {
    this.started.push(spec);
    return Promise.resolve(this.refusal);
  }

  setLearningRate(rate: number): Promise<Refusal | null> {
    this.rates.push(rate);
    return Promise.resolve(this.refusal);
  }
}

let session: StandIn;
let tuning: Tuning;

beforeEach(() => {
  session = new StandIn();
  tuning = new Tuning(session as unknown as Session, catalog);
  if (session.run === null) throw new Error("no run");
  tuning.follow(session.run.experiment, { from: "named", name: "letters" });
});

/** Lets what was told arrive. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe("instant mode", () => {
  it("trains at every move of a slider, at the step one stands at", () => {
    tuning.slide("learning_rate", 0.02);
    tuning.slide("learning_rate", 0.03);
    expect(session.wishes.map(({ spec, standAt }) => [spec.config.learning_rate, standAt])).toEqual([[0.02, 4], [0.03, 4]]);
    expect(tuning.busy).toBe(true);
  });

  it("trains while a number is typed only when it makes sense, and with anything on Enter", () => {
    tuning.type("n_head", "3");
    expect(session.wishes).toHaveLength(0);
    tuning.commit();
    expect(session.wishes.map(({ spec }) => spec.config.n_head)).toEqual([3]);
    tuning.type("n_head", "");
    tuning.commit();
    expect(session.wishes).toHaveLength(1);
    expect(tuning.draft.faults["n_head"]).toContain("whole number");
  });

  it("puts a refusal at its field and forgets it when the next try is taken", async () => {
    tuning.slide("n_head", 3);
    session.wishes[0]?.tell({ type: "refused", refusal: { field: "n_head", message: "must divide" } });
    await settle();
    expect(tuning.draft.faults).toEqual({ n_head: "must divide" });
    expect(tuning.draft.form.texts.n_head).toBe("3");
    tuning.slide("seed", 1);
    expect(tuning.draft.faults).toEqual({ n_head: "must divide" });
    session.wishes[1]?.tell({ type: "trained" });
    await settle();
    expect(tuning.draft.faults).toEqual({});
    expect(tuning.busy).toBe(false);
  });

  it("tells what a preset changed, and trains with it", () => {
    const [, gist] = catalog.presets;
    if (gist === undefined) throw new Error("no gist");
    tuning.choosePreset(gist);
    expect(tuning.told?.changes.map(({ name }) => name)).toEqual(["steps", "schedule", "zero_init"]);
    expect(session.wishes[0]?.spec.config.schedule).toBe("cosine");
    tuning.undo();
    expect(session.wishes[1]?.spec.config.schedule).toBe("linear");
    expect(tuning.told).toBeNull();
  });

  it("waits for a text before it trains on one", () => {
    tuning.choose("corpus", { corpus: OWN });
    expect(session.wishes).toHaveLength(0);
    tuning.bring("mine.txt", "ab\nba");
    expect(session.wishes[0]?.spec.corpus).toEqual({ from: "text", name: "mine.txt", text: "ab\nba" });
  });

  it("says that a text that was emptied cannot be trained on, until there is one", () => {
    tuning.choose("corpus", { corpus: OWN });
    tuning.writeOwn("mine", "ab", "once");
    expect(session.wishes).toHaveLength(1);
    tuning.writeOwn("mine", " \n", "rest");
    expect(session.wishes).toHaveLength(1);
    expect(tuning.draft.faults["corpus"]).toContain("at least one line that is not blank");
    tuning.writeOwn("mine", "ba", "once");
    expect(tuning.draft.faults).toEqual({});
  });
});

describe("live mode", () => {
  beforeEach(() => tuning.setMode("live"));

  it("collects changes until it is started", async () => {
    tuning.slide("seed", 1);
    tuning.slide("n_layer", 2);
    expect(session.wishes).toHaveLength(0);
    expect(tuning.draft.changes()?.map(({ name }) => name)).toEqual(["n_layer", "seed"]);
    await tuning.start();
    expect(session.started.map(({ config }) => [config.seed, config.n_layer])).toEqual([[1, 2]]);
  });

  it("calls to the field that the engine objects to", async () => {
    session.refusal = { field: "n_layer", message: "too many" };
    tuning.slide("n_layer", 4);
    await tuning.start();
    expect(tuning.call).toEqual({ field: "n_layer" });
    expect(tuning.draft.faults).toEqual({ n_layer: "too many" });
  });

  it("changes the learning rate from here on without starting", async () => {
    tuning.type("learning_rate", "0.05");
    await tuning.applyFromHere("learning_rate");
    expect(session.rates).toEqual([0.05]);
    expect(session.started).toHaveLength(0);
    tuning.type("learning_rate", "much");
    await tuning.applyFromHere("learning_rate");
    expect(tuning.draft.faults["learning_rate"]).toContain("needs a number");
    expect(session.rates).toHaveLength(1);
  });

  it("trains with what was collected when one turns to instant", () => {
    tuning.slide("seed", 1);
    tuning.setMode("instant");
    expect(session.wishes[0]?.spec.config.seed).toBe(1);
  });
});
