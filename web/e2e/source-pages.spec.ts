// The source beside every page: each link to a concept resolves, the code goes along with what happens, its loops can be moved,
// and the architecture leads to lines. What numbers must be is asked of an engine of the test's own.
import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { tensors } from "../src/lib/engine/wire";
import { digits } from "../src/lib/format";
import type { Answer, Question } from "../src/lib/protocol/types";
import type { Concept, SourceFile } from "../src/lib/source/data";
import { trained } from "./engine";
import { expectPhase, openTrained, settled, test, violationsInBothThemes } from "./support";

const LANGUAGES = ["rust", "python"] as const;
const made = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../source/${name}.json`, import.meta.url), "utf8")) as T;

const tree = (page: Page) => page.getByRole("tree");
const concept = (page: Page) => page.getByRole("combobox", { name: "Concept" });
const row = (page: Page, text: string) => tree(page).getByRole("treeitem").filter({ hasText: text });
const tab = (page: Page, name: string) => page.getByRole("tablist", { name: "Beside the page" }).getByRole("tab", { name });
const stage = (page: Page, name: string) => page.getByRole("navigation", { name: "The seven stages" }).getByRole("button", { name });

/** The lines that are lit in the file on screen, from 0, and whether the first of them, or what it is folded in, is seen. */
function lit(page: Page): Promise<{ path: string; lines: number[]; inView: boolean }> {
  return tree(page).evaluate((box) => {
    const rows = [...box.querySelectorAll<HTMLElement>(".row.lit")];
    const first = rows[0]?.getBoundingClientRect();
    const [around, height] = [box.getBoundingClientRect(), innerHeight];
    const inView = first !== undefined && first.top >= around.top - 1 && first.top < Math.min(around.bottom, height);
    return { path: (box.getAttribute("aria-label") ?? "").split(". ")[0] ?? "", lines: rows.map((one) => Number(one.dataset["line"])), inView };
  });
}

/** Numbers that the engine has at an address; there must be some. */
function numbersAt(ask: (question: Question) => Answer, address: string): number[] {
  const read = ask({ type: "read", addresses: [address] });
  if (read.type !== "readings") throw new Error("another answer");
  const values = [...(tensors(read.answer)[0]?.values ?? [])];
  if (values.length === 0) throw new Error(`the engine has nothing at ${address}`);
  return values;
}

/** Opens Generate with the code beside it. */
async function openGenerate(page: Page, query: string): Promise<void> {
  await page.goto(`./generate/${query}`);
  await expect(page.locator(".picture")).toContainText(/\w/);
}

for (const preset of ["blog", "gist"] as const) {
  test(`every link to a concept lights its lines, in both languages, preset ${preset}`, async ({ page }) => {
    await openTrained(page, `?preset=${preset}&view=model`);
    const concepts = made<readonly Concept[]>("concepts");
    let links = 0;
    for (const language of LANGUAGES) {
      const { files } = made<{ files: readonly SourceFile[] }>(language);
      for (const { id, only } of concepts) {
        // One page, without loading it again: the address changes as it does when a link of the site is followed.
        const query = `?v=1&preset=${preset}&view=model&code=${language}/${id}`;
        await page.evaluate((to) => {
          history.pushState(null, "", to);
          dispatchEvent(new PopStateEvent("popstate"));
        }, query);
        const has = only === null || only[0] === language;
        if (!has) {
          await expect(page.getByRole("region", { name: "Explanation" })).toContainText(/^.*Only in (Rust|Python)/s);
          continue;
        }
        await expect(concept(page)).toHaveValue(id);
        const wanted = files.flatMap(({ path, regions }) => {
          const lines = new Set(regions.filter(([ids]) => ids.includes(id)).flatMap(([, first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
          return lines.size > 0 ? [{ path, lines }] : [];
        });
        await expect.poll(async () => {
          const { path, lines, inView } = await lit(page);
          const there = wanted.find((one) => one.path === path)?.lines;
          return { link: query, inView, right: lines.length > 0 && there !== undefined && lines.every((line) => there.has(line)) };
        }).toEqual({ link: query, inView: true, right: true });
        links += 1;
      }
    }
    expect(links).toBeGreaterThan(100);
  });
}

test("on Generate the code follows the time line: by stage, by beat, and while it plays", async ({ page }) => {
  await openGenerate(page, "?preset=startups&prefix=zep&at=4.tokenize.ids");
  await tab(page, "Code").click();
  const STAGES = { Tokenize: "vocabulary", Embed: "rmsnorm", Attention: "output-projection", MLP: "residual", Probabilities: "top-k-top-p", Draw: "draw", Result: "kv-cache" };
  for (const [name, about] of Object.entries(STAGES)) {
    await stage(page, name).click();
    await expect(concept(page), name).toHaveValue(about);
    await expect.poll(async () => (await lit(page)).inView, { message: name }).toBe(true);
  }
  // Beat by beat, and back again.
  const way = page.getByRole("slider", { name: /^Moment of the way/ });
  await stage(page, "Embed").click();
  await way.focus();
  for (const about of ["value", "attention-scores", "scaling", "attention-weights", "mixing", "output-projection"]) {
    await page.keyboard.press("ArrowRight");
    await expect(concept(page)).toHaveValue(about);
  }
  await page.keyboard.press("ArrowLeft");
  await expect(concept(page)).toHaveValue("mixing");
  // Whoever reads a line keeps it until the way goes on.
  await row(page, "let weights = softmax(&logits)").click();
  await expect(page.getByRole("region", { name: "Explanation" }).getByRole("heading", { name: "Attention weights" })).toBeVisible();
  // Playing, it goes through the beats in their order.
  await stage(page, "Tokenize").click();
  await page.getByRole("combobox", { name: "Speed" }).selectOption("4");
  const seen: string[] = [];
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(async () => {
    const now = await concept(page).inputValue();
    if (seen.at(-1) !== now) seen.push(now);
    return seen.includes("attention-scores");
  }, { intervals: [60] }).toBe(true);
  await page.getByRole("button", { name: "Pause" }).click();
  const order = ["vocabulary", "embedding", "position", "embedding", "rmsnorm", "query", "key", "value", "attention-scores"];
  let at = 0;
  for (const one of seen) {
    at = order.indexOf(one, at);
    expect(at, `${one} in ${seen.join(" ")}`).toBeGreaterThanOrEqual(0);
  }
  expect(seen.length).toBeGreaterThan(3);
});

test("a scrubber at a loop moves the page's selection, and the value becomes the engine's", async ({ page }) => {
  const ask = trained("startups");
  await openGenerate(page, "?preset=startups&prefix=zep&at=4.attention.softmax&code=rust/attention-scores/0");
  const written = ask({ type: "write", step: null, prefix: "zep", samplings: [{ temperature: 0.5 }], count: 10, seed: 42 });
  if (written.type !== "writings") throw new Error("another answer");
  const whole = written.answer.batches[0]?.texts[0]?.score.text ?? "";
  /** What the note of a line must say: the first three of the engine's numbers. */
  const wanted = (name: string): string => numbersAt(ask, `step:1000/text:${whole}/${name}`).slice(0, 3).map((value) => digits(value)).join("  ");
  const scores = row(page, "let logits: Vector = keys.iter()").locator(".note");
  await expect(scores).toContainText(wanted("p4/layer0.head0.attn_logits"));
  const head = row(page, "for head in (0..q.len())").getByRole("slider", { name: "head" });
  await head.fill("2");
  await expect(scores).toContainText(wanted("p4/layer0.head2.attn_logits"));
  await expect(page.getByRole("button", { name: /^Head 2 looks at/ })).toHaveAttribute("aria-pressed", "true");
  // By keys, and the other way round.
  await head.press("ArrowRight");
  await expect(scores).toContainText(wanted("p4/layer0.head3.attn_logits"));
  await expect(tree(page).locator('[aria-selected="true"]')).toContainText("let logits: Vector");
  await page.getByRole("button", { name: /^Head 1 looks at/ }).click();
  await expect(head).toHaveValue("1");
  await expect(scores).toContainText(wanted("p4/layer0.head1.attn_logits"));
  // The position is that of the way.
  const position = row(page, "pub fn gpt(&self, token: TokenId, position: usize").getByRole("slider", { name: "position" });
  await expect(position).toHaveValue("4");
  await position.fill("1");
  await expect(page.getByRole("slider", { name: /^Moment of the way/ })).toHaveAttribute("aria-valuetext", /Position 1/i);
  await expect(row(page, "let q = linear(x, &layer.attn_wq)").locator(".note")).toContainText(wanted("p1/layer0.q"));
});

test("in the lab a step that is taken walks the code through it, and a scrubber moves the numbers alone", async ({ page }) => {
  await page.goto("./lab/?mode=live&step=0&view=training&code=rust/training-step");
  await expectPhase(page, "ready");
  const seen: string[] = [];
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(async () => {
    const now = await concept(page).inputValue();
    if (seen.at(-1) !== now) seen.push(now);
    return seen.slice(-1)[0] === "training-step" && seen.length > 1;
  }, { intervals: [80] }).toBe(true);
  expect(seen.filter((one) => one !== "training-step")).toEqual(["pick-document", "forward", "loss", "backward", "adam-step"]);

  await openTrained(page, "?view=training&code=rust/mean-loss/0");
  await row(page, "sum(losses) * (1.0 / n as f64)").click();
  const note = row(page, "sum(losses) * (1.0 / n as f64)").locator(".note");
  const before = await note.innerText();
  const chip = page.getByRole("region", { name: "Explanation" }).getByRole("button", { name: "step: one less" });
  await chip.click();
  await expectPhase(page, "past");
  await expect(note).not.toHaveText(before);
  await page.getByRole("region", { name: "Explanation" }).getByRole("button", { name: "step: one more" }).click();
  await expect(note).toHaveText(before);
  await expect(concept(page)).toHaveValue("mean-loss");
});

test("the architecture shows the engine's numbers, and each of its parts leads to lines", async ({ page }) => {
  const ask = trained("blog");
  await openTrained(page, "?view=training");
  await tab(page, "Architecture").click();
  const parts = page.getByRole("group", { name: "What to look at" });
  // Blocks.
  for (const [block, line] of [["query", "let q = linear(x, &layer.attn_wq)"], ["hidden units", "linear(x, &layer.mlp_fc1)"], ["logits", "linear(&x, &self.lm_head)"]] as const) {
    await page.getByRole("group", { name: "Map of the model" }).getByRole("button", { name: `Open ${block}:` }).click();
    await expect(tree(page).locator(".lit").filter({ hasText: line })).toBeInViewport();
  }
  // The forward pass, part by part: the code goes along.
  const slider = page.getByRole("slider", { name: "Part of the forward pass" });
  await slider.fill("0");
  await expect(tree(page).locator(".lit")).toContainText("let token_embedding");
  await slider.press("End");
  await expect(tree(page).locator(".lit").last()).toContainText("log()");
  // The training loop, with the figures of the step.
  await parts.getByRole("radio", { name: "Training" }).click();
  const [loss = NaN] = numbersAt(ask, "step:999/loss");
  const loop = page.getByRole("group", { name: "Training", exact: true });
  await expect(loop.getByRole("button", { name: /Loss/ })).toContainText(`${digits(loss, 4)} nats`);
  for (const [name, line] of [["Pick a document", "of_step("], ["Forward", "pub fn gpt("], ["Backward", "pub fn backward("], ["Adam", "pub fn update("]] as const) {
    await loop.getByRole("button", { name: new RegExp(name) }).click();
    await expect(tree(page).locator(".lit").filter({ hasText: line }).first()).toBeAttached();
    await expect.poll(async () => (await lit(page)).inView, { message: name }).toBe(true);
  }
  // Four functions, and the parameters: their counts make the whole.
  await parts.getByRole("radio", { name: "Functions" }).click();
  for (const name of ["linear", "softmax", "rmsnorm", "gpt"]) {
    await page.getByRole("group", { name: "Functions" }).getByRole("button", { name, exact: true }).click();
    await expect(tree(page).locator(".lit").filter({ hasText: `fn ${name}` }).first()).toBeInViewport();
  }
  await parts.getByRole("radio", { name: "Parameters" }).click();
  const cards = page.getByRole("group", { name: "Parameters" });
  const counts = (await cards.locator(".count").allInnerTexts()).map((text) => Number(text.replaceAll(",", "")));
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(4192);
  await expect(cards).toContainText("Parameters: 4,192");
  await cards.getByRole("button", { name: /attn_wv/ }).click();
  await expect(tree(page).locator(".lit").filter({ hasText: "values.push(linear(x, &layer.attn_wv))" })).toBeInViewport();
  await page.getByRole("button", { name: "Open in Code" }).click();
  await expect(concept(page)).toHaveValue("value");
});

test("on the first page the code comes when it is asked for, and stays open and as wide as it was", async ({ page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto("./");
  await expect(page.getByRole("button", { name: "Train", exact: true })).toBeEnabled();
  expect(fetched.filter((path) => /\/(rust|python|concepts|CodePane)-/.test(path))).toEqual([]);
  await page.getByRole("button", { name: "Show the code" }).click();
  await expect(concept(page)).toHaveValue("training-step");
  expect(fetched.some((path) => /\/rust-/.test(path))).toBe(true);
  // One of its numbers is that of the name on the page, at the letter that the loop stands at.
  await concept(page).selectOption("cross-entropy");
  const values = page.getByRole("region", { name: "Explanation" });
  const here = page.locator(".tiles .here");
  const letter = await here.innerText();
  await values.getByRole("button", { name: "position: one more" }).click();
  await expect(here).not.toHaveText(letter);
  await expect(page.locator(".tiles li").nth(3)).toHaveClass(/here/);

  const edge = page.getByRole("separator", { name: "Width of the code" });
  const width = Number(await edge.getAttribute("aria-valuenow"));
  await edge.press("ArrowLeft");
  await page.reload();
  await expect(tree(page)).toBeVisible();
  await expect(edge).toHaveAttribute("aria-valuenow", String(width + 24));
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("button", { name: "Show the code" })).toBeFocused();
  await page.reload();
  await expect(page.getByRole("button", { name: "Show the code" })).toBeVisible();
  await expect(tree(page)).toHaveCount(0);
});

test("the keyboard is enough: from the tabs to a line, a loop, a block and back", async ({ page }) => {
  await openGenerate(page, "?preset=startups&prefix=zep&at=4.attention.softmax");
  await tab(page, "Names").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "Code")).toBeFocused();
  await expect(concept(page)).toHaveValue("attention-weights");
  await page.getByRole("searchbox", { name: "Search" }).focus();
  await page.keyboard.press("Tab");
  await expect(tree(page)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(tree(page).locator('[aria-selected="true"]')).toContainText("let logits: Vector");
  // The next stops are the loops of this file, in the order of its lines.
  await page.keyboard.press("Tab");
  const first = tree(page).getByRole("slider").first();
  await expect(first).toBeFocused();
  await expect(first).toHaveAccessibleName("position");
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("slider", { name: /^Moment of the way/ })).toHaveAttribute("aria-valuetext", /Position 3/i);
  await expect(first).toBeFocused();
  await tab(page, "Code").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "Architecture")).toBeFocused();
  const block = page.getByRole("group", { name: "Map of the model" }).getByRole("button", { name: /^Open key:/ });
  await block.focus();
  await page.keyboard.press("Enter");
  await expect(block).toHaveAttribute("aria-pressed", "true");
  await tab(page, "Architecture").press("Home");
  await expect(page.getByRole("list", { name: "Names written" })).toBeVisible();
});

test("whoever goes to a scrubber by keyboard is not taken back to the line that was linked to", async ({ page }) => {
  await openTrained(page, "?view=model&code=python/training-step");
  await expect.poll(async () => (await lit(page)).inView).toBe(true);
  const far = tree(page).locator("[data-scrub]").locator("input, [tabindex='0']").first();
  await expect(far).not.toBeInViewport();
  await far.focus();
  await expect(far).toBeInViewport();
  await settled(page); // lines come into sight, and get the height they have
  await expect(far).toBeInViewport();
});

test("axe finds nothing beside any page, in either theme", async ({ page }) => {
  await openGenerate(page, "?preset=startups&prefix=zep&at=4.attention.softmax&code=rust/attention-scores/0");
  await expect(tree(page).locator(".note").first()).toBeVisible();
  const clean = async (at: string): Promise<void> =>
    expect.soft({ at, found: await violationsInBothThemes(page) }).toEqual({ at, found: [] });
  await clean("code");
  await page.goto("./"); // what is open beside one page is open beside the next
  await tab(page, "Architecture").click();
  for (const part of ["Forward", "Training", "Functions", "Parameters"]) {
    await page.getByRole("group", { name: "What to look at" }).getByRole("radio", { name: part }).click();
    await expect(tree(page)).toBeVisible();
    await settled(page);
    await clean(part);
  }
});

test("on a phone the code lies below the stage, and the way stays in reach", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openGenerate(page, "?preset=startups&prefix=zep&at=4.attention.softmax");
  await page.getByRole("button", { name: "Code", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Code" });
  await expect(sheet.getByRole("tree")).toBeInViewport();
  await page.getByRole("button", { name: "Beat on" }).click(); // fails if the sheet lies over it
  await expect(sheet.getByRole("combobox", { name: "Concept" })).toHaveValue("mixing");
  await expect(sheet.getByRole("tree").locator(".lit").first()).toBeInViewport();
  await sheet.getByRole("tab", { name: "Architecture" }).click();
  await expect(page.getByRole("dialog", { name: "Architecture" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Code", exact: true })).toBeFocused();
});
