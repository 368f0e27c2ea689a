// When messages are handed over: once a frame, a stream in every second one, and what cannot wait at once.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Inbox, restAfter } from "../../src/lib/frame";

let frames: (() => void)[] = [];

/** The browser draws a frame. */
function frame(): void {
  const due = frames;
  frames = [];
  for (const callback of due) callback();
}

function inbox() {
  const delivered: string[][] = [];
  return { delivered, box: new Inbox<string>((messages) => delivered.push(messages), (message) => message.startsWith("stream")) };
}

beforeEach(() => {
  frames = [];
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what comes between two frames is handed over together, in order", () => {
  const { box, delivered } = inbox();
  box.put("a");
  box.put("stream");
  box.put("b");
  expect(delivered).toEqual([]);
  frame();
  expect(delivered).toEqual([["a", "stream", "b"]]);
});

test("a stream is handed over in every second frame, and nothing of it is lost", () => {
  const { box, delivered } = inbox();
  for (const i of [0, 1, 2, 3, 4]) {
    box.put(`stream ${i}`);
    frame();
  }
  expect(delivered).toEqual([["stream 0"], ["stream 1", "stream 2"], ["stream 3", "stream 4"]]);
});

test("the dearer a drawing, the longer a stream rests, and the budget is kept up to ten pictures a second", () => {
  expect([0, 5, 12, 12.1, 30, 1000].map(restAfter)).toEqual([1, 1, 1, 2, 4, 5]);
  for (let cost = 0; cost <= 36; cost += 0.5) expect(cost / (restAfter(cost) + 1)).toBeLessThanOrEqual(6);
});

test("what drawings cost is measured, and the stream rests accordingly", () => {
  let now = 0;
  const posted: (() => void)[] = [];
  vi.stubGlobal("performance", { now: () => now });
  class Channel {
    port1 = { onmessage: (): void => undefined, close: (): void => undefined };
    port2 = { postMessage: () => posted.push(() => this.port1.onmessage()) };
  }
  vi.stubGlobal("MessageChannel", Channel);
  const { box, delivered } = inbox();
  const gaps: number[] = [];
  for (let i = 0, last = 0, told = 0; i < 200; i += 1) {
    box.put(`stream ${i}`);
    frame();
    if (delivered.length > told) {
      told = delivered.length;
      now += 20; // a drawing takes so long
      for (const callback of posted.splice(0)) callback();
      gaps.push(i - last);
      last = i;
    }
  }
  expect(gaps[1]).toBe(2);
  expect(gaps.at(-1)).toBe(4);
  expect(delivered.flat().length).toBeGreaterThan(190);
});

test("an answer does not wait, and takes along what does", () => {
  const { box, delivered } = inbox();
  box.put("stream 0");
  frame();
  box.put("stream 1");
  box.put("answer");
  frame();
  expect(delivered).toEqual([["stream 0"], ["stream 1", "answer"]]);
});

test("once nothing comes any more, no frame is asked for", () => {
  const { box, delivered } = inbox();
  box.put("stream");
  frame();
  frame();
  expect(frames).toEqual([]);
  box.put("stream again");
  frame();
  expect(delivered).toEqual([["stream"], ["stream again"]]);
});

test("what was flushed does not come again", () => {
  const { box, delivered } = inbox();
  box.put("a");
  box.flush();
  frame();
  vi.runAllTimers();
  expect(delivered).toEqual([["a"]]);
});

test("a hidden tab, which draws no frames, is told all the same", () => {
  const { box, delivered } = inbox();
  box.put("stream 0");
  vi.advanceTimersByTime(500);
  box.put("stream 1");
  vi.advanceTimersByTime(500);
  expect(delivered).toEqual([["stream 0"], ["stream 1"]]);
});
