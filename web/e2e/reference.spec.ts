// The page Reference: everything has a place in links, what it says of the model is the engine's, and the proof comes out.
import { expect } from "@playwright/test";
import { trained } from "./engine";
import { fits, test, violations } from "./support";

test("a link leads to a word, and words lead on", async ({ page }) => {
  await page.goto("./reference/#glossary-logits");
  const word = page.locator("#glossary-logits");
  await expect(word).toBeInViewport();
  await expect(word).toHaveClass(/marked/);
  await expect(word).toContainText("27 at each position");
  await word.getByRole("link", { name: "Softmax" }).click();
  await expect(page).toHaveURL(/#glossary-softmax$/);
  await expect(page.locator("#glossary-softmax")).toBeInViewport();
  await expect(page.locator("#glossary-softmax")).toHaveClass(/marked/);
  await page.goBack();
  await expect(word).toHaveClass(/marked/);
});

test("the search finds words and tables, and says so when there is nothing", async ({ page }) => {
  await page.goto("./reference/");
  const search = page.getByRole("searchbox", { name: "Search this page" });
  const found = page.getByRole("list", { name: "Found" });
  await search.fill("temper");
  await found.getByRole("link", { name: "Temperature" }).first().click();
  await expect(page.locator("#glossary-temperature")).toBeInViewport();
  await search.fill("xyzzy");
  await expect(page.getByRole("search").getByRole("status")).toHaveText(/Nothing found/);
});

test("the parameters are those of the engine, and follow the model", async ({ page }) => {
  const plan = trained("startups")({ type: "plan", spec: { config: { n_embd: 16, n_head: 4, n_layer: 2, block_size: 8, steps: 1, learning_rate: 0.01, schedule: "linear", beta1: 0.85, beta2: 0.99, eps: 1e-8, activation: "relu", init_std: 0.08, zero_init: false, seed: 42 }, corpus: { from: "named", name: "names" } } });
  if (plan.type !== "plan") throw new Error("another answer");
  await page.goto("./lab/?v=1&preset=blog&n_layer=2&block_size=8&steps=20");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Reference" }).click();
  const table = page.getByRole("group", { name: "Parameters" });
  await expect(table.locator("tbody tr")).toHaveCount(plan.answer.matrices.length);
  const counts = await table.locator("tbody td:nth-child(3)").allInnerTexts();
  const whole = (text: string): number => Number(text.replaceAll(",", ""));
  expect(counts.reduce((sum, text) => sum + whole(text), 0)).toBe(plan.answer.num_params);
  expect(whole(await table.locator("tfoot td:nth-child(3)").innerText())).toBe(plan.answer.num_params);
});

test("the published runs come out the same in this browser, and can be stopped", async ({ page }) => {
  await page.goto("./reference/#verify");
  const section = page.locator("#verify");
  await section.getByRole("button", { name: "Verify in this browser" }).click();
  await expect(section.getByRole("status")).toHaveText("The promise is kept.");
  const rows = section.locator("tbody tr");
  await expect(rows).toHaveCount(3);
  for (const [i, steps] of ["1,000", "500", "1,000"].entries()) {
    await expect(rows.nth(i)).toContainText(`${steps} of ${steps}`);
    await expect(rows.nth(i)).toContainText("20 of 20");
  }
  expect(await violations(page)).toEqual([]);
  await page.route(/golden|names.*\.txt/, () => {}); // a trace that never comes
  await section.getByRole("button", { name: "Verify again" }).click();
  await section.getByRole("button", { name: "Cancel" }).click();
  await expect(section.getByRole("status")).toHaveText("Canceled.");
});

test("nothing scrolls sideways at any width", async ({ page }) => {
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto("./reference/");
    await expect(page.locator("#parameters tfoot")).toBeAttached();
    expect(await fits(page)).toBe(true);
  }
});
