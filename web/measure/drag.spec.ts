// How long a slider's move takes: from the key to the frame after the samples of the retrained model stand on the page.
import { expect, test } from "@playwright/test";
import { liveSamples, openTrained } from "../e2e/support";
import { median, record } from "./figures";

test("from a key on a slider to the retrained model on screen", async ({ page }) => {
  await openTrained(page, "?view=attention");
  const slider = page.getByRole("complementary", { name: "Settings" }).getByRole("slider", { name: /learning_rate/ });
  await slider.focus();
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const before = await liveSamples(page);
    const key = i % 2 === 0 ? "ArrowUp" : "ArrowDown";
    // From the key to the frame after the new samples stand on the page, measured in the page. Armed before the key is pressed.
    const armed = await page.evaluateHandle(() => {
      const list = document.querySelector('[aria-label="Live samples"]');
      const input = document.activeElement;
      if (list === null || input === null) throw new Error("there is no list of samples, or nothing has the focus");
      let began = NaN;
      const moved = new Promise<number>((resolve) => {
        const seen = new MutationObserver(() => {
          if (Number.isNaN(began)) return; // still the move before
          seen.disconnect();
          requestAnimationFrame(() => resolve(performance.now() - began));
        });
        input.addEventListener("keydown", () => (began = performance.now()), { once: true, capture: true });
        seen.observe(list, { subtree: true, childList: true, characterData: true });
      });
      return { moved };
    });
    await page.keyboard.press(key);
    times.push(await armed.evaluate(({ moved }) => moved));
    await expect.poll(() => liveSamples(page)).not.toEqual(before);
  }
  record({ what: "a slider's move, whole model retrained, on screen: median", value: median(times), unit: "ms", goal: 100 });
  record({ what: "a slider's move, whole model retrained, on screen: best", value: Math.min(...times), unit: "ms" });
});
