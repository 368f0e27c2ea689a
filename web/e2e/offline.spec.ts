// On a plain file host the site keeps itself in the browser: after the first visit it needs no network any more.
import { expect } from "@playwright/test";
import { HOST, openTrained, test } from "./support";

// As a visitor has it: the page keeps itself in the browser meanwhile.
test.use({ serviceWorkers: "allow" });

test("works without a network after the first visit", async ({ page, context }) => {
  await page.goto("./");
  const keeps = HOST === "files";
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(keeps ? 1 : 0);
  if (!keeps) return; // the program that hands out the page is on this very machine: there is nothing to keep
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
  await context.setOffline(true);
  await openTrained(page);
  await page.goto("./");
  await expect(page.getByRole("button", { name: "Train", exact: true })).toBeEnabled();
});
