// Frames while a model trains flat out in the page: the gaps between them, and how busy the main thread was, by how long its tasks took
// and by how much of that it worked. Where the engine trains on the same cores, it waits for them in the middle of tasks.
import { test, type CDPSession, type Page } from "@playwright/test";
import { expectPhase, openTrained } from "../e2e/support";
import { median, record } from "./figures";

// As a visitor has it: the page keeps itself in the browser meanwhile.
test.use({ serviceWorkers: "allow" });

/** UX.md: no frame comes later than this after the one before, and the main thread works no longer for each. */
const GOAL = { gapMs: 34, workMs: 6 };
/** Machines are shared: the median of these counts. */
const RUNS = 5;

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
  test(`frames while training flat out: ${view}`, async ({ page }) => {
    await openTrained(page, `?mode=live&steps=20000&view=${view}`);
    await page.getByRole("radio", { name: "max" }).check();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    const all: Figures[] = [];
    while (all.length < RUNS) all.push(await measure(page, cdp));
    const of = (name: keyof Figures): number => median(all.map((one) => one[name]));
    record({ what: `${view}: worst gap between two frames`, value: of("worstGap"), unit: "ms", goal: GOAL.gapMs });
    record({ what: `${view}: work of the main thread a frame`, value: of("work"), unit: "ms", goal: GOAL.workMs });
    record({ what: `${view}: time in tasks a frame`, value: of("busy"), unit: "ms" });
  });
}
