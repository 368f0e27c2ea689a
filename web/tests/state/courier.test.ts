// Checks that every answer reaches whoever asked, once, and that nobody waits for ever.
import { describe, expect, it } from "vitest";
import type { ClientMessage } from "../../src/lib/protocol/types";
import { contentOf, Courier } from "../../src/lib/state/courier";

const LOST = { field: null, message: "lost" };

function office(listens = true) {
  const sent: ClientMessage[] = [];
  const courier = new Courier((message) => {
    if (listens) sent.push(message);
    return listens;
  }, LOST);
  return { sent, courier };
}

describe("the courier", () => {
  it("numbers messages and brings answers in any order", async () => {
    const { sent, courier } = office();
    const pause = courier.command({ type: "pause" });
    const csv = courier.question({ type: "loss_csv" });
    expect(sent).toEqual([{ id: 1, command: { type: "pause" } }, { id: 2, question: { type: "loss_csv" } }]);
    expect(courier.deliver({ type: "answered", id: 2, answer: { type: "text", answer: "step" } })).toBe(true);
    expect(courier.deliver({ type: "done", id: 1 })).toBe(true);
    expect(await pause).toBeNull();
    expect(await csv).toEqual({ answer: { type: "text", answer: "step" } });
  });

  it("brings refusals of commands and questions", async () => {
    const { courier } = office();
    const refusal = { field: "count", message: "too many" };
    const [command, question] = [courier.command({ type: "step" }), courier.question({ type: "trace" })];
    courier.deliver({ type: "refused", id: 1, refusal });
    courier.deliver({ type: "refused", id: 2, refusal });
    expect(await command).toEqual(refusal);
    expect(await question).toEqual({ refusal });
  });

  it("says at once that nobody listens", async () => {
    const { courier } = office(false);
    expect(await courier.command({ type: "step" })).toEqual(LOST);
    expect(await courier.question({ type: "trace" })).toEqual({ refusal: LOST });
  });

  it("tells all who wait when the conversation breaks, and forgets them", async () => {
    const { courier } = office();
    const waiting = courier.command({ type: "step" });
    courier.loseAll();
    expect(await waiting).toEqual(LOST);
    expect(courier.deliver({ type: "done", id: 1 })).toBe(false);
  });

  it("leaves to others what nobody asked for", () => {
    const { courier } = office();
    expect(courier.deliver({ type: "refused", id: null, refusal: LOST })).toBe(false);
    expect(courier.deliver({ type: "done", id: 99 })).toBe(false);
  });

  it("opens only the kind of answer expected", () => {
    expect(contentOf("text", { type: "text", answer: "a" })).toBe("a");
    expect(contentOf("details", { type: "text", answer: "a" })).toBeNull();
  });
});
