// What the page Reference explains with the model's own numbers: formulas, source, words; and the examples of the interface.
import { expect, type Page } from "@playwright/test";
import { trained } from "./engine";
import { fits, test, violations } from "./support";

const formula = (page: Page, id: string) => page.locator(`#formula-${id}`);
/** A number as it is shown, with its minus sign. */
const shown = (value: number): string => value.toPrecision(4).replace("-", "−").replace(/0+$/, "");

test("a formula shows the engine's numbers, which open and can be held on to", async ({ page }) => {
  await page.goto("./reference/?v=1&preset=gist#formula-surprise");
  const surprise = formula(page, "surprise");
  await expect(surprise).toBeInViewport();
  const result = surprise.locator("strong button");
  await expect(result).toHaveAccessibleName(/step:499\/p2\/loss/);
  await expect(surprise.locator("dd")).toContainText("ln");
  await expect(surprise.locator("math")).toContainText("ln");
  await result.hover();
  await expect(surprise.getByRole("tooltip").last()).toContainText("−ln of the probability");
  await result.click();
  await expect(result).toHaveAttribute("aria-pressed", "true");
});

test("what an instance comes to is what the engine reads", async ({ page }) => {
  const ask = trained("gist");
  const addresses = ["step:499/p2/sum[0]", "step:499/loss"];
  const values = addresses.map((address) => {
    const answer = ask({ type: "why", address, depth: 0, limit: 1 });
    return answer.type === "ladder" ? Number(answer.answer.rungs[0]?.value) : NaN;
  });
  await page.goto("./reference/?v=1&preset=gist#formulas");
  await expect(formula(page, "embedding").locator("strong")).toHaveText(shown(values[0] ?? NaN));
  await page.goto("./reference/?v=1&preset=gist#formula-loss");
  await formula(page, "loss").scrollIntoViewIfNeeded();
  await expect(formula(page, "loss").locator("strong")).toHaveText(shown(values[1] ?? NaN));
});

test("formulas follow the preset: relu² and cosine, relu and a line", async ({ page }) => {
  await page.goto("./reference/?v=1&preset=gist#formula-mlp");
  await expect(formula(page, "mlp").locator("math msup")).toHaveCount(1);
  await expect(formula(page, "mlp").locator("dt")).toHaveCount(3);
  await expect(formula(page, "schedule").locator("math")).toContainText("cos");
  await page.goto("./reference/?v=1&preset=blog#formula-mlp");
  await expect(formula(page, "mlp").locator("dt")).toHaveCount(2);
  await expect(formula(page, "mlp").locator("math msup")).toHaveCount(0);
  await expect(formula(page, "schedule").locator("math")).not.toContainText("cos");
});

test("the position moves all formulas", async ({ page }) => {
  await page.goto("./reference/?v=1&preset=blog#formulas");
  const number = formula(page, "embedding").locator("strong button");
  await expect(number).toHaveAccessibleName(/p2\/sum\[0\]/);
  await page.getByRole("group", { name: "Loop variables" }).getByRole("textbox", { name: "position" }).press("ArrowDown");
  await expect(number).toHaveAccessibleName(/p1\/sum\[0\]/);
});

test("the source is loaded when opened, and a line's place is in the address", async ({ page }) => {
  const sources: string[] = [];
  page.on("request", (request) => { if (/\/(rust|python)-[^/]*\.js/.test(request.url())) sources.push(request.url()); });
  await page.goto("./reference/#source");
  const open = page.getByRole("button", { name: "Open the source" });
  await expect(open).toBeVisible();
  expect(sources).toEqual([]);
  await open.click();
  const tree = page.locator("#source").getByRole("tree");
  await tree.focus();
  await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL(/#source\/rust\/[a-z-]+(\/\d+)?$/);
  expect(sources.length).toBeGreaterThan(0);
});

test("a link leads to a line, in sight, explained at three depths with numbers", async ({ page }) => {
  await page.goto("./reference/?v=1&preset=blog#source/rust/attention-scores/0");
  const section = page.locator("#source");
  const line = section.getByRole("tree").locator('[aria-selected="true"]');
  await expect(line).toContainText("let logits: Vector = keys.iter()");
  await expect(line).toBeInViewport();
  const why = section.getByRole("region", { name: "Explanation" });
  await expect(why.locator(".live dd button").first()).toHaveAccessibleName(/attn_logits/);
  const said = new Set<string>();
  for (const depth of ["Beginner", "Practitioner", "Expert"]) {
    await why.getByRole("radio", { name: depth }).check();
    said.add(await why.locator("[aria-live] p").innerText());
  }
  expect(said.size).toBe(3);
  await section.getByRole("radio", { name: "Python" }).check();
  await expect(page).toHaveURL(/#source\/python\/attention-scores$/);
  expect(await violations(page)).toEqual([]);
});

test("the arrow keys reach the explained lines of a file, one after the other", async ({ page }) => {
  await page.goto("./reference/#source/python/adam-step/0");
  const section = page.locator("#source");
  const chosen = section.getByRole("tree").locator('[aria-selected="true"]');
  await expect(chosen).toBeInViewport();
  await section.getByRole("tree").focus();
  const titles = new Set<string>();
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press("ArrowDown");
    titles.add(await section.getByRole("region", { name: "Explanation" }).getByRole("heading").first().innerText());
    await expect(chosen).toBeInViewport();
  }
  expect(titles.size).toBeGreaterThan(2);
});

test("a word says what it means by keyboard, pointer and tap, and lets go", async ({ page }) => {
  await page.goto("./reference/#glossary-adam");
  const word = page.locator("#glossary-adam").getByRole("button", { name: "gradient" });
  const card = page.locator("#glossary-adam").getByRole("note").filter({ hasText: "how fast the loss grows" });
  await word.focus();
  await expect(card).toBeVisible();
  await expect(word).toHaveAttribute("aria-expanded", "true");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(card).toBeHidden();
  await word.hover();
  await expect(card).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(card).toBeHidden();
  await word.dispatchEvent("click");
  await expect(card).toBeVisible();
  await page.locator("h1").click();
  await expect(card).toBeHidden();
  await word.focus();
  await expect(card).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(card.getByRole("link", { name: "In the glossary" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#glossary-gradient$/);
  await expect(page.locator("#glossary-gradient")).toHaveClass(/marked/);
});

test("a word in the lab leads to the glossary, which is loaded only then", async ({ page }) => {
  const glossary: string[] = [];
  page.on("request", (request) => { if (request.url().includes("glossary")) glossary.push(request.url()); });
  await page.goto("./lab/?v=1&view=model");
  const word = page.getByRole("button", { name: "residual stream", exact: true }).first();
  await expect(word).toBeVisible();
  expect(glossary).toEqual([]);
  await word.focus();
  const card = page.getByRole("note").filter({ hasText: "nothing is overwritten" });
  await expect(card).toContainText("16 numbers wide.");
  expect(glossary.length).toBeGreaterThan(0);
  await card.getByRole("link", { name: "In the glossary" }).click();
  await expect(page.locator("#glossary-residual-stream")).toBeInViewport();
});

test("the examples change their language, and are copied as they stand", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("./reference/#api-train");
  const example = page.locator("#api-train");
  await expect(example).toBeInViewport();
  await expect(example).toContainText("curl -sS");
  await page.locator("#api").getByRole("radio", { name: "Python" }).check();
  await expect(example).toContainText("from urllib.request import");
  await example.getByRole("button", { name: "Copy train.py" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${(await example.locator("pre").innerText()).trimEnd()}\n`);
  await page.locator("#api").getByRole("radio", { name: "JavaScript" }).check();
  await expect(page.locator("#api-follow")).toContainText("new WebSocket");
});

test("nothing scrolls sideways with the source open, and axe is content in the dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  for (const width of [1440, 768, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto("./reference/#source/rust/softmax");
    await expect(page.locator("#source").getByRole("tree")).toBeVisible();
    await formula(page, "update").scrollIntoViewIfNeeded(); // out of sight it asks for nothing
    await expect(formula(page, "update").locator("dt")).toHaveCount(2);
    expect(await fits(page), `${width} px`).toBe(true);
  }
  expect(await violations(page)).toEqual([]);
});
