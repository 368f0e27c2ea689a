// Watches a name being written: the numbers are the engine's, the way back shows what was there, and the keyboard is enough.
import { expect, type Page } from "@playwright/test";
import { trained } from "./engine";
import { frames, test, violations, violationsInBothThemes } from "./support";

const STAGES = ["Tokenize", "Embed", "Attention", "MLP", "Probabilities", "Draw", "Result"] as const;
const picture = (page: Page) => page.locator(".picture");
const stage = (page: Page, name: string) => page.getByRole("navigation", { name: "The seven stages" }).getByRole("button", { name });
const prefix = (page: Page) => page.getByRole("textbox", { name: "Begin with" });
const way = (page: Page) => page.getByRole("slider", { name: /^Moment of the way/ });
const names = (page: Page) => page.getByRole("list", { name: "Names written" }).getByRole("listitem");

/** Opens the page and waits until there is something to see. */
async function open(page: Page, query = "?preset=startups&prefix=zep"): Promise<void> {
  await page.goto(`./generate/${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Generate" })).toBeVisible();
  await expect(picture(page)).toContainText(/\w/);
}

/** All that a stage says and shows: text, bars and colours. */
async function seen(page: Page): Promise<string> {
  await expect(page.locator(".sentence")).not.toContainText("The engine is computing");
  return page.locator(".frame").evaluate((frame) => {
    const parts = [...frame.querySelectorAll("[style]")].map((element) => element.getAttribute("style"));
    return JSON.stringify([frame.textContent, parts]);
  });
}

test("the probabilities after “zep” are the engine's, and so is what was drawn", async ({ page }) => {
  const ask = trained("startups");
  const answer = ask({ type: "next_token", step: null, text: "zep", samplings: [{ temperature: 0.5 }, { temperature: 1 }], random: null });
  const written = ask({ type: "write", step: null, prefix: "zep", samplings: [{ temperature: 0.5 }], count: 10, seed: 42 });
  if (answer.type !== "next_token" || written.type !== "writings") throw new Error("other answers");
  const [way] = answer.answer.ways;
  const texts = written.answer.batches[0]?.texts ?? [];

  await open(page, "?preset=startups&prefix=zep&at=3.probabilities.softmax");
  await page.locator("summary", { hasText: "Every number of this stage" }).click();
  const rows = page.getByRole("group", { name: "Every number of this stage" }).locator("tbody tr");
  await expect(rows).toHaveCount(answer.answer.logits.length);
  const shown = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => (cell.textContent ?? "").replace(/Asking.*|step:.*/s, "").trim())));
  const three = (p: number): string => (p > 0 && p < 0.0005 ? "<0.001" : p.toFixed(3));
  for (const [token, cells] of shown.entries()) {
    expect(cells[3]).toBe(three(way?.shares[token] ?? NaN));
    expect(Number(cells[0]?.replace("−", "-"))).toBeCloseTo(answer.answer.logits[token] ?? NaN, 3);
  }
  await expect(names(page)).toHaveCount(texts.length);
  for (const [i, { score }] of texts.entries()) {
    const letters = await names(page).nth(i).locator(".letter").allInnerTexts();
    expect(letters.join("").replace(/\.$/, "").replaceAll("\n", "")).toBe(score.text);
  }
});

test("a beginning that the model cannot read is refused, with its characters named, and nothing is dropped", async ({ page }) => {
  await open(page);
  await prefix(page).fill("Zoë-3");
  await expect(prefix(page)).toHaveAttribute("aria-invalid", "true");
  for (const letter of ["‘Z’", "‘ë’", "‘-’", "‘3’"]) await expect(page.getByRole("alert")).toContainText(letter);
  await expect(page.getByRole("alert")).not.toContainText("‘o’");
  await expect(prefix(page)).toHaveValue("Zoë-3");
  await expect(page.getByText("Nothing is generated")).toBeVisible();
  await expect(page.getByRole("button", { name: "Generate", exact: true })).toBeDisabled();
  expect(await violations(page)).toEqual([]);

  await prefix(page).fill("abcdefghijklmnopqrst");
  await expect(page.getByRole("alert")).toContainText("at most 15");
  await page.getByRole("group", { name: "Beginnings to try" }).getByRole("button", { name: "nova" }).click();
  await expect(prefix(page)).toHaveValue("nova");
  await expect(names(page).first()).toContainText("n");
  await expect(page.locator(".tape")).toContainText("given");
});

test("scrubbing through the seven stages and back shows identical numbers", async ({ page }) => {
  await open(page, "?preset=startups&prefix=zep&at=4.tokenize.ids");
  const there: string[] = [];
  for (const name of STAGES) {
    await stage(page, name).click();
    await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
    there.push(await seen(page));
  }
  expect(new Set(there).size).toBe(STAGES.length);
  await expect(page).toHaveURL(/at=4\.result\.cache/);
  // On to the next letter, to the end, to the beginning, in the middle of a beat, and back.
  await page.getByRole("button", { name: "Letter on" }).click();
  await way(page).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await way(page).fill("61.37");
  await page.getByRole("option", { name: /^Position 4/ }).click();
  for (const [i, name] of [...STAGES.entries()].reverse()) {
    await stage(page, name).click();
    await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
    await expect.poll(() => seen(page), { message: name }).toBe(there[i]);
  }
});

test("plays, stops, and moves less where one wants less motion", async ({ page }) => {
  await open(page);
  const value = async (): Promise<number> => Number(await way(page).inputValue());
  const before = await value();
  await page.getByRole("combobox", { name: "Speed" }).selectOption("4");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(value).toBeGreaterThan(before + 1);
  await page.getByRole("button", { name: "Pause" }).click();
  const stopped = await value();
  await frames(page, 12);
  expect(await value()).toBe(stopped);

  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(value).toBeGreaterThan(stopped);
  await page.getByRole("button", { name: "Pause" }).click();
  expect(Number.isInteger(await value())).toBe(true);
});

test("the same number chooses another letter at another temperature, and one can go on with it", async ({ page }) => {
  await open(page, "?preset=startups&prefix=zep&at=3.draw.letter&temperature=1");
  const chosen = page.locator("dl .chosen dd");
  await expect(chosen).toHaveText(/^\w+$/);
  const before = await chosen.innerText();
  const number = page.getByRole("slider", { name: "Random number, slider" });
  const line = page.locator(".line").first();
  await number.focus();
  for (const place of ["0.02", "0.4", "0.93"]) {
    await number.fill(place);
    await expect(line.getByRole("img")).toHaveAttribute("aria-label", /from/);
  }
  await expect(chosen).not.toHaveText(before);
  await number.fill("0.3");
  await expect(number).toHaveAttribute("aria-valuetext", /^0\.3000/);
  const other = page.getByRole("button", { name: /^Go on with/ });
  await expect(other).toBeVisible();
  const letter = /‘(.)’/.exec(await other.innerText())?.[1] ?? "";
  await other.click();
  await expect(prefix(page)).toHaveValue(`zep${letter}`);
  await expect(page.locator(".tape")).toContainText(letter);
  await expect(page.getByRole("button", { name: /^Ask again: “zep…”, T 1$/ })).toBeVisible();
});

test("whoever opens the link sees the same moment of the same name", async ({ page, browser, baseURL }) => {
  await open(page, "?preset=startups&prefix=no&temperature=1.2&top_k=9&draws=7&count=4&name=2&at=2.attention.softmax&head=3");
  await expect(names(page)).toHaveCount(4);
  await expect(page.getByRole("heading", { level: 2, name: "Attention" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Head 3 looks at/ })).toHaveAttribute("aria-pressed", "true");
  const [there, texts] = [await seen(page), await names(page).allInnerTexts()];
  await expect(page).toHaveURL(/prefix=no&temperature=1.2&top_k=9&draws=7&count=4&name=2&at=2\.attention\.softmax/);

  const other = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const second = await other.newPage();
  await second.goto(page.url().replace(/[?&]session=[^&]*/, ""));
  await expect(names(second)).toHaveCount(4);
  expect(await names(second).allInnerTexts()).toEqual(texts);
  await expect.poll(() => seen(second)).toBe(there);
  await other.close();
});

test("a number can be opened, and the comparison keeps the random numbers", async ({ page }) => {
  await open(page, "?preset=startups&prefix=zep&at=3.embed.norm");
  const cell = page.getByRole("grid", { name: "From a letter and a place to one vector" }).getByRole("button").first();
  await cell.click();
  await expect(page).toHaveURL(/pin=step:1000\/text:zep\w*\/p3\/tok_emb/);
  await expect(page.getByRole("region", { name: "Pinned numbers" })).toContainText("tok_emb[0]");
  await page.getByRole("button", { name: "Compare temperatures" }).click();
  const table = page.getByRole("group", { name: "Temperatures side by side" });
  await expect(table.locator("tbody tr")).toHaveCount(10);
  await expect(table.locator("tbody tr").first().locator("td")).toHaveCount(5);
  expect(await violations(page)).toEqual([]);
  await table.getByRole("button", { name: "T = 1.5" }).click();
  await expect(page).toHaveURL(/temperature=1.5/);
});

test("the keyboard is enough: choose a beginning, walk the beats, open a number, take another letter", async ({ page }) => {
  await open(page, "?preset=startups");
  await prefix(page).focus();
  await page.keyboard.type("zep");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).press("Enter");
  await way(page).focus();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("ArrowRight");
  await expect(way(page)).toHaveAttribute("aria-valuetext", /Embed/);
  await page.keyboard.press("PageUp");
  const grid = page.getByRole("grid", { name: "From a letter and a place to one vector" });
  await grid.locator("button[tabindex='0']").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/pin=.*pos_emb\[1\]|pin=.*pos_emb%5B1%5D/);
  await stage(page, "Probabilities").press("Enter");
  const options = page.getByRole("listbox", { name: "Every token: its score and its chance" });
  await options.locator("[tabindex='0']").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(options.getByRole("option", { name: /^‘b’/ })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("button", { name: "Go on with ‘b’" }).press("Enter");
  await expect(prefix(page)).toHaveValue("zepb");
});

test("axe finds nothing at any stage, in either theme", async ({ page }) => {
  await open(page, "?preset=startups&prefix=zep&at=4.tokenize.ids");
  for (const name of STAGES) {
    await stage(page, name).click();
    await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
    await seen(page);
    expect.soft({ name, found: await violationsInBothThemes(page) }).toEqual({ name, found: [] });
  }
});

test("the first page's door leads here, and an untrained model says so", async ({ page }) => {
  await page.goto("./");
  await expect(page.getByText("after step 0", { exact: true })).toBeVisible(); // whoever is quicker than the engine finds it trained
  await page.getByRole("navigation", { name: "Where to go from here" }).getByRole("link", { name: /^Generate/ }).click();
  await expect(page).toHaveTitle("Generate · glassgpt");
  await expect(page.getByRole("main")).toContainText("has not been trained");
  const before = await names(page).allInnerTexts();
  await page.getByRole("button", { name: "Train it" }).click();
  await expect(page.getByRole("main")).not.toContainText("has not been trained");
  await expect.poll(() => names(page).allInnerTexts()).not.toEqual(before);
});

test("the bar of a phone is one row in every state, and its buttons hold their words", async ({ page }) => {
  for (const width of [320, 360, 375, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const heights: number[] = [];
    for (const at of ["4.attention.scores", "7.result.cache"]) {
      await page.goto(`./generate/?preset=startups&prefix=zep&at=${at}`);
      const bar = page.getByRole("region", { name: "Moment and speed" });
      const play = bar.getByRole("button", { name: at.startsWith("7") ? "Replay" : "Play" });
      await expect(play).toBeVisible();
      expect(await play.evaluate((it) => it.scrollWidth <= it.clientWidth), `${width} px`).toBe(true);
      heights.push((await bar.boundingBox())?.height ?? NaN);
    }
    expect(heights[1], `${width} px`).toBe(heights[0]);
  }
});
