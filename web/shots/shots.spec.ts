// Takes a picture of every page, in every width and theme, for people to look at: cargo xtask shots.
// A test of its own kind: it fails when a page does not come up, complains in the console or scrolls sideways.
import { expect, test } from "@playwright/test";

const FOLDER = process.env["GLASSGPT_SHOTS"] ?? "../shots";
const SIZES = [[1440, 900], [768, 1024], [390, 844]] as const;
const THEMES = ["light", "dark"] as const;

/** The stages of Generate, each at its last beat. */
const STAGES = [["tokenize", "ids"], ["embed", "norm"], ["attention", "out"], ["mlp", "add"], ["probabilities", "cut"], ["draw", "letter"], ["result", "cache"]] as const;

/** Pages by the name of their pictures, and what is done before the picture is taken. */
const PAGES: Readonly<Record<string, string>> = {
  home: "./",
  "lab-training": "./lab/?view=training",
  "lab-model": "./lab/?view=model",
  "lab-attention": "./lab/?view=attention",
  "lab-probabilities": "./lab/?view=probabilities",
  "lab-embeddings": "./lab/?view=embeddings",
  "lab-weights": "./lab/?view=weights",
  "lab-adam": "./lab/?view=adam",
  "lab-past": "./lab/?view=training&step=137",
  "lab-text": "./lab/?view=attention&doc=maria&pos=3&head=2",
  "lab-pinned": "./lab/?view=weights&pin=wte%5B4%5D%5B3%5D",
  "lab-code": "./lab/?view=attention&code=rust/attention-scores/0",
  "lab-code-python": "./lab/?view=model&code=python/activation/1",
  "lab-live": "./lab/?mode=live&view=training&step=0",
  generate: "./generate/?preset=startups&prefix=zep",
  ...Object.fromEntries(STAGES.map(([stage, beat], i) => [`generate-${i + 1}-${stage}`, `./generate/?preset=startups&prefix=zep&at=4.${stage}.${beat}`])),
  "generate-end": "./generate/?preset=startups&prefix=zep&at=7.result.cache",
  "generate-unknown": "./generate/?preset=startups&prefix=Zo%C3%AB-3",
  "generate-too-long": "./generate/?prefix=abcdefghijklmnopqrst",
  "generate-untrained": "./generate/?step=0",
  "generate-diverged": "./generate/?init_std=10",
  "generate-two-layers": "./generate/?n_layer=2&at=2.attention.out",
  "generate-code": "./generate/?preset=startups&prefix=zep&at=4.attention.scores&code=rust/attention-scores/0",
  "home-code": "./?code=python/activation/1",
  reference: "./reference/",
  "reference-formulas": "./reference/#formula-surprise",
  "reference-source": "./reference/#source/rust/attention-scores/0",
  "reference-api": "./reference/#api",
  "reference-verify": "./reference/#verify",
  "lab-diverged": "./lab/?init_std=10&view=training",
};

for (const [name, path] of Object.entries(PAGES)) {
  for (const [width, height] of SIZES) {
    for (const theme of THEMES) {
      test(`${name} ${width} ${theme}`, async ({ browser, baseURL }) => {
        const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, ...(baseURL === undefined ? {} : { baseURL }) });
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        await page.goto(path);
        await expect(page.getByRole("main")).toBeVisible();
        await page.waitForTimeout(1500); // whatever is drawn is drawn by then
        await page.screenshot({ path: `${FOLDER}/${name}-${width}-${theme}.png` });
        // Pictures out of sight are drawn once they rest, so the whole page is brought into sight.
        const whole = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height: Math.min(whole, 8000) });
        await page.waitForTimeout(700);
        await page.screenshot({ path: `${FOLDER}/${name}-${width}-${theme}-whole.png` });
        await page.setViewportSize({ width, height });
        expect(complaints).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
        await context.close();
      });
    }
  }
}
