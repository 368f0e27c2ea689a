// What goes out of the lab comes back to it: links, traces and models, and a clear word about every other file.
import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { test } from "./support";

const step = (page: Page) => page.locator(".standing .step");
const menu = (page: Page) => page.getByRole("group", { name: "Copy a link, save files, open files" });

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Share" }).click();
  await menu(page).getByRole("button", { name: item, exact: true }).click();
}

async function save(page: Page, item: string): Promise<{ name: string; path: string }> {
  const [file] = await Promise.all([page.waitForEvent("download"), choose(page, item)]);
  return { name: file.suggestedFilename(), path: await file.path() };
}

async function open(page: Page, name: string, buffer: Buffer): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await choose(page, "Open a trace or a model …");
  await (await chooser).setFiles({ name, mimeType: "application/json", buffer });
}

test("a copied link leads to the same screen", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("./lab/?v=1&preset=gist&step=40&view=embeddings");
  await expect(step(page)).toHaveText("step 40 of 500");
  await choose(page, "Copy link");
  await expect(page.getByText("Link copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("/lab/?v=1&preset=gist&step=40&view=embeddings");
});

test("a link that may not be copied can be copied by hand", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.goto("./lab/?v=1&preset=blog&step=40");
  await expect(step(page)).toHaveText("step 40 of 1,000");
  await choose(page, "Copy link");
  const field = page.getByLabel("Copy the link from here");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(/\/lab\/\?v=1&preset=blog&step=40$/);
});

test("a trace comes true again, and one that was edited does not", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&seed=5&steps=60");
  await expect(step(page)).toHaveText("step 60 of 60");
  const { name, path } = await save(page, "Trace");
  expect(name).toBe("glassgpt-own-names-step60.trace.json");
  const text = readFileSync(path, "utf8");
  await page.goto("./lab/?v=1&preset=blog");
  await expect(step(page)).toHaveText("step 1,000 of 1,000");

  await open(page, name, Buffer.from(text));
  await expect(page.getByRole("heading", { name: "The same, to the last bit" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(step(page)).toHaveText("step 60 of 60");
  await expect(page).toHaveURL(/seed=5/);

  const trace = JSON.parse(text) as { steps: { record: { loss: number } }[] };
  const record = trace.steps[41]?.record;
  if (record === undefined) throw new Error("a run of 60 steps has a 42nd");
  record.loss += 1e-9;
  await open(page, "edited.json", Buffer.from(JSON.stringify(trace)));
  await expect(page.getByRole("dialog")).toContainText("The first difference is at step 42: loss is");
  await page.keyboard.press("Escape");

  const twice = text.replace('"format":', '"format":"glassgpt-trace","format":');
  await open(page, "twice.json", Buffer.from(twice));
  await expect(page.getByRole("dialog")).toContainText("duplicate field `format`");
});

test("a model is trained again and has the same fingerprint; the run before can be had back", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&seed=5&step=50");
  await expect(step(page)).toHaveText("step 50 of 1,000");
  const { name, path } = await save(page, "Model");
  expect(name).toBe("glassgpt-own-names-step50.model.json");
  await page.goto("./lab/?v=1&preset=gist&steps=80");
  await expect(step(page)).toHaveText("step 80 of 80");

  await open(page, name, readFileSync(path));
  await expect(page.getByRole("heading", { name: "The same, to the last bit" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(step(page)).toHaveText("step 50 of 1,000");
  await page.getByRole("button", { name: "Bring it back" }).click();
  await expect(step(page)).toHaveText("step 80 of 80");
});

test("parameters are saved for other programs, the curve for spreadsheets", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&steps=20");
  await expect(step(page)).toHaveText("step 20 of 20");
  const tensors = readFileSync((await save(page, "Parameters")).path);
  const header = JSON.parse(tensors.subarray(8, 8 + Number(tensors.readBigUInt64LE(0))).toString()) as Record<string, { shape: number[] }>;
  expect(header["wte"]?.shape).toEqual([27, 16]);
  const lines = readFileSync((await save(page, "Loss curve")).path, "utf8").trim().split("\n");
  expect(lines).toHaveLength(21);
});

test("files that are none of ours are told apart, by button and by drop", async ({ page }) => {
  await page.goto("./lab/?v=1&preset=blog&steps=20");
  await expect(step(page)).toHaveText("step 20 of 20");
  const dialog = page.getByRole("dialog");
  await open(page, "notes.json", Buffer.from("emma\nolivia\n"));
  await expect(dialog).toContainText("notes.json");
  await expect(dialog).toContainText("It is not JSON.");
  await page.keyboard.press("Escape");

  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['{"format":"onnx"}'], "net.json"));
    return transfer;
  });
  await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
  await expect(page.getByText("Drop a trace or a model here")).toBeVisible();
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await expect(dialog).toContainText("neither a trace nor a model of glassgpt");
  await expect(step(page)).toHaveText("step 20 of 20");
});
