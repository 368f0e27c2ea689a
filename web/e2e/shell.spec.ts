// What stands around every page: help, settings, the engine and its loss, the way between pages, by keyboard and without a server.
import { expect, type Page, type WebSocketRoute } from "@playwright/test";
import { HOST, openTrained, test, violations } from "./support";

const step = (page: Page) => page.locator(".standing .step");
const dialog = (page: Page) => page.getByRole("dialog");

test("? opens the help, Esc closes it, and it never opens while one types", async ({ page }) => {
  await openTrained(page);
  await page.keyboard.press("?");
  await expect(dialog(page)).toContainText("How to read this page");
  await expect(dialog(page)).toContainText("Train one step");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("s");
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await expect(step(page)).toHaveText("step 1,000 of 1,000");
  await page.keyboard.press("Control+?");
  await page.getByLabel("beginning with").press("?");
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByLabel("beginning with")).toHaveValue("?");
});

test("settings are in force at once, remembered, and can be put back", async ({ page }) => {
  await page.goto("./");
  const button = page.getByRole("button", { name: "Settings of this page" });
  await button.click();
  await dialog(page).getByRole("radio", { name: "Dark" }).check();
  await dialog(page).getByRole("radio", { name: "Reduced" }).check();
  await dialog(page).getByLabel("Single letters are shortcuts").uncheck();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
  await page.keyboard.press("?");
  await expect(dialog(page)).toHaveCount(0);

  await page.reload();
  const root = page.locator("html");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(root).toHaveAttribute("data-motion", "reduced");
  await button.click();
  await expect(dialog(page).getByLabel("Single letters are shortcuts")).not.toBeChecked();
  await dialog(page).getByRole("button", { name: "Back to the usual settings" }).click();
  await expect(dialog(page).getByLabel("Single letters are shortcuts")).toBeChecked();
  await expect(root).not.toHaveAttribute("data-theme", "dark");
});

test("the first Tab skips to the content, and a new page takes the focus", async ({ page }) => {
  await page.goto("./");
  await expect(page.getByRole("button", { name: "Train", exact: true })).toBeEnabled();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  expect(new URL(page.url()).hash).toBe("");

  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Lab" }).press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await expect(page).toHaveTitle("Lab · glassgpt");
  expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
});

test("the engine can be changed, and the run goes along", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&steps=40&step=12");
  await expect(step(page)).toHaveText("step 12 of 40");
  await page.getByRole("button", { name: /^Engine: / }).click();
  const menu = page.getByRole("group", { name: "Where the numbers are computed" }).first();
  await expect(menu).toContainText("connected");
  expect(await violations(page)).toEqual([]);
  if (HOST === "files") {
    await expect(menu).not.toContainText("On the server");
    return;
  }
  await menu.getByRole("radio", { name: "In this browser" }).check();
  await expect(page.getByRole("button", { name: "Engine: In this browser, connected" })).toBeVisible();
  await expect(step(page)).toHaveText("step 12 of 40");
  await page.reload();
  await expect(page.getByRole("button", { name: "Engine: In this browser, connected" })).toBeVisible();
});

test("a lost connection is said at once, and found again", async ({ page }) => {
  if (HOST === "files") {
    await openTrained(page);
    await expect(page.getByText("Disconnected.")).toHaveCount(0);
    return;
  }
  const sockets: WebSocketRoute[] = [];
  let off = false;
  await page.routeWebSocket(/socket/, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  await page.route("**/api/**", (route) => (off ? route.abort() : route.continue()));
  await page.goto("./lab/?v=1&preset=blog&steps=40&step=12");
  await expect(step(page)).toHaveText("step 12 of 40");
  off = true;
  for (const socket of sockets) await socket.close();
  await expect(page.getByText("Disconnected.")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  off = false;
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByText("Disconnected.")).toHaveCount(0);
  await expect(step(page)).toHaveText("step 12 of 40");
});

test("without its server the page says what to do, and can compute by itself", async ({ page }) => {
  if (HOST === "files") {
    await page.route("**/api/**", (route) => route.abort());
    await openTrained(page);
    return;
  }
  await page.route("**/api/**", (route) => route.abort());
  await page.goto("./lab/");
  await expect(page.getByRole("heading", { name: "The engine does not answer" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("glassgpt lab");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Compute in this browser instead" }).click();
  await expect(step(page)).toHaveText("step 1,000 of 1,000");
});
