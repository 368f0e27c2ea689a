// Pictures take turns: no frame holds more of them than it has time for, and whoever asked first is drawn first.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Inbox, type Manner } from "../../src/lib/frame";
import { Turns } from "../../src/lib/kit/turns";
import { stubChannel } from "../channel";

let now = 0;
let frames: (() => void)[] = [];
let deliver = (): void => undefined;

/** The browser draws a frame, and then does what was to be done after it. */
function frame(): void {
  for (const callback of frames.splice(0)) callback();
  deliver();
}

beforeEach(() => {
  [now, frames] = [0, []];
  vi.stubGlobal("performance", { now: () => now });
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
  deliver = stubChannel();
});
afterEach(() => vi.unstubAllGlobals());

/** Pictures that take so long each. What was drawn, frame by frame, stands in `drawn`. */
function pictures(costMs: number) {
  const turns = new Turns((call) => call());
  const drawn: string[][] = [[]];
  const asks = new Map<string, () => void>();
  const ask = (name: string): void => {
    const own = asks.get(name) ?? (() => {
      if (!turns.take(own)) return;
      now += costMs;
      drawn.at(-1)?.push(name);
    });
    asks.set(name, own);
    own();
  };
  const leave = (name: string): void => turns.leave(asks.get(name) ?? (() => undefined));
  return { drawn, ask, leave, frame: () => { drawn.push([]); frame(); } };
}

test("pictures that fit into a frame are drawn at once", () => {
  const { drawn, ask } = pictures(0.5);
  for (const name of "abcdefgh") ask(name);
  expect(drawn).toEqual([[..."abcdefgh"]]);
});

test("the others are drawn after it, in the order they asked, each once", () => {
  const { drawn, ask, frame } = pictures(1.5);
  for (const name of "abcdefgh") ask(name);
  for (const name of "gh") ask(name); // again: something has changed meanwhile
  for (let i = 0; i < 4; i += 1) frame();
  expect(drawn).toEqual([["a", "b", "c"], ["d", "e", "f"], ["g", "h"], [], []]);
  expect(frames).toEqual([]);
});

test("whoever asks while others wait waits behind them, also in a new frame", () => {
  const { drawn, ask, frame } = pictures(3);
  for (const name of "abcd") ask(name);
  ask("a");
  frame();
  ask("e");
  frame();
  frame();
  expect(drawn).toEqual([["a", "b"], ["c", "d"], ["a", "e"], []]);
});

test("a picture that takes longer than a frame has is drawn on its own", () => {
  const { drawn, ask, frame } = pictures(30);
  for (const name of "abc") ask(name);
  for (let i = 0; i < 3; i += 1) frame();
  expect(drawn).toEqual([["a"], ["b"], ["c"], []]);
});

test("one that is gone is not called, and one that need not be drawn takes nobody's turn", () => {
  const turns = new Turns((call) => call());
  const drawn: string[] = [];
  const first = (): void => void (turns.take(first) && drawn.push("first") && (now += 9));
  const gone = (): void => void drawn.push("gone");
  const idle = (): void => undefined;
  const last = (): void => void (turns.take(last) && drawn.push("last"));
  first();
  for (const call of [gone, idle, last]) expect(turns.take(call)).toBe(false);
  turns.leave(gone);
  frame();
  expect(drawn).toEqual(["first", "last"]);
});

test("a frame that takes in a stream draws no picture: it is drawn after it; what answers or is news is drawn at once", () => {
  const { drawn, ask, frame } = pictures(1);
  const inbox = new Inbox<Manner>((manners) => ask(manners.join("+")), (manner) => manner);
  vi.stubGlobal("setTimeout", () => 0);
  for (const manner of ["stream", "answer", "news"] as const) {
    inbox.put(manner);
    for (let i = 0; i < 4; i += 1) frame();
  }
  expect(drawn.findIndex((pictures) => pictures.includes("stream"))).toBe(2);
  expect(drawn.findIndex((pictures) => pictures.includes("answer"))).toBe(5);
  expect(drawn.findIndex((pictures) => pictures.includes("news"))).toBe(9);
});
