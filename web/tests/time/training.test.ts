// Checks the columns of a growing run, what happened along its branches, its writing in order, and the way out of a divergence.
import { describe, expect, it } from "vitest";
import type { Branch, Settings } from "../../src/lib/protocol/types";
import { changesOf, forksTo, lineage, turnsTo } from "../../src/pages/lab/training/branches";
import { averages, curvesOf, Growing, sparse, stepsTo } from "../../src/pages/lab/training/curves";
import { rowAt, timelineOf } from "../../src/pages/lab/training/timeline";
import { wayOut } from "../../src/pages/lab/training/wayOut";
import { readForm } from "../../src/pages/lab/now/writing.svelte";
import { automatic, experiment, live, record, settings } from "../runs";

const records = (n: number) => Array.from({ length: n }, (_, i) => record(i + 1));

describe("columns", () => {
  it("begin before the first step and hold every record", () => {
    const { x, loss, smoothed_loss } = new Growing().of(records(3));
    expect([...x]).toEqual([0, 1, 2, 3]);
    expect([...loss]).toEqual([NaN, record(1).loss, record(2).loss, record(3).loss]);
    expect(smoothed_loss[3]).toBe(record(3).smoothed_loss);
  });

  it("grow with the run, beyond any room they had, and leave earlier windows alone", () => {
    const growing = new Growing();
    const some = records(5);
    const before = growing.of(some);
    const all = some.concat(records(3000).slice(5));
    const after = growing.of(all);
    expect(before.loss.length).toBe(6);
    expect([...after.loss.subarray(1)]).toEqual(all.map(({ loss }) => loss));
    expect(after.x.length).toBe(3001);
  });

  it("begin anew for another run, though it be longer", () => {
    const growing = new Growing();
    growing.of(records(2));
    const other = records(3).map((one) => ({ ...one, loss: 9 }));
    expect([...growing.of(other).loss]).toEqual([NaN, 9, 9, 9]);
    expect([...growing.of(records(1)).loss]).toEqual([NaN, record(1).loss]);
  });

  it("are found again by whoever follows more slowly", () => {
    const slow = records(2);
    const curves = curvesOf(slow);
    curvesOf(slow.concat(records(4).slice(2)));
    expect(curvesOf(slow)).toBe(curves);
  });

  it("know the steps, the averages of ended runs, and what was measured now and then", () => {
    expect([...stepsTo(2)]).toEqual([0, 1, 2]);
    expect([...averages(records(1))]).toEqual([NaN, record(1).smoothed_loss]);
    expect([...sparse([{ step: 0, loss: 3 }, { step: 2, loss: null }, { step: 3, loss: 2 }], 4)]).toEqual([3, NaN, NaN, 2]);
  });
});

describe("branches", () => {
  const bold: Settings = { ...settings, learning_rate: 0.02 };
  const root: Branch = { id: 0, parent: null, begin: 0, end: 9, changes: [{ step: 0, settings }, { step: 2, settings: bold }, { step: 8, settings }] };
  const fork: Branch = { id: 1, parent: 0, begin: 5, end: 7, changes: [{ step: 5, settings: bold }, { step: 6, settings: { ...bold, schedule: "cosine" } }] };
  const other: Branch = { id: 2, parent: 0, begin: 1, end: 3, changes: [{ step: 1, settings }] };
  const all = [root, fork, other];

  it("know where they come from", () => {
    expect(lineage(all, 1).map(({ id }) => id)).toEqual([0, 1]);
    expect(forksTo(all, 1)).toEqual([{ step: 5, branch: 1 }]);
    expect(forksTo(all, 0)).toEqual([]);
  });

  it("tell the changes on the way, but none that came after they had left", () => {
    expect(turnsTo(all, 1)).toEqual([{ step: 2, words: "learning rate 0.02" }, { step: 6, words: "cosine schedule" }]);
    expect(turnsTo(all, 2)).toEqual([]);
    expect(turnsTo(all, 0).map(({ step }) => step)).toEqual([2, 8]);
    expect(changesOf(all, 1)).toEqual(["cosine schedule, after step 6"]);
    expect(changesOf(all, 0)).toEqual(["learning rate 0.02, after step 2", "learning rate 0.01, after step 8"]);
  });

  it("see that a branch began with other settings than those it left", () => {
    const changed = { ...other, changes: [{ step: 1, settings: bold }] };
    expect(turnsTo([root, changed], 2)).toEqual([{ step: 1, words: "learning rate 0.02" }]);
    expect(changesOf([root, changed], 2)).toEqual(["learning rate 0.02, after step 1"]);
  });
});

describe("the timeline", () => {
  const rows = timelineOf(automatic(0, 4), [live(0), live(1), live(3)]);

  it("is in order of steps, live before kept", () => {
    expect(rows.map(({ step, kind }) => `${kind} ${step}`)).toEqual(["live 0", "automatic 0", "live 1", "automatic 2", "live 3", "automatic 4"]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  it("finds the row of a moment", () => {
    expect(rows[rowAt(rows, 2)]?.step).toBe(2);
    expect(rows[rowAt(rows, 3)]?.step).toBe(3);
    expect(rowAt(rows.slice(2), 0)).toBe(-1);
  });
});

describe("the way out of a divergence", () => {
  it("is a calmer start if nothing was learned, else smaller steps", () => {
    expect(wayOut({ ...experiment.config, init_std: 10 }, 0.01, 0, 0.08)).toEqual({ setting: "init_std", value: 0.08 });
    expect(wayOut(experiment.config, 10, 3, 0.08)).toEqual({ setting: "learning_rate", value: 1 });
    expect(wayOut(experiment.config, 0.3, 3, 0.08)?.value).toBe(0.03);
  });

  it("suggests nothing it does not believe in", () => expect(wayOut(experiment.config, 0.01, 0, 0.08)).toBeNull());
});

describe("the form for writing", () => {
  const typed = { count: "20", temperature: "0.5", top_k: "", top_p: "", prefix: "" };

  it("asks for no more than was typed", () => {
    expect(readForm(typed)).toEqual({ count: 20, sampling: { temperature: 0.5 } });
    expect(readForm({ ...typed, top_k: "3", top_p: "0.9" })).toEqual({ count: 20, sampling: { temperature: 0.5, top_k: 3, top_p: 0.9 } });
  });

  it("names every field it cannot read", () => {
    const read = readForm({ count: "1.5", temperature: "", top_k: "x", top_p: "y", prefix: "" });
    expect("faults" in read && Object.keys(read.faults)).toEqual(["count", "temperature", "top_k", "top_p"]);
  });
});
