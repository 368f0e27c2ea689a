// Checks that numbers arrive as they left: from the worker as arrays, from the socket as JSON, not-a-number included.
import { describe, expect, it } from "vitest";
import { double, parse, spell, tensors, unpack, Verbatim } from "../../src/lib/engine/wire";
import type { Reading, ServerMessage } from "../../src/lib/protocol/types";
import { snapshot } from "../runs";

function reading(address: string, values: Reading["values"]): Reading {
  return { address, shape: [values.length], is_triangle: false, values };
}

function answered(readings: Reading[]): ServerMessage {
  return { type: "answered", id: 1, answer: { type: "readings", answer: readings } };
}

function numbersOf(message: ServerMessage): number[][] {
  if (message.type !== "answered" || message.answer.type !== "readings") throw new Error("no readings");
  return tensors(message.answer.answer).map(({ values }) => [...values]);
}

describe("readings", () => {
  it("come from the socket as doubles", () => {
    const message = parse(JSON.stringify(answered([reading("a", [1, "NaN", "-Infinity"]), reading("b", [0.1])])));
    expect(numbersOf(message)).toEqual([[1, NaN, -Infinity], [0.1]]);
  });

  it("come from the worker in order of appearance", () => {
    const json = JSON.stringify(answered([reading("a", []), reading("b", [])]));
    const message = unpack({ json, arrays: [Float64Array.of(1, NaN), Float64Array.of(2)] });
    expect(numbersOf(message)).toEqual([[1, NaN], [2]]);
  });

  it("are arrays wherever they appear", () => {
    const told = snapshot(3, 1, { readings: [reading("a", [1])] });
    const message = parse(JSON.stringify(told));
    expect(message.type === "snapshot" && tensors(message.snapshot.readings)[0]?.values).toEqual(Float64Array.of(1));
    const observed = parse(JSON.stringify({ type: "event", seq: 1, event: { type: "observed", readings: [reading("a", ["Infinity"])] } }));
    const several = parse(JSON.stringify({ type: "events", events: [{ seq: 2, event: { type: "observed", readings: [reading("a", ["NaN"])] } }] }));
    const last = several.type === "events" ? several.events.at(-1)?.event : undefined;
    expect(last?.type === "observed" && tensors(last.readings)[0]?.values).toEqual(Float64Array.of(NaN));
    expect(observed.type === "event" && observed.event.type === "observed" && tensors(observed.event.readings)[0]?.values).toEqual(Float64Array.of(Infinity));
  });

  it("go to the letter where someone else wrote them", () => {
    const twice = '{"format":"a","format":"b","zero":-0.0,"dollar":"$&"}';
    expect(spell({ id: 1, trace: new Verbatim(twice), zero: -0 })).toBe(`{"id":1,"trace":${twice},"zero":-0.0}`);
  });

  it("spell what JSON cannot", () => {
    expect([double(1.5), double("NaN"), double("Infinity"), double("-Infinity")]).toEqual([1.5, NaN, Infinity, -Infinity]);
  });
});
