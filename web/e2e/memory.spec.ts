// Long sessions do not grow: the heap after a collection, after few trainings and after many. The figures are printed.
// In the browser, because only there do pictures, messages and the run's history live together.
import { expect, test } from "@playwright/test";
import { expectPhase, openTrained } from "./support";

// As a visitor has it: the page keeps itself in the browser meanwhile.
test.use({ serviceWorkers: "allow" });

test("a long session does not grow", async ({ page }) => {
  test.setTimeout(120_000);
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
  console.log(`heap after 5 trainings ${before.toFixed(1)} MB, after 30 trainings ${after.toFixed(1)} MB`);
  expect(after - before).toBeLessThan(2);
});
