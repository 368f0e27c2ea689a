// The source beside the lab: a link to a line, its explanation and its numbers, and the code following what is looked at.
import { expect, type Page } from "@playwright/test";
import { openTrained, test } from "./support";

const tree = (page: Page) => page.getByRole("tree");
const chosen = (page: Page) => tree(page).locator('[aria-selected="true"]');
const why = (page: Page) => page.getByRole("region", { name: "Explanation" });

test("a link leads to a line, its explanation and the engine's numbers", async ({ page }) => {
  await openTrained(page, "?view=attention&code=rust/attention-scores/0");
  await expect(chosen(page)).toContainText("let logits: Vector = keys.iter()");
  await expect(chosen(page)).toBeInViewport();
  await expect(why(page).getByRole("heading", { name: "Attention scores" })).toBeVisible();
  await why(page).getByRole("radio", { name: "Practitioner" }).click();
  await expect(why(page)).toContainText("scaled dot product");
  // The number at the end of the line is the one that the explanation lists, and it follows the selection.
  const first = () => why(page).getByRole("definition").first().getByRole("button").first().innerText();
  await expect(chosen(page).locator(".note")).toContainText(await first());
  const before = await chosen(page).locator(".note").innerText();
  await why(page).getByRole("button", { name: "head: one more" }).click();
  await expect(chosen(page).locator(".note")).not.toHaveText(before);
  await expect(page).toHaveURL(/head=1/);
  await expect(chosen(page).locator(".note")).toContainText(await first());

  await page.getByRole("group", { name: "Language" }).getByRole("radio", { name: "Python" }).click();
  await expect(page).toHaveURL(/code=python\/attention-scores/);
  await expect(tree(page).locator(".lit").first()).toContainText("fits = [sum(query[j] * key[j]");
  await page.reload();
  await expect(tree(page).locator(".lit").first()).toContainText("fits = [sum(query[j] * key[j]");
  await expect(page.getByRole("tab", { name: "Code" })).toHaveAttribute("aria-selected", "true");
});

test("the keyboard goes from line to line, folds and searches", async ({ page }) => {
  await openTrained(page, "?code=python/softmax/0");
  await tree(page).focus();
  await expect(chosen(page)).toContainText("def softmax(logits):");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(chosen(page)).toContainText("largest = max(");
  await expect(why(page)).toContainText("Finds the largest score.");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(chosen(page)).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowLeft");
  await expect(chosen(page)).toHaveAttribute("aria-expanded", "false");
  await expect(tree(page)).not.toContainText("def softmax(logits):");
  await page.keyboard.press("ArrowRight");
  await expect(tree(page)).toContainText("def softmax(logits):");
  await page.getByRole("searchbox", { name: "Search" }).fill("rmsnorm(x)");
  await expect(page.getByRole("search").getByRole("status")).toContainText(/^1 of \d+$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("search").getByRole("status")).toContainText(/^2 of \d+$/);
});

test("lines that the settings leave out say so", async ({ page }) => {
  const square = tree(page).getByRole("treeitem").filter({ hasText: "activation == \"relu2\"" });
  await openTrained(page, "?code=python/activation/1");
  await expect(square).toContainText("not in this run: activation is relu");
  await page.getByRole("radio", { name: "gist" }).click();
  await expect(square).not.toContainText("not in this run");
  await expect(tree(page).getByRole("treeitem").filter({ hasText: "\"linear\":" })).toContainText("not in this run: schedule is cosine");
});

test("the code follows the map, the view and the pinned number", async ({ page }) => {
  const concept = page.getByRole("combobox", { name: "Concept" });
  await openTrained(page, "?view=model");
  await page.getByRole("button", { name: "Show the code" }).click();
  await expect(concept).toHaveValue("embedding");
  await page.locator(".slot.fc2").getByRole("button").first().click();
  await expect(concept).toHaveValue("mlp-down");
  await expect(tree(page).locator(".lit")).toContainText("linear(&active, &layer.mlp_fc2)");
  await page.getByRole("tab", { name: "Probabilities" }).click();
  await expect(concept).toHaveValue("softmax");
  await page.getByRole("tab", { name: "Weights" }).click();
  await expect(concept).toHaveValue("parameters");
  await page.getByRole("radio", { name: "layer0.attn_wk" }).click();
  await expect(concept).toHaveValue("key");
});

test("on a phone the code is a sheet", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openTrained(page, "?view=adam");
  await page.getByRole("main").getByRole("button", { name: "Code", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Code" });
  await expect(sheet.getByRole("tree")).toBeInViewport();
  await sheet.getByRole("tree").locator(".lit").nth(3).click();
  await expect(sheet.getByRole("radio", { name: "Beginner" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});
