// What the browser tests share: which host they run against, how a page is opened, what must never happen on one.
import AxeBuilder from "axe-core";
import { expect, test as base, type Page } from "@playwright/test";

declare const window: { axe: typeof AxeBuilder };

/** The site may be handed out by the program, with an engine of its own, or lie on a plain file host. */
export const HOST = process.env["GLASSGPT_HOST"] === "files" ? "files" : "server";

/** What a browser itself says of a request that fails: tests that take the network away bring it about. */
const OF_THE_NETWORK = /^(Failed to load resource|WebSocket connection to|Fetch API cannot load|Access to fetch)/;

/** What Playwright itself says where it keeps service workers out, as the settings of these tests ask. */
const OF_PLAYWRIGHT = "Service Worker registration blocked by Playwright";

/** A test whose page says nothing in the console: no warning, no error, nothing thrown. */
export const test = base.extend<{ silent: void }>({
  silent: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on("console", (message) => {
        const isComplaint = message.type() === "warning" || message.type() === "error";
        const isOurs = !OF_THE_NETWORK.test(message.text()) && !message.text().startsWith(OF_PLAYWRIGHT);
        if (isComplaint && isOurs) said.push(`${message.type()}: ${message.text()} (${message.location().url})`);
      });
      page.on("pageerror", (error) => said.push(`thrown: ${error.message}`));
      await use();
      expect(said, "the console is silent").toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the lab and waits until the model stands at the end of its training. */
export async function openTrained(page: Page, query = ""): Promise<void> {
  await page.goto(`./lab/${query}`);
  await expectPhase(page, "finished");
}

export type Phase = "ready" | "running" | "paused" | "finished" | "diverged" | "lost" | "past";

/** Waits until the status pill says so. */
export async function expectPhase(page: Page, phase: Phase): Promise<void> {
  await expect(page.locator(".phase")).toHaveAttribute("data-phase", phase);
}

export async function liveSamples(page: Page): Promise<string[]> {
  return page.getByRole("list", { name: "Live samples" }).getByRole("listitem").allInnerTexts();
}

/** What axe finds on the page as it stands, a line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AxeBuilder.source);
  const found = await page.evaluate(async () => (await window.axe.run({ resultTypes: ["violations"] })).violations);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** What axe finds in either theme, a line each. The page is not loaded again: from one to the other nothing but its colours changes. */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" }); // so the colours are there at once
    found.push(...(await violations(page)).map((line) => `${theme}: ${line}`));
  }
  return found;
}

/** Waits for `n` frames of the page: a number of its own turns, not a time. */
export async function frames(page: Page, n: number): Promise<void> {
  await page.evaluate(async (n) => {
    for (let i = 0; i < n; i += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, n);
}

/** Waits until nothing on the page has changed for ten frames in a row: what comes in by and by is there by then. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    let quiet = 0;
    const seen = new MutationObserver(() => (quiet = 0));
    seen.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    while (quiet < 10) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      quiet += 1;
    }
    seen.disconnect();
  });
}

/** Nothing is wider than the screen. */
export async function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}
