// Everybody can use every page: axe finds nothing in either theme at any width, and nothing scrolls sideways.
import { expect } from "@playwright/test";
import { expectPhase, fits, HOST, settled, test, violationsInBothThemes } from "./support";

const VIEWS = ["training", "model", "attention", "probabilities", "embeddings", "weights", "adam"];
const STAGES = ["tokenize.ids", "embed.norm", "attention.out", "mlp.add", "probabilities.cut", "draw.letter", "result.cache"];
const PAGES = [
  "./", "./nowhere", ...VIEWS.map((view) => `./lab/?view=${view}`),
  "./lab/?view=model&code=python/residual/1", "./lab/?preset=gist&view=adam&code=rust/schedule",
  ...STAGES.map((stage) => `./generate/?preset=startups&prefix=zep&at=4.${stage}`), "./generate/?prefix=Zo%C3%AB-3",
  "./generate/?preset=startups&prefix=zep&at=4.attention.out&code=rust/attention-scores/0", "./?code=python/training-step",
  "./reference/", "./reference/#glossary-logits",
];

for (const [width, height] of [[1440, 900], [390, 844]] as const) {
  test(`axe finds nothing in either theme at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    for (const path of PAGES) {
      if (path === "./nowhere" && HOST === "files") continue; // a file host has a page of its own for that
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      if (path.includes("view=")) await expectPhase(page, "finished");
      if (path.includes("at=")) await expect(page.locator(".picture")).toContainText(/\d/);
      await settled(page);
      expect.soft({ path, found: await violationsInBothThemes(page), fits: await fits(page) }).toEqual({ path, found: [], fits: true });
    }
  });
}
