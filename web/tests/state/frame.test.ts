// When messages are handed over: once a frame, a stream in every second one, answers on their own, and news at once.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Aside } from "../../src/lib/aside";
import { Inbox, owedAfter, type Manner } from "../../src/lib/frame";
import { stubChannel } from "../channel";

function mannerOf(message: string): Manner {
  return message.startsWith("stream") ? "stream" : message.startsWith("answer") ? "answer" : "news";
}

let frames: (() => void)[] = [];

/** The browser draws a frame. */
function frame(): void {
  const due = frames;
  frames = [];
  for (const callback of due) callback();
}

function inbox() {
  const delivered: string[][] = [];
  return { delivered, box: new Inbox<string>((messages) => delivered.push(messages), mannerOf) };
}

/** An inbox on a machine where a drawing takes so long. */
function inboxThatTakes(costMs: number) {
  let now = 0;
  const deliver = stubChannel();
  vi.stubGlobal("performance", { now: () => now });
  const { box, delivered } = inbox();
  return {
    delivered,
    box: {
      put: (message: string) => box.put(message),
      get spentMs() { return now; },
      spend(ms: number): void { now += ms; },
      /** The browser draws a frame. Says whether it has something new. */
      frame(): boolean {
        const told = delivered.length;
        frame();
        const isNew = delivered.length > told;
        if (isNew) now += costMs;
        deliver();
        return isNew;
      },
    },
  };
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

test("the dearer a drawing, the longer a stream rests, and the budget is kept down to seven pictures a second", () => {
  expect([0, 5, 9, 9.1, 20, 1000].map((cost) => Math.ceil(owedAfter(cost)) - 1)).toEqual([1, 1, 1, 2, 4, 7]);
  for (let cost = 0; cost <= 36; cost += 0.5) expect(cost / Math.ceil(owedAfter(cost))).toBeLessThanOrEqual(4.5);
});

test("answers that a stream leads to count as well: together they stay within the budget", () => {
  for (const cost of [2, 4, 6, 10, 14]) {
    const { box, delivered } = inboxThatTakes(cost);
    let asked = false;
    for (let i = 0; i < 600; i += 1) {
      box.put(`stream ${i}`); // the engine tells something in every frame
      if (asked) box.put("answer");
      // What is told of the stream is asked about, and the answer is there before the next frame.
      asked = box.frame() && (delivered.at(-1) ?? []).some((message) => message.startsWith("stream"));
    }
    expect(box.spentMs / 600, `${cost} ms`).toBeLessThanOrEqual(4.6); // the first drawings measure what they cost
    expect(delivered.filter((messages) => messages.includes("answer")).length, `${cost} ms`).toBeGreaterThan(60);
  }
});

test("what drawings cost is measured, and the stream rests accordingly", () => {
  const { box, delivered } = inboxThatTakes(20);
  const gaps: number[] = [];
  for (let i = 0, last = 0; i < 200; i += 1) {
    box.put(`stream ${i}`);
    if (!box.frame()) continue;
    gaps.push(i - last);
    last = i;
  }
  expect(gaps[1]).toBe(2);
  expect(gaps.at(-1)).toBe(5);
  expect(delivered.flat().length).toBeGreaterThan(190);
});

test("what is drawn aside comes in a task of its own, and a stream rests for it, too", async () => {
  const { box } = inboxThatTakes(0);
  const streamsIn = (frames: number): number => {
    let n = 0;
    for (let i = 0; i < frames; i += 1) {
      box.put("stream");
      if (box.frame()) n += 1;
    }
    return n;
  };
  expect(streamsIn(12)).toBe(6);
  new Aside(() => box.spend(27)).after(0);
  const never = new Aside(() => box.spend(1000));
  never.after(0);
  never.callOff();
  expect(box.spentMs).toBe(0);
  vi.runOnlyPendingTimers();
  await Promise.resolve();
  expect(box.spentMs).toBe(27);
  expect(streamsIn(12)).toBe(4); // one at once, then six frames of rest for 27 ms, and every second frame again
});

describe("what is done aside", () => {
  const done: number[] = [];
  let work: Aside;
  beforeEach(() => {
    done.length = 0;
    work = new Aside(() => done.push(performance.now()));
  });

  test("is put off without a new timer", () => {
    const began = performance.now();
    const set = vi.spyOn(globalThis, "setTimeout");
    for (let i = 0; i < 50; i += 1) {
      work.after(100);
      vi.advanceTimersByTime(10);
    }
    expect(done).toEqual([]);
    expect(set.mock.calls.length).toBeLessThan(8);
    vi.runAllTimers();
    expect(done).toEqual([began + 590]);
  });

  test("is done earlier if it is due earlier, and not later by what would be later", () => {
    const began = performance.now();
    work.after(500);
    work.within(30);
    vi.advanceTimersByTime(20);
    work.within(30);
    vi.runAllTimers();
    work.within(10);
    vi.runAllTimers();
    expect(done).toEqual([began + 30, began + 40]);
  });

  test("is not done once it is called off, but again when it is due again", () => {
    const began = performance.now();
    work.after(5);
    work.callOff();
    vi.advanceTimersByTime(20);
    expect(done).toEqual([]);
    work.after(5);
    vi.runAllTimers();
    expect(done).toEqual([began + 25]);
  });
});

test("an answer waits for nothing, and leaves a stream where it is", () => {
  const { box, delivered } = inbox();
  box.put("stream 0");
  frame();
  box.put("stream 1");
  box.put("answer");
  frame();
  box.put("stream 2");
  frame();
  frame();
  expect(delivered).toEqual([["stream 0"], ["answer"], ["stream 1", "stream 2"]]);
});

test("news wait for nothing, and take along all that came before", () => {
  const { box, delivered } = inbox();
  box.put("stream 0");
  frame();
  box.put("stream 1");
  box.put("answer");
  box.put("news");
  frame();
  expect(delivered).toEqual([["stream 0"], ["stream 1", "answer", "news"]]);
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
