// What only a server can do: die and come back, let a class look, and ask for a token.
import { expect, test as base } from "@playwright/test";
import { expectPhase } from "../e2e/support";
import { Program } from "./program";

const test = base.extend<{ program: Program }>({
  program: async ({}, use) => {
    const program = new Program();
    await use(program);
    await program.kill();
  },
});

/** The number of steps that the page shows. */
const STEP = ".standing .step";
const stepOf = (text: string | null): number => Number(/step ([\d,]+)/.exec(text ?? "")?.[1]?.replaceAll(",", ""));

test("a page outlives its server: the run goes on where it was, and ends with the same numbers", async ({ page, program }) => {
  await program.start();
  await page.goto(`${program.url}lab/?v=1&preset=blog&mode=live`);
  await expectPhase(page, "finished");
  const losses = async (): Promise<string> => {
    const { sessions, asleep } = (await (await page.request.get(`${program.url}api/v1/sessions`)).json()) as { sessions: { id: string }[]; asleep: string[] };
    const ids = [...sessions.map(({ id }) => id), ...asleep];
    expect(ids, "one session, before and after").toHaveLength(1);
    // The time a step took is no part of what comes back.
    const csv = await (await page.request.get(`${program.url}api/v1/sessions/${ids[0]}/losses.csv`)).text();
    const [head = "", ...rows] = csv.trim().split("\n").filter((line) => !line.startsWith("#"));
    const columns = head.split(",").flatMap((name, i) => (name.includes("us") ? [] : [i]));
    return rows.map((row) => columns.map((i) => row.split(",")[i]).join(",")).join("\n");
  };
  const undisturbed = await losses();
  expect(undisturbed.split("\n")).toHaveLength(1000);

  await page.keyboard.press("0");
  await expectPhase(page, "ready");
  await page.keyboard.press("r");
  await expect.poll(async () => stepOf(await page.locator(STEP).textContent())).toBeGreaterThan(150);
  await program.kill();
  await expect(page.getByText("Disconnected.")).toBeVisible();
  const shown = stepOf(await page.locator(STEP).textContent());
  expect(shown).toBeGreaterThan(150);

  await program.start();
  await expect(page.getByText("Disconnected.")).toBeHidden();
  await expectPhase(page, "running");
  await expect.poll(async () => stepOf(await page.locator(STEP).textContent())).toBeGreaterThan(shown);
  await expect(page.locator(".phase")).toHaveAttribute("data-phase", "finished");
  expect(await losses()).toBe(undisturbed);
});

test("a class looks on and changes nothing", async ({ page, program, browser }) => {
  const token = "a-token-for-a-classroom";
  await program.start("--token", token);
  const bare = new URL(program.url).origin;

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${bare}/lab/`);
  await expect(stranger.getByRole("heading", { name: "This lab asks for its token" })).toBeVisible();

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${bare}/lab/?v=1&preset=blog&mode=live&token=${token}`);
  await expectPhase(page, "finished");
  expect(page.url()).not.toContain(token);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Copy link for a class" }).click();
  await expect(page.getByText("Link copied.")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/s\/[0-9a-z]{16}\?view=[0-9a-f]{64}$/);

  const pupil = await (await browser.newContext()).newPage();
  await pupil.goto(link);
  await expect(pupil.getByText("You are looking.")).toBeVisible();
  expect(pupil.url()).not.toContain("view=");
  await expectPhase(pupil, "finished");
  await pupil.keyboard.press("0");
  await expect(pupil.locator(STEP)).toHaveText("step 1,000 of 1,000");

  await page.keyboard.press("0");
  await expectPhase(page, "ready");
  await expectPhase(pupil, "ready");
  await page.keyboard.press("s");
  await expect(pupil.locator(STEP)).toHaveText("step 1 of 1,000");
  await pupil.reload();
  await expect(pupil.getByText("You are looking.")).toBeVisible();
  await expect(pupil.locator(STEP)).toHaveText("step 1 of 1,000");
});
