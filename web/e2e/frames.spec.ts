// Frames come in time while a model trains flat out in the page. Printed: the gaps between frames, and how busy the main thread was: how
// long its tasks took, and how much of that it worked. Where the engine trains on the same cores, it waits for them in the middle of tasks.
// Only the gaps are held to their budget: without a graphics card the browser paints on the processor, which counts as work.
import { expect, test, type CDPSession, type Page } from "@playwright/test";
import { expectPhase, openTrained } from "./support";

// As a visitor has it: the page keeps itself in the browser meanwhile.
test.use({ serviceWorkers: "allow" });

const WORST_GAP_MS = 34;
const GOAL_MS_A_FRAME = 6;
/** Machines are shared: the best of these shows what the page can do. */
const ATTEMPTS = 5;

/** Milliseconds; `busy` and `work` a frame. */
type Figures = { frames: number; worstGap: number; busy: number; work: number };

/** Seconds the main thread has spent in tasks, and seconds a processor has worked for it. */
async function spent(cdp: CDPSession): Promise<{ busy: number; work: number }> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  const seconds = (of: string): number => metrics.find(({ name }) => name === of)?.value ?? NaN;
  return { busy: seconds("TaskDuration"), work: seconds("ThreadTime") };
}

/** Gaps between frames until the training on the page is over, or for two seconds. */
function watchFrames(page: Page): Promise<{ frames: number; worstGap: number }> {
  return page.evaluate(
    () =>
      new Promise<{ frames: number; worstGap: number }>((resolve) => {
        const began = performance.now();
        let [frames, worstGap, last] = [0, 0, began];
        const look = (now: number): void => {
          if (frames > 0) worstGap = Math.max(worstGap, now - last);
          last = now;
          frames += 1;
          const isOver = document.querySelector<HTMLElement>(".phase")?.dataset.phase !== "running";
          if (isOver || now - began > 2000) resolve({ frames, worstGap });
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
  );
}

async function measure(page: Page, cdp: CDPSession): Promise<Figures> {
  await page.keyboard.press("0");
  await expectPhase(page, "ready");
  await page.keyboard.press("r");
  await expectPhase(page, "running");
  const before = await spent(cdp);
  const { frames, worstGap } = await watchFrames(page);
  const after = await spent(cdp);
  return { frames, worstGap, busy: ((after.busy - before.busy) * 1000) / frames, work: ((after.work - before.work) * 1000) / frames };
}

for (const view of ["training", "attention", "weights", "training&code=rust/attention-scores/0"]) {
  test(`frames come in time while training flat out: ${view}`, async ({ page }) => {
    test.setTimeout(90_000);
    await openTrained(page, `?mode=live&steps=20000&view=${view}`);
    await page.getByRole("radio", { name: "max" }).check();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    const all: Figures[] = [];
    const good = (one: Figures): boolean => one.worstGap <= WORST_GAP_MS;
    while (all.length < ATTEMPTS && !all.some(good)) all.push(await measure(page, cdp));
    for (const { frames, worstGap, busy, work } of all) {
      console.log(`${view}: ${frames} frames while training, worst gap ${worstGap.toFixed(1)} ms, main thread busy ${busy.toFixed(2)} ms a frame, work ${work.toFixed(2)} ms`);
    }
    const verdict = (of: "work" | "busy"): string => (Math.min(...all.map((one) => one[of])) <= GOAL_MS_A_FRAME ? "met" : "NOT MET");
    console.log(`${view}: the goal of ${GOAL_MS_A_FRAME} ms a frame is ${verdict("work")} by work, ${verdict("busy")} by all the time in tasks`);
    expect(all.some(good), `no attempt without a gap of more than ${WORST_GAP_MS} ms`).toBe(true);
  });
}
