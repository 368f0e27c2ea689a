// What explanations become beside a model: addresses at the selection, settings in words, lines that are not used.
import { expect, test } from "vitest";
import type { Experiment } from "../../src/lib/protocol/types";
import { addressOf, isActive, loopsIn, piecesOf, settingOf, shortName, toldIn, type Live } from "../../src/lib/source/live";
import { scriptsOf } from "../../src/lib/source/scripts";

const experiment = {
  config: { n_embd: 16, n_head: 4, seed: 1234, learning_rate: 0.01, zero_init: true, activation: "relu" },
  vocab: ["a", "b", "BOS"], num_params: 4192, num_docs: 2, matrices: [{ name: "wte", rows: 3, cols: 16 }, { name: "layer1.attn_wq", rows: 16, cols: 16 }],
} as unknown as Experiment;
const live: Live = { experiment, prefix: "step:7/text:ab/", moment: "step:6/", parameter: "wte[2][0]", position: 3, layer: 1, head: 2 };

test("loops of an address stand where the selection stands", () => {
  expect(addressOf("pP/layerL.headH.weights", live)).toBe("step:7/text:ab/p3/layer1.head2.weights");
  expect(addressOf("p*/layerL.k", live)).toBe("step:7/text:ab/p*/layer1.k");
  expect(addressOf("loss", live)).toBe("step:7/text:ab/loss");
  expect(loopsIn(["pP/layerL.q", "loss"])).toEqual(["position", "layer"]);
  expect(loopsIn(["p*/loss"])).toEqual([]);
  expect(["step:7/text:ab/p3/layer1.head2.weights", "step:6/wte[2][0].m", "step:1/loss"].map(shortName)).toEqual(["weights", "wte[2][0].m", "loss"]);
});

test("parameters are read at the moment of the run, whatever text is read", () => {
  expect(addressOf("PARAMETER.m_hat", live)).toBe("step:6/wte[2][0].m_hat");
  expect(addressOf("wte[0].grad", live)).toBe("step:6/wte[0].grad");
  expect(addressOf("layerL.attn_wq[0]", live)).toBe("step:6/layer1.attn_wq[0]");
});

test("words, code and names are told apart", () => {
  expect(piecesOf("Here {n_embd}, as `f(x)` says.")).toEqual([
    { kind: "text", text: "Here " }, { kind: "name", text: "n_embd" }, { kind: "text", text: ", as " }, { kind: "code", text: "f(x)" }, { kind: "text", text: " says." },
  ]);
  expect(toldIn("{n_embd} and {loss} and {pP/loss}", experiment)).toEqual(["loss", "pP/loss"]);
});

test("settings and sizes are those of the model on screen", () => {
  const said = ["n_embd", "head_dim", "hidden", "vocab_size", "bos", "num_params", "seed", "learning_rate", "zero_init", "activation", "loss"].map((name) => settingOf(name, experiment));
  expect(said).toEqual(["16", "4", "64", "3", "2", "4,192", "1234", "0.01", "yes", "relu", null]);
  expect(settingOf("n_embd", null)).toBe("n_embd");
  expect(settingOf("nothing", experiment)).toBeNull();
});

test("a line is out of use only when the setting says so", () => {
  expect(isActive(["activation", "relu2"], experiment)).toBe(false);
  expect(isActive(["activation", "relu"], experiment)).toBe(true);
  expect(isActive(null, experiment)).toBe(true);
  expect(isActive(["activation", "relu2"], null)).toBe(true);
});

test("raised and lowered letters are set as such", () => {
  expect(scriptsOf("wⱼ · xⁿ⁻¹")).toEqual([
    { kind: "plain", text: "w" }, { kind: "sub", text: "j" }, { kind: "plain", text: " · x" }, { kind: "sup", text: "n−1" },
  ]);
  expect(scriptsOf("W_q")).toEqual([{ kind: "plain", text: "W" }, { kind: "sub", text: "q" }]);
  expect(scriptsOf("lm_head init_std")).toEqual([{ kind: "plain", text: "lm_head init_std" }]);
});
