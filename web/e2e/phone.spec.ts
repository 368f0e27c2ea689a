// The lab on a phone: its sheets, its tabs, its bar. What is in reach of a thumb must do what it does at a desk.
import { expect, type Page } from "@playwright/test";
import { expectPhase, openTrained, settled, test } from "./support";

const VIEWS = ["training", "model", "attention", "probabilities", "embeddings", "weights", "adam"];

test.use({ viewport: { width: 390, height: 844 } });

const settings = (page: Page) => page.getByRole("main").getByRole("button", { name: "Settings", exact: true });
const sheet = (page: Page, name: string) => page.getByRole("dialog", { name });

test("settings opened a second time still train the model", async ({ page }) => {
  await openTrained(page);
  await settings(page).click();
  await sheet(page, "Settings").getByRole("button", { name: "Close" }).click();
  await expect(settings(page)).toBeFocused();
  await settings(page).click();
  const heads = sheet(page, "Settings").getByRole("textbox", { name: "n_head" });
  await heads.fill("2");
  await heads.press("Enter");
  await expect(page).toHaveURL(/n_head=2/);
  await expectPhase(page, "finished");
  await expect(sheet(page, "Settings").getByRole("radio", { name: "yours" })).toBeChecked();
});

test("the chosen view's tab is in sight, and nothing floats over the page until a number is pinned", async ({ page }) => {
  await openTrained(page, "?view=adam");
  await expect(page.getByRole("tab", { name: "Adam" })).toBeInViewport({ ratio: 0.95 });
  await page.getByRole("tab", { name: "Adam" }).press("Home");
  await expect(page.getByRole("tab", { name: "Training" })).toBeInViewport({ ratio: 0.95 });
  await expect(page.getByRole("button", { name: /pinned$/ })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Pinned numbers" })).toBeVisible();

  await openTrained(page, "?view=weights&pin=wte%5B4%5D%5B3%5D");
  await page.getByRole("button", { name: "1 pinned" }).click();
  await expect(sheet(page, "Pinned numbers")).toContainText("wte[4][3]");
});

test("the page ends above the bar", async ({ page }) => {
  await openTrained(page);
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const [last, bar] = await Promise.all([page.getByRole("contentinfo").boundingBox(), page.getByRole("region", { name: "Training controls" }).boundingBox()]);
  if (last === null || bar === null) throw new Error("the footer or the bar is not there");
  expect(Math.abs(last.y + last.height - bar.y)).toBeLessThanOrEqual(2);
});

test("a sheet from the side leaves the controls of time in reach", async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 1024 });
  await openTrained(page);
  await settings(page).click();
  await sheet(page, "Settings").getByRole("textbox", { name: "n_head" }).waitFor();
  await page.getByRole("button", { name: "Previous step" }).click(); // fails if anything lies over it
  await expectPhase(page, "past");
  await page.mouse.wheel(0, 600);
  await page.getByRole("button", { name: "Next step" }).click();
  await expectPhase(page, "finished");
  await expect(sheet(page, "Settings").getByRole("button", { name: "Close" })).toBeInViewport();
});

test("the smallest phone, and a page at 400 per cent, hold every view without scrolling sideways", async ({ browser, baseURL }) => {
  const small = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };
  const context = await browser.newContext({ ...small, ...(baseURL === undefined ? {} : { baseURL }) });
  const page = await context.newPage();
  for (const path of ["./", ...VIEWS.map((view) => `./lab/?view=${view}`)]) {
    await page.goto(path);
    if (path.includes("view=")) await expectPhase(page, "finished");
    await settled(page);
    // On a phone the page is laid out as wide as its widest part, so a part that is too wide shows in the width of the whole.
    const width = await page.evaluate(() => document.documentElement.clientWidth);
    expect.soft({ path, width }).toEqual({ path, width: 320 });
  }
  await context.close();
});

test("a run that was pinned lies in sight, buttons and all", async ({ page }) => {
  await openTrained(page);
  await page.getByRole("button", { name: "Pin this run" }).click();
  const back = page.getByRole("button", { name: /^Bring back/ });
  await back.scrollIntoViewIfNeeded();
  await expect(back).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("button", { name: /^Remove/ })).toBeInViewport({ ratio: 1 });
});

test("what is reached by keyboard lies clear of the bar, both ways", async ({ page }) => {
  await openTrained(page);
  for (const key of ["Tab", "Shift+Tab"]) {
    const covered = new Set<string>();
    const reached = new Set<string>();
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press(key);
      const stop = await page.evaluate(() => {
        const it = document.activeElement;
        if (it === null || it === document.body || it.closest(".bar") !== null) return null;
        const { top, left, width, height } = it.getBoundingClientRect();
        const over = document.elementFromPoint(left + width / 2, Math.min(top + height / 2, top + 20));
        return { name: `${it.tagName} ${it.getAttribute("aria-label") ?? it.textContent}`.trim(), covered: over?.closest(".bar") != null };
      });
      if (stop === null) continue;
      reached.add(stop.name);
      if (stop.covered) covered.add(stop.name);
    }
    expect(reached.size).toBeGreaterThan(20);
    expect([...covered]).toEqual([]);
  }
});

test("a link to a moment of Generate shows that moment, and one without shows what to ask for", async ({ page }) => {
  await page.goto("./generate/?preset=startups&prefix=zep&at=4.attention.out");
  await expect(page.getByRole("heading", { level: 2, name: "Attention", exact: true })).toBeInViewport();
  await page.goto("./generate/?preset=startups&prefix=zep");
  await expect(page.locator(".picture")).toContainText(/\d/);
  await expect(page.getByRole("heading", { level: 1 })).toBeInViewport();
});
