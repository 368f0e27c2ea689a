// The lab as the worker loads it, held against what CPython computed and against the protocol.
// Why on the built file: a compiler for another machine and another C library are what could change a number.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Catalog, ClientMessage, Command, Question, ServerMessage } from "../../src/lib/protocol/types.ts";
import { initSync, Lab, type Outgoing } from "../../wasm/glassgpt_wasm.js";

const GOLDEN = readFileSync(new URL("../../../crates/glassgpt-core/golden/blog-names.txt", import.meta.url), "utf8");

beforeAll(() => {
  initSync({ module: readFileSync(new URL("../../wasm/glassgpt_wasm_bg.wasm", import.meta.url)) });
});

const read = (outgoing: Outgoing[]) => outgoing.map(({ json }) => JSON.parse(json) as ServerMessage);

/** A lab, and the ways of talking to it. */
function open() {
  const lab = new Lab();
  const catalog = JSON.parse(lab.catalog()) as Catalog;
  let id = 0;
  const say = (message: Omit<ClientMessage, "id">) => lab.receive(JSON.stringify({ id: ++id, ...message }));
  const command = (command: Command) => read(say({ command }));
  const ask = (question: Question) => say({ question });
  const start = () => {
    const preset = catalog.presets[0]!;
    return command({ type: "start", spec: { config: preset.config, corpus: { from: "named", name: preset.corpus } } });
  };
  /** Trains until nothing runs any more; the messages on the way. */
  const rest = () => {
    const messages: ServerMessage[] = [];
    while (lab.wait_ms() !== Infinity) messages.push(...read(lab.turn()));
    return messages;
  };
  return { lab, catalog, command, ask, start, rest };
}

const kinds = (messages: ServerMessage[]) =>
  messages.map((message) => (message.type === "event" ? message.event.type : message.type));

const records = (messages: ServerMessage[]) =>
  messages.flatMap((message) =>
    message.type === "event" && message.event.type === "trained" ? message.event.records : [],
  );

const losses = (messages: ServerMessage[]) => records(messages).map((record) => record.loss);

describe("numbers", () => {
  test("a whole run prints microgpt.py's losses and writes its names", () => {
    const { command, start, rest } = open();
    start();
    command({ type: "run", steps: null, pace: null });
    const here = losses(rest());
    const expected = [...GOLDEN.matchAll(/^step \d+ loss (\S+)$/gm)].map(([, loss]) => Number(loss));
    expect(here).toHaveLength(1000);
    expect(here.map((loss) => loss.toFixed(4))).toEqual(expected.map((loss) => loss.toFixed(4)));
    for (const [i, loss] of here.entries()) {
      // Another C library: the last bits may differ.
      expect(Math.abs(loss - expected[i]!) / expected[i]!, `step ${i + 1}`).toBeLessThan(1.3e-15);
    }
    const sampling = { temperature: 0.5 };
    const written = command({ type: "sample", count: 20, sampling, prefix: "" });
    const samples = written.flatMap((message) =>
      message.type === "event" && message.event.type === "sampled" ? message.event.samples.samples : [],
    );
    expect(samples.map((sample) => sample.text)).toEqual(
      [...GOLDEN.matchAll(/^sample \d+ '(.*)'$/gm)].map(([, text]) => text),
    );
  });

  test("slices do not change a number", () => {
    const [a, b] = [open(), open()];
    a.start();
    b.start();
    a.command({ type: "run", steps: 40, pace: null });
    const stepped = Array.from({ length: 40 }, () => b.command({ type: "step" }));
    expect(losses(stepped.flat())).toEqual(losses(a.rest()));
  });
});

describe("messages", () => {
  test("the first start answers with everything, later ones with what happened", () => {
    const { catalog, start } = open();
    expect(catalog.presets[0]!.preset).toBe("blog");
    const first = start();
    expect(kinds(first)).toEqual(["snapshot", "done"]);
    expect(first[0]).toMatchObject({ session_id: "browser", snapshot: { seq: 0, step: 0, status: { phase: "ready" } } });
    expect(kinds(start())).toEqual(["started", "status_changed", "done"]);
  });

  test("what cannot be done or read is refused, and the lab goes on", () => {
    const { lab, command, start } = open();
    expect(command({ type: "step" })).toMatchObject([{ type: "refused", id: 1 }]);
    for (const text of ["", "{", "[]", '{"id":1', "nul", '{"id":"x"}']) {
      expect(read(lab.receive(text)), text).toMatchObject([{ type: "refused", id: null }]);
    }
    expect(read(lab.receive('{"id":9,"command":{"type":"leap"}}'))).toMatchObject([
      { type: "refused", id: 9, refusal: { field: null, message: expect.stringContaining("leap") } },
    ]);
    start();
    expect(command({ type: "seek", branch: null, step: 5 })).toMatchObject([{ type: "refused", refusal: { field: "step" } }]);
    expect(kinds(command({ type: "step" }))).toEqual(["trained", "status_changed", "done"]);
  });

  test("a pause is obeyed between slices, and a run at a pace waits", () => {
    const { lab, command, start } = open();
    start();
    expect(lab.wait_ms()).toBe(Infinity);
    let now = 1000; // the clock goes on only when told to: a busy machine may take any time between two lines
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    command({ type: "run", steps: null, pace: 5 });
    expect(lab.wait_ms()).toBe(0);
    expect(records(read(lab.turn()))).toHaveLength(1);
    expect(lab.wait_ms()).toBe(200);
    now += 150;
    expect(lab.wait_ms()).toBeCloseTo(50, 6);
    expect(lab.turn()).toEqual([]);
    now += 51;
    expect(lab.wait_ms()).toBe(0);
    expect(records(read(lab.turn()))).toHaveLength(1);
    clock.mockRestore();
    expect(kinds(command({ type: "set_pace", pace: null }))).toEqual(["status_changed", "done"]);
    expect(lab.wait_ms()).toBe(0);
    expect(records(read(lab.turn())).length).toBeGreaterThan(0);
    expect(command({ type: "pause" })).toMatchObject([{ event: { status: { phase: "paused" } } }, { type: "done" }]);
    expect(lab.wait_ms()).toBe(Infinity);
    expect(lab.turn()).toEqual([]);
  });
});

describe("readings", () => {
  test("the numbers of an answer travel beside it, in its order", () => {
    const { ask, start } = open();
    start();
    const [answered, ...others] = ask({ type: "read", addresses: ["wte", "p0/loss", "layer0.head0.weights"] });
    expect(others).toEqual([]);
    const message = JSON.parse(answered!.json) as ServerMessage;
    if (message.type !== "answered" || message.answer.type !== "readings") throw new Error(answered!.json);
    expect(message.answer.answer.map((reading) => reading.values)).toEqual([[], [], []]);
    expect(message.answer.answer.map((reading) => reading.shape.length)).toEqual([2, 0, 2]);
    expect(answered!.arrays.map((array) => array.constructor)).toEqual([Float64Array, Float64Array, Float64Array]);
    expect(answered!.arrays.map((array) => array.length)).toEqual([27 * 16, 1, 28]);
    expect(answered!.arrays[2]![0]).toBe(1);
  });

  test("what is watched comes with every slice and with its own memory", () => {
    const { lab, command, start } = open();
    start();
    command({ type: "observe", addresses: ["lm_head"] });
    command({ type: "run", steps: 3, pace: null });
    const observed: Float64Array[] = [];
    while (lab.wait_ms() === 0) {
      for (const { json, arrays } of lab.turn()) {
        const message = JSON.parse(json) as ServerMessage;
        if (message.type === "event" && message.event.type === "observed") observed.push(...arrays);
        else expect(arrays).toEqual([]);
      }
    }
    expect(observed.length).toBeGreaterThan(0);
    const first = observed[0]!;
    const kept = structuredClone(first);
    expect(structuredClone(first, { transfer: [first.buffer] })).toEqual(kept);
    expect(first).toHaveLength(0);
    expect(kinds(command({ type: "step" }))).toContain("observed");
  });

  test("numbers that are not finite stay what they are", () => {
    const { catalog, ask, command, rest } = open();
    const config = { ...catalog.presets[0]!.config, activation: "relu2" as const, learning_rate: 10, init_std: 10 };
    command({ type: "start", spec: { config, corpus: { from: "named", name: "names" } } });
    command({ type: "run", steps: null, pace: null });
    const last = rest().at(-1)!;
    if (last.type !== "event" || last.event.type !== "status_changed") throw new Error(JSON.stringify(last));
    const { phase, divergence } = last.event.status;
    expect(phase).toBe("diverged");
    const [answered] = ask({ type: "read", addresses: [divergence!.first!] });
    expect([...answered!.arrays[0]!]).toEqual([Infinity]);
  });
});
