// The address is the experiment: it says what is on the screen, brings it back, and leads others to the same run.
import { expect, type Page } from "@playwright/test";
import { test } from "./support";

const step = (page: Page) => page.locator(".standing .step");
const pack = (page: Page, text: string): Promise<string> =>
  page.evaluate(async (what) => {
    const stream = new Blob([what]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }, text);

test("a link sets everything up, and the address follows the reader", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&seed=7&step=137&view=weights");
  await expect(step(page)).toHaveText("step 137 of 1,000");
  await expect(page.getByRole("tab", { name: "Weights" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press(".");
  await expect(step(page)).toHaveText("step 138 of 1,000");
  await expect(page).toHaveURL(/\?v=1&preset=blog&seed=7&step=138&view=weights$/);
});

test("back and forward bring back what was there", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&step=20");
  await expect(step(page)).toHaveText("step 20 of 1,000");
  await page.getByRole("tab", { name: "Attention" }).click();
  await expect(page).toHaveURL(/view=attention/);
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Training" })).toHaveAttribute("aria-selected", "true");
  await page.goForward();
  await expect(page.getByRole("tab", { name: "Attention" })).toHaveAttribute("aria-selected", "true");
  await expect(step(page)).toHaveText("step 20 of 1,000");

  await page.getByRole("link", { name: "glassgpt, to the start" }).click();
  await expect(page.getByRole("heading", { name: "A GPT made of glass" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Attention" })).toHaveAttribute("aria-selected", "true");
});

test("a text of one's own travels behind the #", async ({ page }) => {
  await page.goto("./");
  const packed = await pack(page, "ada\nbea\nida\nünal");
  await page.goto(`./lab/?v=1&preset=blog&data=aunts&steps=30#text=${packed}`);
  await expect(step(page)).toHaveText("step 30 of 30");
  await expect(page).toHaveURL(/data=aunts#text=[\w-]+$/);
  await page.reload();
  await expect(step(page)).toHaveText("step 30 of 30");
});

test("what cannot be read in a link is named once, and the rest is used", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&n_embd=banana&step=12&unknown=1");
  await expect(step(page)).toHaveText("step 12 of 1,000");
  const messages = page.getByRole("region", { name: "Messages" });
  await expect(messages).toContainText("n_embd is “banana”; it must be a whole number from 1 to 128.");
  await expect(page).toHaveURL(/\?v=1&preset=blog&step=12$/);
  await messages.getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("Escape");
  await expect(messages.getByRole("listitem")).toHaveCount(0);
});

test("an experiment that cannot be is refused with a way out", async ({ page }) => {
  await page.goto("./");
  const packed = await pack(page, Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("\n"));
  await page.goto(`./lab/?v=1&preset=blog&data=signs#text=${packed}`);
  await expect(page.getByRole("heading", { name: "This experiment cannot be set up" })).toBeVisible();
  await page.getByRole("button", { name: "Start with the usual settings" }).click();
  await expect(step(page)).toHaveText("step 1,000 of 1,000");
});
