// Checks instant mode: the latest wish wins, a quick training is finished, a slow one gives way.
import { describe, expect, it } from "vitest";
import type { Refusal, Spec } from "../../src/lib/protocol/types";
import { Retraining, type Wish } from "../../src/lib/state/retraining";
import { experiment } from "../runs";

function wish(seed: number): Wish {
  const spec: Spec = { config: { ...experiment.config, seed }, corpus: { from: "named", name: "names" } };
  return { spec, standAt: "end" };
}

/** A trainer that ends when told to. */
function bench(patienceMs = 100) {
  const clock = { now: 0 };
  const began: { seed: number; signal: AbortSignal; end: (refusal?: Refusal) => void }[] = [];
  const retraining = new Retraining(
    ({ spec }, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(null));
        began.push({ seed: spec.config.seed, signal, end: (refusal) => resolve(refusal ?? null) });
      }),
    patienceMs,
    () => clock.now,
  );
  return { clock, began, retraining, seeds: () => began.map(({ seed }) => seed) };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));

describe("instant mode", () => {
  it("trains a wish at once", async () => {
    const { retraining, began } = bench();
    const outcome = retraining.wish(wish(1));
    expect(retraining.busy).toBe(true);
    began[0]?.end();
    expect(await outcome).toEqual({ type: "trained" });
    expect(retraining.busy).toBe(false);
  });

  it("finishes a quick training and then trains the latest wish only", async () => {
    const { retraining, began, seeds } = bench();
    void retraining.wish(wish(1));
    const overtaken = retraining.wish(wish(2));
    const latest = retraining.wish(wish(3));
    expect(await overtaken).toEqual({ type: "overtaken" });
    expect(seeds()).toEqual([1]);
    began[0]?.end();
    await tick();
    expect(seeds()).toEqual([1, 3]);
    began[1]?.end();
    expect(await latest).toEqual({ type: "trained" });
  });

  it("gives up a slow training for a newer wish", async () => {
    const { retraining, began, seeds, clock } = bench(100);
    const slow = retraining.wish(wish(1));
    clock.now = 101;
    void retraining.wish(wish(2));
    expect(began[0]?.signal.aborted).toBe(true);
    expect(await slow).toEqual({ type: "overtaken" });
    await tick();
    expect(seeds()).toEqual([1, 2]);
  });

  it("tells a refusal and goes on with what waits", async () => {
    const { retraining, began, seeds } = bench();
    const refused = retraining.wish(wish(1));
    void retraining.wish(wish(2));
    const refusal = { field: "n_head", message: "no" };
    began[0]?.end(refusal);
    expect(await refused).toEqual({ type: "refused", refusal });
    await tick();
    expect(seeds()).toEqual([1, 2]);
  });

  it("can be cancelled altogether", async () => {
    const { retraining } = bench();
    const [first, second] = [retraining.wish(wish(1)), retraining.wish(wish(2))];
    retraining.cancel();
    expect(await first).toEqual({ type: "overtaken" });
    expect(await second).toEqual({ type: "overtaken" });
    await tick();
    expect(retraining.busy).toBe(false);
  });
});
