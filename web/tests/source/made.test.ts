// The sources as xtask made them, held against the files they were made from and against an engine: every name on the page leads to lines,
// every line to three explanations, every number to an address that the engine knows, in every preset.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Catalog, ClientMessage, Command, Experiment, Question, ServerMessage } from "../../src/lib/protocol/types";
import { NAMED, conceptOfAddress, conceptOfKind, conceptOfMatrix, conceptOfPhase } from "../../src/lib/source/concepts";
import { loadConcepts, loadFiles, loadTexts, type Concept } from "../../src/lib/source/data";
import { LANGUAGES } from "../../src/lib/source/language";
import { Listing } from "../../src/lib/source/listing";
import { addressOf, isActive, settingOf, toldIn, type Live } from "../../src/lib/source/live";
import { boxesOf } from "../../src/pages/lab/model/boxes";
import { phasesOf } from "../../src/pages/lab/model/phases";
import { initSync, Lab } from "../../wasm/glassgpt_wasm.js";

const ROOT = new URL("../../../", import.meta.url);
let concepts: readonly Concept[];

beforeAll(async () => {
  concepts = await loadConcepts();
  initSync({ module: readFileSync(new URL("../../wasm/glassgpt_wasm_bg.wasm", import.meta.url)) });
});

describe.each(LANGUAGES)("%s", (language) => {
  test("the lines are the files, letter by letter", async () => {
    const files = await loadFiles(language);
    const listing = new Listing(files);
    for (const [i, { path }] of files.entries()) expect(listing.text(i), path).toBe(readFileSync(new URL(path, ROOT), "utf8"));
  });

  test("every concept leads to lines, and every line back to its concept and to an explanation at each depth", async () => {
    const files = await loadFiles(language);
    const listing = new Listing(files);
    for (const { id, only } of concepts) {
      const wanted = only === null || only[0] === language;
      expect(listing.stretches(id).length > 0, id).toBe(wanted);
    }
    for (const [file, { explained }] of files.entries()) {
      for (const [line, id, entry] of explained) {
        const named = listing.entryAt({ file, line });
        expect(named?.concept).toBe(id);
        expect(listing.placeOf({ concept: id, ordinal: named?.ordinal ?? -1 })).toEqual({ file, line });
        const concept = concepts.find((one) => one.id === id);
        const texts = (await loadTexts(concept?.part ?? ""))[id]?.[entry] ?? [];
        expect(texts.filter((text) => text !== ""), `${id} ${entry}`).toHaveLength(3);
      }
    }
  });
});

test("whatever the page points at is a concept", () => {
  const known = new Set(concepts.map(({ id }) => id));
  expect(NAMED.filter((id) => !known.has(id))).toEqual([]);
  expect(["p2/layer0.q[3]", "p1/loss", "loss", "wte[1][0].m_hat", "layer0.mlp_fc2[0][1]", "node:9", "step:3/p0/probs[2]", "p0/logits.grad"].map(conceptOfAddress))
    .toEqual(["query", "cross-entropy", "mean-loss", "bias-correction", "mlp-down", "node", "softmax", "chain-rule"]);
  expect(conceptOfAddress("no address!")).toBeNull();
});

/** A lab that has trained a preset for a few steps. */
function trained(at: number): { experiment: Experiment; ask: (question: Question) => ServerMessage[] } {
  const lab = new Lab();
  const catalog = JSON.parse(lab.catalog()) as Catalog;
  const preset = catalog.presets[at]!;
  let id = 0;
  const say = (message: Omit<ClientMessage, "id">) => lab.receive(JSON.stringify({ id: ++id, ...message })).map(({ json }) => JSON.parse(json) as ServerMessage);
  const command = (one: Command) => say({ command: one });
  const started = command({ type: "start", spec: { config: { ...preset.config, n_layer: 2 }, corpus: { from: "named", name: preset.corpus } } });
  command({ type: "run", steps: 3, pace: null });
  while (lab.wait_ms() !== Infinity) lab.turn();
  const snapshot = started.flatMap((message) => (message.type === "snapshot" ? [message.snapshot.experiment] : message.type === "event" && message.event.type === "started" ? [message.event.experiment] : []))[0];
  if (snapshot === undefined || snapshot === null) throw new Error("the lab told of no experiment");
  return { experiment: snapshot, ask: (question) => say({ question }) };
}

test.each([0, 1, 2])("every number of every explanation can be read, preset %i", async (at) => {
  const { experiment, ask } = trained(at);
  const live: Live = { experiment, prefix: "step:2/", moment: "step:2/", parameter: "wte[0][0]", position: 1, layer: 1, head: 1 };
  const typed: Live = { ...live, prefix: "step:3/text:aa/" };
  const templates = new Set<string>();
  for (const { id, part, numbers, entries, summary } of concepts) {
    const texts = [summary, ...((await loadTexts(part))[id] ?? []).flat()];
    for (const name of [...numbers, ...entries.flatMap((entry) => entry.numbers), ...texts.flatMap((text) => toldIn(text, experiment))]) templates.add(name);
    for (const { when } of entries) if (when !== null) expect(settingOf(when[0], experiment), when[0]).not.toBeNull();
  }
  expect(templates.size).toBeGreaterThan(40);
  for (const of of [live, typed]) {
    for (const template of templates) {
      const [answer] = ask({ type: "read", addresses: [addressOf(template, of)] });
      expect(answer?.type, `${addressOf(template, of)}: ${JSON.stringify(answer).slice(0, 200)}`).toBe("answered");
    }
  }
});

test("every box of the map, every matrix and every phase has its lines; lines for other settings are told apart", () => {
  const { experiment } = trained(1);
  const known = new Set(concepts.map(({ id }) => id));
  const boxes = boxesOf(experiment.config, experiment.vocab.length, experiment.matrices);
  const named = [...boxes.map(({ kind }) => conceptOfKind(kind)), ...experiment.matrices.map(({ name }) => conceptOfMatrix(name)), ...phasesOf(boxes, experiment.matrices).map(conceptOfPhase)];
  expect(named.filter((id) => id === null || !known.has(id))).toEqual([]);
  const whens = concepts.flatMap(({ entries }) => entries.map(({ when }) => when)).filter((when) => when !== null);
  expect(whens.filter((when) => isActive(when, experiment)).map(([, value]) => value).sort()).toEqual(["cosine", "relu2"]);
});
