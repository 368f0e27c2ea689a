// The first page: a model that knows nothing learns to write names, before one's eyes.
import { expect } from "@playwright/test";
import { test } from "./support";

async function writings(page: import("@playwright/test").Page): Promise<string[]> {
  return page.getByRole("list", { name: "What it writes" }).getByRole("listitem").allInnerTexts();
}

test("noise becomes names", async ({ page }) => {
  await page.goto("./");
  const button = page.getByRole("button", { name: "Train", exact: true });
  await expect(button).toBeEnabled();
  await expect(page.getByText("after step 0", { exact: true })).toBeVisible();
  const noise = await writings(page);
  expect(noise).toHaveLength(10);

  await button.click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(page.getByText("after step 1,000", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Train again" })).toBeVisible();
  const names = await writings(page);
  expect(names).not.toEqual(noise);
});

test("reads a name of one's own, and says which letters it does not know", async ({ page }) => {
  await page.goto("./");
  const name = page.getByRole("textbox", { name: "Type a name" });
  const tiles = page.locator(".tiles li");
  await expect(tiles).toHaveCount(5);
  await name.fill("maria");
  await expect(tiles).toHaveCount(6);
  await expect(tiles.last()).toContainText("BOS");

  await name.fill("Zo3");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveAccessibleDescription(/Z/);
  await expect(tiles).toHaveCount(0);
  await name.fill("Zoe");
  await page.getByRole("button", { name: "Use “zoe” instead" }).click();
  await expect(tiles).toHaveCount(4);
  await name.fill("Zoë 9");
  await page.getByRole("button", { name: "Use “zoe” instead" }).click();
  await expect(tiles).toHaveCount(4);
});

test("three doors lead into the lab, and the model goes along", async ({ page }) => {
  await page.goto("./");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect(page.getByText("after step 1,000", { exact: true })).toBeVisible();
  const names = await writings(page);
  await page.getByRole("link", { name: /^Lab/ }).last().click();
  await expect(page).toHaveURL(/\/lab\//);
  await expect(page.getByRole("list", { name: "Live samples" }).getByRole("listitem")).toHaveCount(names.length);
  const live = await page.getByRole("list", { name: "Live samples" }).getByRole("listitem").allInnerTexts();
  expect(live.map((text) => text.split("\n")[0])).toEqual(names.map((text) => text.split("\n")[0]));
  await page.goBack();
  await expect(page.getByRole("heading", { name: "A GPT made of glass" })).toBeVisible();
});

test("while the engine starts, blanks keep the places of what it will show", async ({ page }) => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  for (const what of ["**/api/v1/**", "**/*.wasm"]) await page.route(what, async (route) => { await opened; await route.continue(); });
  await page.goto("./");
  const list = page.locator("ul[aria-busy]");
  await expect(list).toHaveAttribute("aria-busy", "true");
  await expect(list.locator(".skeleton")).toHaveCount(10);
  await expect(page.locator(".tiles .skeleton")).toHaveCount(5);
  const heights = (): Promise<(number | undefined)[]> => Promise.all([list, page.locator(".reading")].map(async (one) => (await one.boundingBox())?.height));
  const before = await heights();
  open();
  await expect(list).toHaveAttribute("aria-busy", "false");
  await expect(page.locator(".skeleton")).toHaveCount(0);
  expect(await heights()).toEqual(before);
});

test("without a program that answers, the page computes by itself", async ({ page }) => {
  await page.route("**/api/v1/**", (route) => route.abort());
  await page.routeWebSocket(/\/socket/, (socket) => socket.close());
  await page.goto("./");
  await expect(page.getByText("after step 0", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect(page.getByText("after step 1,000", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Engine: In this browser/ })).toBeVisible();
});
