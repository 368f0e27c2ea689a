// The formulas say what the settings make them, and every number they are shown with is one that an engine explains.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unpack } from "../../src/lib/engine/wire";
import { plain } from "../../src/lib/math/mathml";
import { m } from "../../src/lib/messages/en/reference/formulas";
import type { Answer, Catalog, ClientMessage, Config, Experiment, Term } from "../../src/lib/protocol/types";
import { addressOf, type Live } from "../../src/lib/source/live";
import { FORMULA_IDS, FORMULAS, type FormulaId, type Here } from "../../src/pages/reference/formulas/formulas";
import { initSync, Lab } from "../../wasm/glassgpt_wasm.js";

initSync({ module: readFileSync(new URL("../../wasm/glassgpt_wasm_bg.wasm", import.meta.url)) });

/** A lab that has trained a preset, with two layers, for a few steps. */
function trained(at: number): { experiment: Experiment; ask: (message: Omit<ClientMessage, "id">) => Answer } {
  const lab = new Lab();
  let id = 0;
  const say = (message: Omit<ClientMessage, "id">) => lab.receive(JSON.stringify({ id: ++id, ...message })).map(unpack);
  const preset = (JSON.parse(lab.catalog()) as Catalog).presets[at]!;
  const started = say({ command: { type: "start", spec: { config: { ...preset.config, n_layer: 2 }, corpus: { from: "named", name: preset.corpus } } } });
  say({ command: { type: "run", steps: 3, pace: null } });
  while (lab.wait_ms() !== Infinity) lab.turn();
  const experiment = started.flatMap((message) => (message.type === "snapshot" ? [message.snapshot.experiment] : message.type === "event" && message.event.type === "started" ? [message.event.experiment] : []))[0];
  if (experiment === undefined) throw new Error("the lab told of no experiment");
  const ask = (message: Omit<ClientMessage, "id">): Answer => {
    const answered = say(message).find(({ type }) => type === "answered");
    if (answered?.type !== "answered") throw new Error(`no answer to ${JSON.stringify(message)}`);
    return answered.answer;
  };
  return { experiment, ask };
}

const whole = (id: FormulaId, config: Config): string => plain(FORMULAS[id].math(config));

describe.each([0, 1, 2])("preset %i", (at) => {
  const { experiment, ask } = trained(at);
  const { config } = experiment;
  const live: Live = { experiment, prefix: "step:2/", moment: "step:2/", parameter: "wte[1][3]", position: 1, layer: 1, head: 2 };
  const here: Here = { config, position: 1, layer: 1, head: 2, target: 4, unit: 5, parameter: live.parameter };

  test("every number shown is one that the engine accounts for", () => {
    const names = FORMULA_IDS.flatMap((id) => FORMULAS[id].instances(here)).flatMap((one) => (one.kind === "why" ? [one.name] : []));
    expect(names.length).toBeGreaterThan(25);
    for (const name of names) {
      const answer = ask({ question: { type: "why", address: addressOf(name, live), depth: 0, limit: 1 } });
      expect(answer.type === "ladder" ? answer.answer.rungs[0]?.made.how : answer.type, name).toMatch(/^(computed|same)$/);
    }
  });

  test("the gradient of a logit is what the short formula says", () => {
    const read = (names: string[]): number[] => {
      const answer = ask({ question: { type: "read", addresses: names.map((name) => `step:2/${name}`) } });
      return answer.type === "readings" ? answer.answer.flatMap(({ values }) => [...values].map(Number)) : [];
    };
    const losses = read(["p*/loss"]).length;
    const [probability = NaN, gradient = NaN] = read(["p0/probs[0]", "p0/logits[0].grad"]);
    const came = ask({ question: { type: "lens", at: { step: 2, text: null }, interventions: [] } });
    const y = came.type === "lens" ? came.answer.tokens[1] : NaN;
    expect(gradient).toBeCloseTo((probability - (y === 0 ? 1 : 0)) / losses, 12);
  });

  test("the learning rate stands where the page looks for it", () => {
    const answer = ask({ question: { type: "why", address: "step:2/wte[1][3].update", depth: 0, limit: 1 } });
    const made = answer.type === "ladder" ? answer.answer.rungs[0]?.made : undefined;
    const term: Term | undefined = made?.how === "computed" ? made.term : undefined;
    const rate = term?.op === "quotient" && term.of.op === "product" ? term.of.factors[0] : undefined;
    const expected = { linear: 1 - 2 / config.steps, cosine: 0.5 * (1 + Math.cos((Math.PI * 2) / config.steps)), constant: 1 }[config.schedule];
    expect(rate?.op === "constant" ? Number(rate.value) : NaN).toBeCloseTo(config.learning_rate * expected, 12);
  });

  test("activation and schedule are those of the settings", () => {
    expect(whole("mlp", config).endsWith("^2")).toBe(config.activation === "relu2");
    expect(FORMULAS.mlp.instances(here).length).toBe(config.activation === "relu2" ? 3 : 2);
    expect(whole("schedule", config).includes("cos")).toBe(config.schedule === "cosine");
    expect(m.words.mlp[config.activation]).toMatch(config.activation === "relu2" ? /squared/ : /becomes 0/);
  });
});

test("every formula has a title and words, and is an equation or an update", () => {
  const config = { activation: "relu", schedule: "linear" } as Config;
  expect(Object.keys(m.titles)).toEqual(FORMULA_IDS);
  expect(Object.keys(m.words)).toEqual(FORMULA_IDS);
  for (const id of FORMULA_IDS) expect(whole(id, config), id).toMatch(/[=←]/);
  expect(whole("update", config)).toBe("θ ← θ − η_t (m̂) / (√(v̂) + ε)");
  expect(whole("gradient", config)).toBe("(∂ L) / (∂ z_i) = (p̂_i − [ i = y ]) / (n)");
});
