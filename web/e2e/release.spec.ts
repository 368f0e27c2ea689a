// A new release of the static site while a tab of the old one is open: the tab goes on with its own release to the end, and only what
// changed is fetched. The host here hands on what the site's host has, until it takes one part away and puts another in its place.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Page } from "@playwright/test";
import { HOST, test } from "./support";

test.use({ serviceWorkers: "allow" });

/** Hosts the site, and later its next release. Nothing is kept by the browser itself, so what is not fetched came from the worker. */
class Releases {
  readonly asked: string[] = [];
  #renamed: { from: string; to: string } | null = null;
  readonly #server: Server;

  private constructor(readonly site: URL) {
    this.#server = createServer((request, response) => {
      void this.#answer(request.url ?? "/").then(({ status, type, body }) => {
        response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
      });
    });
  }

  static async of(site: string): Promise<Releases> {
    const releases = new Releases(new URL(site));
    await new Promise<void>((resolve) => releases.#server.listen(0, "127.0.0.1", resolve));
    return releases;
  }

  get url(): string {
    return new URL(this.site.pathname, `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`).href;
  }

  /** The next release calls one file by another name, as a file is called after its contents. */
  release(from: string, to: string): void {
    this.#renamed = { from, to };
    this.asked.length = 0;
  }

  async #answer(path: string): Promise<{ status: number; type: string; body: Buffer }> {
    this.asked.push(path.slice(this.site.pathname.length));
    const renamed = this.#renamed;
    if (renamed !== null && path.endsWith(renamed.from)) return { status: 404, type: "text/plain", body: Buffer.from("gone") };
    const answer = await fetch(new URL(renamed === null ? path : path.replace(renamed.to, renamed.from), this.site));
    const type = answer.headers.get("content-type") ?? "application/octet-stream";
    const body = Buffer.from(await answer.arrayBuffer());
    if (renamed === null || !path.endsWith("service-worker.js")) return { status: answer.status, type, body };
    return { status: 200, type, body: Buffer.from(body.toString().replaceAll(renamed.from, renamed.to)) };
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const isKept = (page: Page, file: string): Promise<boolean> => page.evaluate(async (file) => (await caches.match(file)) !== undefined, file);

test("an open tab outlives a release, and a release fetches only what changed", async ({ page, context, baseURL }) => {
  if (HOST !== "files" || baseURL === undefined) return; // the program keeps nothing in the browser
  const releases = await Releases.of(baseURL);
  try {
    await page.goto(releases.url);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
    const part = releases.asked.find((path) => /^assets\/Reference-[^/]*\.js$/.test(path)) ?? "";
    expect(part).not.toBe("");
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    expect(loaded.some((name) => name.endsWith(part))).toBe(false);

    const next = part.replace("Reference-", "Reference-Next");
    releases.release(part, next);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)).toBe("installed");
    expect(releases.asked).toEqual(["service-worker.js", next]);
    // As the page does it: by an import when the part is needed.
    expect(await page.evaluate(`import(${JSON.stringify(`${releases.url}${part}`)}).then(() => "loaded")`)).toBe("loaded");

    // Once no tab uses the old release, the new worker takes over and removes what only that release had.
    await page.goto("about:blank");
    const tab = await context.newPage();
    await tab.goto(releases.url);
    await expect.poll(() => isKept(tab, part)).toBe(false);
    expect(await isKept(tab, next)).toBe(true);
  } finally {
    await releases.end();
  }
});
