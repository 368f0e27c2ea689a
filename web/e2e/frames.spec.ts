// Frames come in time while a model trains flat out in the page. Printed: the gaps between frames, and how busy the main thread was.
// Only the gaps are held to their budget: without a graphics card the browser paints on the processor, which counts as busy.
import { expect, test, type CDPSession, type Page } from "@playwright/test";
import { expectPhase, openTrained } from "./support";

// As a visitor has it: the page keeps itself in the browser meanwhile.
test.use({ serviceWorkers: "allow" });

const WORST_GAP_MS = 34;
const BUSY_MS_A_FRAME = 6;
/** Machines are shared: the best of these shows what the page can do. */
const ATTEMPTS = 5;

type Figures = { frames: number; worstGap: number; busy: number };

async function taskSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN;
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
  const before = await taskSeconds(cdp);
  const { frames, worstGap } = await watchFrames(page);
  const busy = ((await taskSeconds(cdp)) - before) * 1000;
  return { frames, worstGap, busy: busy / frames };
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
    for (const { frames, worstGap, busy } of all) {
      console.log(`${view}: ${frames} frames while training, worst gap ${worstGap.toFixed(1)} ms, main thread busy ${busy.toFixed(2)} ms a frame`);
    }
    const least = Math.min(...all.map(({ busy }) => busy));
    console.log(`${view}: the goal of ${BUSY_MS_A_FRAME} ms of work a frame is ${least <= BUSY_MS_A_FRAME ? "met" : "NOT MET"}`);
    expect(all.some(good), `no attempt without a gap of more than ${WORST_GAP_MS} ms`).toBe(true);
  });
}
