// What a long session keeps: the heap after a collection, after few trainings and after many.
// In the browser, because only there do pictures, messages and the run's history live together.
import { test } from "@playwright/test";
import { expectPhase, openTrained } from "../e2e/support";
import { record } from "./figures";

// As a visitor has it: the page keeps itself in the browser meanwhile.
test.use({ serviceWorkers: "allow" });

test("the heap of a long session", async ({ page }) => {
  await openTrained(page, "?view=attention");
  const cdp = await page.context().newCDPSession(page);
  await page.getByRole("radio", { name: "max" }).check();
  const heap = async (): Promise<number> => {
    await cdp.send("HeapProfiler.collectGarbage");
    return (await cdp.send("Runtime.getHeapUsage")).usedSize / 1e6;
  };
  const again = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await page.keyboard.press("0");
      await expectPhase(page, "ready");
      await page.keyboard.press("r");
      await expectPhase(page, "finished");
    }
  };
  await again(5);
  const before = await heap();
  await again(25);
  const after = await heap();
  record({ what: "heap after 5 trainings", value: before, unit: "MB" });
  record({ what: "heap that 25 more trainings add", value: after - before, unit: "MB", goal: 2 });
});
