// The original names come from another host. Whichever host hands out the page, its rules must let it ask there.
import { expect } from "@playwright/test";
import { test } from "./support";

const NAMES = "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt";

test("the download of the original names gets through, and no other file would be taken for it", async ({ page }) => {
  const broken: string[] = [];
  page.on("console", (message) => broken.push(message.text()));
  const asked: string[] = [];
  // A page's own rules come before this: what they forbid is never asked for.
  await page.route(NAMES, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ body: "emma\nolivia\n", headers: { "access-control-allow-origin": "*" } });
  });
  await page.goto("./lab/");
  const settings = page.getByRole("complementary", { name: "Settings" });
  await settings.locator("summary").filter({ hasText: "Corpus" }).click();
  await settings.getByRole("button", { name: /^Download/ }).click();
  await expect(page.getByText(/^The connection broke off after 12 bytes of/)).toBeVisible();
  expect(asked).toEqual([NAMES]);
  expect(broken.filter((line) => line.includes("Content Security Policy"))).toEqual([]);
});
