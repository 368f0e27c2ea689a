// Checks the form apart from the page: what it follows, what it sends, what it never loses.
import { beforeEach, describe, expect, it } from "vitest";
import type { Experiment } from "../../src/lib/protocol/types";
import { Corpora } from "../../src/lib/state/corpora.svelte";
import { Draft, OWN } from "../../src/lib/state/draft.svelte";
import { experiment } from "../runs";
import { catalog } from "./catalog";

const named = { from: "named", name: "letters" } as const;
const blog: Experiment = { ...experiment, config: { ...experiment.config, steps: 1000 } };
let corpora: Corpora;
let draft: Draft;

beforeEach(() => {
  corpora = new Corpora();
  draft = new Draft(corpora);
  draft.follow(blog, named, catalog, false);
});

describe("the form", () => {
  it("shows the experiment on screen, and is no change of it", () => {
    expect(draft.form.texts.steps).toBe("1000");
    expect(draft.changed).toBe(false);
    expect(draft.past.canUndo).toBe(false);
    expect(draft.preset(catalog)).toBe("blog");
  });

  it("follows another experiment, but not over someone's edit, nor while a wish is under way", () => {
    draft.follow({ ...blog, config: { ...blog.config, seed: 7 } }, named, catalog, false);
    expect(draft.form.texts.seed).toBe("7");
    draft.write("seed", "8");
    draft.follow({ ...blog, config: { ...blog.config, seed: 9 } }, named, catalog, false);
    expect(draft.form.texts.seed).toBe("8");
    draft.write("seed", "9");
    expect(draft.changed).toBe(false);
    draft.follow({ ...blog, config: { ...blog.config, seed: 10 } }, named, catalog, true);
    expect(draft.form.texts.seed).toBe("9");
  });

  it("sends what is typed, or names what cannot be read", () => {
    draft.write("n_head", "3");
    expect(draft.spec(catalog)?.config.n_head).toBe(3);
    expect(draft.plausible(catalog)).toBe(false);
    draft.write("n_head", "x");
    expect(draft.spec(catalog)).toBeNull();
    expect(draft.faults["n_head"]).toContain("whole number");
    expect(draft.form.texts.n_head).toBe("x");
  });

  it("names the bound of a whole number that cannot be said to the engine", () => {
    const max = catalog.limits.steps;
    draft.write("samples_every", "-1");
    expect(draft.spec(catalog)).toBeNull();
    expect(draft.faults).toEqual({ samples_every: `samples_every is -1; it must be a whole number from 1 to ${max}.` });
    draft.write("samples_every", "0");
    expect(draft.spec(catalog)?.samples_every, "the engine judges what it can be told").toBe(0);
    draft.write("steps", "5000000000");
    expect(draft.spec(catalog)).toBeNull();
    expect(draft.faults["steps"]).toBe(`steps is 5000000000; it must be a whole number from 1 to ${max}.`);
    draft.write("steps", "100");
    draft.write("seed", "-1");
    expect(draft.spec(catalog)?.config.seed).toBe(-1);
  });

  it("puts an objection to heads and width where the eye is", () => {
    draft.write("n_embd", "18");
    draft.refuse({ field: "n_head", message: "no" });
    expect(draft.faults).toEqual({ n_embd: "no" });
    draft.write("n_head", "3");
    expect(draft.faults).toEqual({});
  });

  it("says what a preset changes, and what resets lead back to", () => {
    const [, gist] = catalog.presets;
    if (gist === undefined) throw new Error("no gist");
    expect(draft.changesTo(gist)).toEqual([
      { name: "steps", from: "1,000", to: "500" },
      { name: "schedule", from: "linear", to: "cosine" },
      { name: "zero_init", from: "off", to: "on" },
    ]);
    draft.choosePreset(gist);
    expect(draft.preset(catalog)).toBe("gist");
    draft.write("steps", "600");
    expect(draft.preset(catalog)).toBeNull();
    expect(draft.usual("steps", catalog)).toBe(500);
    expect(draft.isUsual("steps", catalog)).toBe(false);
  });
});

describe("undo", () => {
  it("takes a whole drag as one step, and redo brings it back", () => {
    draft.write("n_layer", "2");
    draft.write("n_layer", "3");
    draft.past.seal();
    draft.write("n_layer", "4");
    expect(draft.undo()).toBe(true);
    expect(draft.form.texts.n_layer).toBe("3");
    draft.undo();
    expect(draft.form.texts.n_layer).toBe("1");
    expect(draft.undo()).toBe(false);
    draft.redo();
    expect(draft.form.texts.n_layer).toBe("3");
    draft.write("seed", "1");
    expect(draft.past.canRedo).toBe(false);
  });

  it("brings back what was taken back", () => {
    draft.write("seed", "1");
    draft.restore();
    expect(draft.form.texts.seed).toBe("42");
    draft.undo();
    expect(draft.form.texts.seed).toBe("1");
  });
});

describe("a text of one's own", () => {
  it("stays while another corpus is chosen, and in a new form of the same tab", () => {
    draft.writeOwn("mine", "ab\nba");
    draft.choose("corpus", { corpus: OWN });
    draft.choose("corpus", { corpus: "startups" });
    expect(draft.ownText).toBe("ab\nba");
    expect(new Draft(corpora).ownText).toBe("ab\nba");
    expect(draft.source()).toEqual({ from: "named", name: "startups" });
    draft.choose("corpus", { corpus: OWN });
    expect(draft.source()).toEqual({ from: "text", name: "mine", text: "ab\nba" });
  });

  it("is put aside, not overwritten, when another is taken up", () => {
    draft.writeOwn("mine", "ab\nba");
    draft.edit("file.txt", "xy");
    expect(corpora.brought("mine")?.text).toBe("ab\nba");
    expect(draft.ownName).toBe("file.txt");
    draft.edit("file.txt", "xyz");
    expect(corpora.brought("file.txt (before)")?.text).toBe("xy");
  });

  it("is not overwritten when a run on another text comes to the screen", () => {
    draft.writeOwn("mine", "ab\nba");
    draft.follow({ ...blog, corpus: "theirs" }, { from: "text", name: "theirs", text: "zz" }, catalog, false);
    expect(draft.source()).toEqual({ from: "text", name: "theirs", text: "zz" });
    expect(corpora.brought("mine")?.text).toBe("ab\nba");
  });

  it("may not go by the name of a corpus that is built in", () => {
    draft.writeOwn("letters", "ab");
    draft.choose("corpus", { corpus: OWN });
    expect(draft.spec(catalog)).toBeNull();
    expect(draft.faults["corpus"]).toContain("built in");
  });

  it("that is not known in this tab is asked for", () => {
    draft.follow({ ...blog, corpus: "gone" }, null, catalog, false);
    expect(draft.unknownCorpus).toBe("gone");
    expect(draft.form.corpus).toBe(OWN);
    expect(draft.peek(catalog)).toBeNull();
  });
});
