// An engine beside the page, in the test itself: the same lab as WebAssembly in Node. What it answers is what the page must show.
import { readFileSync } from "node:fs";
import { unpack } from "../src/lib/engine/wire";
import type { Answer, Catalog, Preset, Question, ServerMessage } from "../src/lib/protocol/types";
import { initSync, Lab } from "../wasm/glassgpt_wasm.js";

/** Trains a preset to its end, and gives the way to ask it. */
export function trained(preset: Preset): (question: Question) => Answer {
  initSync({ module: readFileSync(new URL("../wasm/glassgpt_wasm_bg.wasm", import.meta.url)) });
  const lab = new Lab();
  let id = 0;
  const say = (message: object): ServerMessage[] =>
    lab.receive(JSON.stringify({ id: ++id, ...message })).map((parcel) => unpack(parcel));
  const entry = (JSON.parse(lab.catalog()) as Catalog).presets.find((one) => one.preset === preset);
  if (entry === undefined) throw new Error(`there is no preset ${preset}`);
  say({ command: { type: "start", spec: { config: entry.config, corpus: { from: "named", name: entry.corpus } } } });
  say({ command: { type: "run", steps: null, pace: null } });
  while (lab.wait_ms() !== Infinity) lab.turn();
  return (question) => {
    const answered = say({ question }).find((message) => message.type === "answered");
    if (answered === undefined) throw new Error("the engine did not answer");
    return answered.answer;
  };
}
