// Walks the lab as a person would, against a real engine: train, drag, go back in time, break something, look inside.
import { expect, type Page } from "@playwright/test";
import { expectPhase, liveSamples, openTrained, test } from "./support";

/** The number field of a setting. */
const field = (page: Page, name: string) => page.getByRole("complementary", { name: "Settings" }).getByRole("textbox", { name });
const scrubber = (page: Page) => page.getByRole("slider", { name: "Step of the run the page stands at" });
const tab = (page: Page, name: string) => page.getByRole("tab", { name });

test("trains, and trains again to the same bits", async ({ page }) => {
  await openTrained(page);
  const before = await liveSamples(page);
  expect(before.join("")).not.toBe("");

  await page.getByRole("button", { name: "Reset" }).click();
  await expectPhase(page, "ready");
  expect(await liveSamples(page)).not.toEqual(before);

  await page.getByRole("radio", { name: "max" }).check();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expectPhase(page, "finished");
  await expect(page.getByText("after step 1,000", { exact: true })).toBeVisible();
  expect(await liveSamples(page)).toEqual(before);
});

test("a slider retrains the whole model while it is dragged, and undo brings the run back", async ({ page }) => {
  await openTrained(page);
  const before = await liveSamples(page);
  const slider = page.getByRole("complementary", { name: "Settings" }).getByRole("slider", { name: /learning_rate/ });
  await slider.focus();
  await page.keyboard.press("PageUp");
  await expect(field(page, "learning_rate")).not.toHaveValue("0.01");
  await expect.poll(() => liveSamples(page)).not.toEqual(before);
  await expectPhase(page, "finished");
  await page.getByRole("button", { name: /^Undo/ }).first().click();
  await expect(field(page, "learning_rate")).toHaveValue("0.01");
  await expect.poll(() => liveSamples(page)).toEqual(before);
});

test("the address says what is seen, and whoever opens it sees the same", async ({ page, browser, baseURL }) => {
  await openTrained(page);
  await field(page, "n_head").fill("2");
  await field(page, "n_head").press("Enter");
  await tab(page, "Attention").click();
  await expect(page).toHaveURL(/n_head=2/);
  await expect(page).toHaveURL(/view=attention/);
  await expect.poll(() => liveSamples(page)).not.toEqual([]);
  const [url, samples] = [page.url().replace(/[?&]session=[^&]*/, ""), await liveSamples(page)];

  const other = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const second = await other.newPage();
  await second.goto(url);
  await expectPhase(second, "finished");
  await expect(field(second, "n_head")).toHaveValue("2");
  await expect(tab(second, "Attention")).toHaveAttribute("aria-selected", "true");
  await expect.poll(() => liveSamples(second)).toEqual(samples);
  await other.close();
});

test("goes back in time: every figure moves to that step, and a run on from there is a branch", async ({ page }) => {
  await page.goto("./lab/?step=137");
  await expectPhase(page, "past");
  await expect(page.getByText("step 137 of 1,000")).toBeVisible();
  await expect(page.getByText("after step 137", { exact: true })).toBeVisible();
  const then = await liveSamples(page);
  await scrubber(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("step 138 of 1,000")).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByText("step 137 of 1,000")).toBeVisible();
  await expect.poll(() => liveSamples(page)).toEqual(then);

  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect(page.getByText("step 138 of 1,000")).toBeVisible();
  await expect(page.getByText(/branch 1/).first()).toBeVisible();
});

test("pauses a watched run; keys with Ctrl do nothing", async ({ page }) => {
  await openTrained(page);
  await page.keyboard.press("0");
  await expectPhase(page, "ready");
  await page.keyboard.press("r");
  await expectPhase(page, "running");
  await page.keyboard.press("Control+p");
  await expectPhase(page, "running");
  await page.keyboard.press("p");
  await expectPhase(page, "paused");
});

for (const [width, height] of [[1440, 900], [1200, 900], [1024, 900], [768, 1024], [390, 844]] as const) {
  test(`the bar keeps its height while training goes on, ${width} pixels wide: nothing below it jumps`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openTrained(page, "?mode=live&steps=5000");
    await page.keyboard.press("0");
    await expectPhase(page, "ready");
    const heights = page.evaluate(
      () =>
        new Promise<number[]>((resolve) => {
          const bar = document.querySelector<HTMLElement>(".transport");
          const seen = new Set<number>();
          let said = 0;
          const look = (): void => {
            seen.add(bar?.offsetHeight ?? NaN);
            // From before it says how long it will take until it has said so in thirty frames.
            if (/ to go\b/.test(bar?.innerText ?? "")) said += 1;
            if (said > 30) resolve([...seen]);
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    await page.keyboard.press("r");
    await expect(page.getByText(/ to go$/).first()).toBeVisible();
    expect(await heights).toHaveLength(1);
  });
}

test("the engine's objection stands at the field it is about, and the model stays as it was", async ({ page }) => {
  await openTrained(page);
  const before = await liveSamples(page);
  const heads = field(page, "n_head");
  await heads.fill("3");
  await heads.press("Enter");
  await expect(heads).toHaveAttribute("aria-invalid", "true");
  await expect(heads).toHaveAccessibleDescription(/n_embd/);
  await expect(heads).toHaveValue("3");
  expect(await liveSamples(page)).toEqual(before);
  await heads.fill("2");
  await heads.press("Enter");
  await expect(heads).toHaveAttribute("aria-invalid", "false");
  await expect.poll(() => liveSamples(page)).not.toEqual(before);
});

test("a model that diverges says where, and what to try", async ({ page }) => {
  await page.goto("./lab/?init_std=10");
  await expectPhase(page, "diverged");
  await expect(page.getByRole("main")).toContainText("init_std");
  await expect(page.getByRole("main")).not.toContainText("Press Train");
  await page.getByRole("button", { name: "step:0/p1/loss" }).click();
  await expect(page.getByRole("complementary", { name: "What the model does now" })).toContainText("Infinity");
});

test("walks through a document with the arrow keys, and every figure follows", async ({ page }) => {
  await openTrained(page, "?view=probabilities&doc=emma&pos=0");
  const equation = page.getByRole("main");
  await expect(equation).toContainText(/After BOS came\s*e/);
  await page.getByRole("listbox", { name: "Positions of the text" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(equation).toContainText(/After BOS e came\s*m/);
  await page.keyboard.press("End");
  await expect(page).toHaveURL(/pos=\d/);
});

test("any number can be held on to and opened", async ({ page }) => {
  await openTrained(page, "?view=weights");
  const map = page.getByRole("main").getByRole("application", { name: /^wte/ });
  await map.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/pin=/);
  const now = page.getByRole("complementary", { name: "What the model does now" });
  await expect(now).toContainText(/wte\[\d+\]\[\d+\]/);
});

test("writes on request, beginning with a prefix, and refuses what it cannot read", async ({ page }) => {
  await openTrained(page);
  const now = page.getByRole("complementary", { name: "What the model does now" });
  await now.getByRole("textbox", { name: "how many" }).fill("5");
  await now.getByRole("textbox", { name: "beginning with" }).fill("mar");
  await now.getByRole("button", { name: "Write" }).click();
  const items = now.getByRole("list", { name: "Samples on request" }).getByRole("listitem");
  await expect(items).toHaveCount(5);
  for (const text of await items.allInnerTexts()) expect(text).toMatch(/^mar/);
  await now.getByRole("textbox", { name: "beginning with" }).fill("Ω");
  await now.getByRole("button", { name: "Write" }).click();
  await expect(now.getByRole("textbox", { name: "beginning with" })).toHaveAttribute("aria-invalid", "true");
});

test("a slider retrains the whole model; its samples follow, and a screen reader hears the new loss", async ({ page }) => {
  await openTrained(page, "?view=attention");
  const slider = page.getByRole("complementary", { name: "Settings" }).getByRole("slider", { name: /learning_rate/ });
  await slider.focus();
  /** What a screen reader says of the run. The two settings end at losses that differ in the digits it says. */
  const spoken = page.locator("p[aria-live=polite]", { hasText: /average of the loss/ });
  for (const key of ["ArrowUp", "ArrowDown", "ArrowUp"]) {
    const before = await liveSamples(page);
    const said = await spoken.innerText();
    await page.keyboard.press(key);
    await expect.poll(() => liveSamples(page)).not.toEqual(before);
    await expect(spoken).not.toHaveText(said);
  }
});
