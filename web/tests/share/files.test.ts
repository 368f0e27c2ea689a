// What files are called, what a brought file is told to be, and what a link leaves out.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, spell } from "../../src/lib/engine/wire";
import { broughtIn, changesOnTheWay, fileName } from "../../src/pages/lab/share/files";
import type { Run } from "../../src/lib/protocol/reduce";
import { nothingHeard, reduce } from "../../src/lib/protocol/reduce";
import { branch, experiment, settings, snapshot } from "../runs";

function runAt(step: number, more: Partial<Run> = {}): Run {
  const { run } = reduce(nothingHeard, snapshot(1, step));
  if (run === null) throw new Error("a snapshot makes a run");
  return { ...run, ...more };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a file's name", () => {
  test("says preset, corpus and step", () => {
    expect(fileName(runAt(7), "model")).toBe("glassgpt-own-letters-step7.model.json");
    const blog = runAt(10, { experiment: { ...experiment, preset: "blog" }, step: 4 });
    expect(fileName(blog, "safetensors")).toBe("glassgpt-blog-letters-step4.safetensors");
    expect(fileName(blog, "trace")).toBe("glassgpt-blog-letters-step10.trace.json");
    expect(fileName(blog, "loss")).toBe("glassgpt-blog-letters-step10.loss.csv");
  });

  test("is one for any corpus", () => {
    const name = (corpus: string): string => fileName(runAt(1, { experiment: { ...experiment, corpus } }), "loss");
    expect(name("my diary / 2024.txt")).toBe("glassgpt-own-my-diary-2024-txt-step1.loss.csv");
    expect(name("日本の町")).toBe("glassgpt-own-日本の町-step1.loss.csv");
    fc.assert(fc.property(fc.string({ unit: "binary" }), (corpus) => { expect(name(corpus)).toMatch(/^glassgpt-own-(?:[\p{L}\p{N}-]+-)?step1\.loss\.csv$/u); }));
  });
});

describe("a file that was brought", () => {
  test("is a trace or a model if it says so", () => {
    const trace = '{"format":"glassgpt-trace","version":1}';
    expect(broughtIn(bytes(trace))).toEqual({ type: "trace", trace: { format: "glassgpt-trace", version: 1 }, text: trace });
    const model = '{"format":"glassgpt-model","version":1,\n"config":{}}\n';
    expect(broughtIn(bytes(model))).toEqual({ type: "model", text: model });
  });

  test("is told apart from everything else", () => {
    const fault = (what: Uint8Array): unknown => ("fault" in broughtIn(what) ? (broughtIn(what) as { fault: string }).fault : null);
    expect(fault(bytes("emma\nolivia\n"))).toBe("notJson");
    expect(fault(bytes(""))).toBe("notJson");
    expect(fault(bytes('{"format":"glassgpt-trace","ver'))).toBe("cut");
    expect(fault(bytes('{"format":"onnx"}'))).toBe("foreign");
    expect(fault(bytes("[1, 2]"))).toBe("foreign");
    expect(fault(bytes("null"))).toBe("foreign");
    expect(fault(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff))).toBe("notText");
    expect(fault(Uint8Array.of(16, 2, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0x61))).toBe("safetensors");
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (any) => { expect(fault(any)).not.toBeNull(); }));
  });
});

describe("changes on the way", () => {
  const at = (step: number, learning_rate: number, temperature = 0.5) => ({ step, settings: { ...settings, learning_rate, temperature } });

  test("are those of learning rate and schedule, along the present line", () => {
    expect(changesOnTheWay(runAt(10))).toBe(0);
    const first = { ...branch(10), changes: [at(0, 0.01), at(3, 0.02), at(5, 0.02, 0.9), at(8, 0.03)] };
    expect(changesOnTheWay(runAt(10, { branches: [first] }))).toBe(2);
    expect(changesOnTheWay(runAt(4, { branches: [first] }))).toBe(1);
    const child = { id: 1, parent: 0, begin: 4, end: 9, changes: [at(4, 0.02), at(6, 0.005)] };
    expect(changesOnTheWay(runAt(9, { branches: [first, child], branch: 1 }))).toBe(2);
  });
});

test("written numbers keep every bit, −0 as well", () => {
  const read = (text: string): unknown => JSON.parse(text);
  expect(spell({ x: [-0, 0, 1.5] })).toBe('{"x":[-0.0,0,1.5]}');
  fc.assert(fc.property(fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ unit: "binary" }))), (list) => { expect(read(spell(list))).toEqual(list); }));
  expect(parse('{"type":"done","id":1}')).toEqual({ type: "done", id: 1 });
});
