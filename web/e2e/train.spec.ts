// Walks the page as a person would, against a real engine: train, look inside, break something, change the theme.
import axe from "axe-core";
import { expect, test, type Page } from "@playwright/test";

declare const window: { axe: typeof axe };

async function openTrained(page: Page): Promise<void> {
  await page.goto("./");
  await expect(page.getByText("step 1,000 of 1,000")).toBeVisible();
  await expect(page.locator(".phase")).toHaveText(/trained/);
}

async function liveSamples(page: Page): Promise<string[]> {
  return page.getByRole("list", { name: "Live samples" }).getByRole("listitem").allInnerTexts();
}

test("trains, and trains again to the same bits", async ({ page }) => {
  await openTrained(page);
  const before = await liveSamples(page);
  expect(before.length).toBeGreaterThan(0);
  expect(before.join("")).not.toBe("");

  await page.getByRole("button", { name: "Reset" }).click();
  await expect(page.getByText("step 0 of 1,000")).toBeVisible();
  expect(await liveSamples(page)).not.toEqual(before);

  await page.getByRole("radio", { name: "max" }).check();
  await page.getByRole("button", { name: "Train" }).click();
  await expect(page.getByText("step 1,000 of 1,000")).toBeVisible();
  await expect(page.getByText("after step 1,000", { exact: true })).toBeVisible();
  expect(await liveSamples(page)).toEqual(before);
});

test("a reload comes back to the same session", async ({ page }) => {
  await openTrained(page);
  const address = page.url();
  expect(address).toContain("session=");
  await page.keyboard.press("0");
  await expect(page.getByText("step 0 of 1,000")).toBeVisible();
  await page.keyboard.press("s");
  await expect(page.getByText("step 1 of 1,000")).toBeVisible();
  await page.reload();
  await expect(page.getByText("step 1 of 1,000")).toBeVisible();
  expect(page.url()).toBe(address);

  await page.goto("./?session=nobody");
  await expect(page.getByText("That session is no longer there.")).toBeVisible();
});

test("pauses a watched run, and keys with Ctrl do nothing", async ({ page }) => {
  await openTrained(page);
  await page.keyboard.press("r");
  await expect(page.locator(".phase")).toHaveText(/training/);
  await page.keyboard.press("Control+p");
  await expect(page.locator(".phase")).toHaveText(/training/);
  await page.keyboard.press("p");
  await expect(page.locator(".phase")).toHaveText(/paused/);
});

test("the arrow keys walk through the document and every figure follows", async ({ page }) => {
  await openTrained(page);
  const strip = page.getByRole("listbox", { name: "Positions of the document" });
  await strip.focus();
  await page.keyboard.press("Home");
  await expect(page.getByRole("option", { name: "position 0" })).toHaveAttribute("aria-selected", "true");
  const at = (position: number) => page.getByText(`at position ${position}, reading`);
  await expect(at(0)).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("option", { name: "position 1" })).toHaveAttribute("aria-selected", "true");
  await expect(at(1)).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "target" })).toHaveCount(1);

  await page.getByRole("button", { name: /^head 1, position 1/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { name: "position 2" })).toHaveAttribute("aria-selected", "true");
});

test("the engine's objection stands at the field it is about, and nothing typed is lost", async ({ page }) => {
  await openTrained(page);
  const heads = page.getByRole("textbox", { name: "n_head" });
  await heads.fill("3");
  await expect(page.getByText("Changed, not yet applied.")).toBeVisible();
  await heads.press("Enter");
  await expect(heads).toHaveAttribute("aria-invalid", "true");
  await expect(heads).toHaveAccessibleDescription(/n_embd/);
  await expect(heads).toHaveValue("3");
  await expect(page.getByText("step 1,000 of 1,000")).toBeVisible();

  await heads.fill("2");
  await page.getByRole("radio", { name: "max" }).check();
  await heads.press("Enter");
  await expect(page.getByText("This replaced a run of 1,000 steps")).toBeVisible();
  await expect(page.getByRole("button", { name: /^head \d/ })).toHaveCount(2);
  await page.getByRole("button", { name: "Bring it back" }).click();
  await expect(page.getByRole("button", { name: /^head \d/ })).toHaveCount(4);
});

test("a model that diverges says where and what to try", async ({ page }) => {
  await openTrained(page);
  await page.getByText("More settings").click();
  await page.getByRole("textbox", { name: "init_std" }).fill("10");
  await page.getByRole("button", { name: "Start with these settings" }).click();
  await expect(page.locator(".phase")).toHaveText(/diverged/);
  await expect(page.locator(".story")).toContainText("init_std");
});

test("trains on a text of one's own", async ({ page }) => {
  await openTrained(page);
  await page.getByRole("combobox", { name: "corpus" }).selectOption({ label: "your own text …" });
  await page.getByRole("textbox", { name: "Text, one document a line" }).fill("abba\nbaba\nabab\n");
  await page.getByRole("radio", { name: "max" }).check();
  await page.getByRole("button", { name: "Start with these settings" }).click();
  await expect(page.getByText("3 tokens", { exact: true })).toBeVisible();
  await expect(page.locator(".phase")).toHaveText(/trained/);
});

test("writes on request, beginning with a prefix", async ({ page }) => {
  await openTrained(page);
  await page.getByRole("textbox", { name: "how many" }).fill("5");
  await page.getByRole("textbox", { name: "beginning with" }).fill("mar");
  await page.getByRole("button", { name: "Write" }).click();
  const items = page.getByRole("list", { name: "Samples on request" }).getByRole("listitem");
  await expect(items).toHaveCount(5);
  for (const text of await items.allInnerTexts()) expect(text).toMatch(/^mar/);

  await page.getByRole("textbox", { name: "beginning with" }).fill("Ω");
  await page.getByRole("button", { name: "Write" }).click();
  await expect(page.getByRole("textbox", { name: "beginning with" })).toHaveAttribute("aria-invalid", "true");
});

for (const theme of ["Light", "Dark"] as const) {
  for (const [width, height] of [[1440, 900], [390, 844]] as const) {
    test(`axe finds nothing in the ${theme.toLowerCase()} theme at ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openTrained(page);
      await page.getByRole("radio", { name: `${theme} theme` }).check();
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme.toLowerCase());
      await page.waitForTimeout(250); // colours change over 160 ms; axe must see the end of it
      await page.locator("details").evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")));
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => (await window.axe.run()).violations);
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
      await page.getByRole("button", { name: "Help and keyboard" }).click();
      const inHelp = await page.evaluate(async () => (await window.axe.run()).violations);
      expect(inHelp.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
    });
  }
}
