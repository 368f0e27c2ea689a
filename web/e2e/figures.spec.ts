// Figures are walked by keyboard: one stop of the Tab key each, arrows inside, what is reached is seen. What is written in them is in them.
import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { expectPhase, openTrained, test } from "./support";

test("a table of shares is walked down a column, clear of its head", async ({ page }) => {
  await openTrained(page, "?view=probabilities");
  const table = page.getByRole("figure", { name: "From logits to probabilities" }).getByRole("table");
  const row = (name: string) => table.getByRole("button", { name, exact: true });
  await row("a").focus();
  await page.keyboard.press("End");
  await expect(row("BOS")).toBeFocused();
  for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowUp");
  await expect(row("g")).toBeFocused();
  const [head, at] = await Promise.all([table.getByRole("columnheader").first().boundingBox(), row("g").boundingBox()]);
  if (head === null || at === null) throw new Error("the head or the row is not there");
  expect(at.y).toBeGreaterThanOrEqual(head.y + head.height);

  const number = (name: RegExp) => table.getByRole("button", { name });
  await number(/p\d+\/logits\[0\]\. /).focus();
  await page.keyboard.press("ArrowDown");
  await expect(number(/p\d+\/logits\[1\]\. /)).toBeFocused();
});

test("a ledger is one stop of the Tab key, with arrows inside", async ({ page }) => {
  await openTrained(page, "?view=model");
  const ledger = page.getByRole("figure", { name: /of the residual stream at position/ });
  await ledger.scrollIntoViewIfNeeded(); // out of sight it asks for nothing
  const lines = ledger.getByRole("listitem").getByRole("button");
  await lines.first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(lines.nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(lines.last()).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(lines.first()).not.toBeFocused();
  await page.keyboard.press("Tab");
  await expect(lines.last()).toBeFocused();
});

test("on the map of letters Enter chooses and Escape lets go", async ({ page }) => {
  await openTrained(page, "?view=embeddings");
  const map = page.getByRole("application", { name: /^Map of wte/ });
  await map.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Nearest to a/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText(/^Nearest to a/)).toHaveCount(0);
});

/** Around a figure that is saved. */
const MARGIN = 16;

/** Words of a figure that reach beyond its sides, as it is saved: it is laid out as on screen. */
async function beyond(page: Page, title: string): Promise<string[]> {
  const save = `Save ${title}`;
  await page.getByRole("button", { name: save, exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("group", { name: save, exact: true }).getByRole("button", { name: "SVG" }).click()]);
  return page.evaluate(
    ([text, margin]) => {
      const svg = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
      document.body.append(svg);
      const whole = svg.getBoundingClientRect();
      const words = [...svg.querySelectorAll("text")].map((word) => ({ box: word.getBoundingClientRect(), said: word.textContent }));
      svg.remove();
      return words.filter(({ box }) => box.left < whole.left + margin || box.right > whole.right - margin).map(({ said }) => said);
    },
    [readFileSync(await file.path(), "utf8"), MARGIN] as const,
  );
}

test("all numbers along the axes of a small curve are within it", async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 1024 });
  await openTrained(page, "?mode=live&steps=20000");
  await page.keyboard.press("0");
  await expectPhase(page, "ready");
  for (let i = 0; i < 3; i++) await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect(page.getByText("step 3 of 20,000")).toBeVisible();
  for (const title of ["Learning rate", "Gradient norm", "Mean change"]) expect(await beyond(page, title), title).toEqual([]);
});
