// Asks Lighthouse about pages of the static site: node tools/lighthouse.mjs ROOT. Fails below 95 in performance or accessibility.
// The site comes gzipped, as file hosts send it. The median of three runs counts, because machines are shared and one run may meet a busy moment.
import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "chrome-launcher";
import { compressed } from "./compressed.mjs";

const PAGES = ["", "lab/", "generate/", "reference/"];
const WANTED = 0.95;
const RUNS = 3;
const CATEGORIES = ["performance", "accessibility"];

const host = await compressed(process.argv[2] ?? "http://127.0.0.1:8000/");
const root = host.url;
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  logLevel: "silent",
});

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

let failed = false;
try {
  for (const page of PAGES) {
    const runs = [];
    for (let i = 0; i < RUNS; i++) {
      const result = await lighthouse(new URL(page, root).href, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: "silent" }, desktopConfig);
      runs.push(result.lhr);
    }
    for (const category of CATEGORIES) {
      const score = median(runs.map(({ categories }) => categories[category].score ?? 0));
      const ok = score >= WANTED;
      failed ||= !ok;
      console.log(`/${page} ${category} ${Math.round(score * 100)}${ok ? "" : `: below ${WANTED * 100}`}`);
      if (!ok || process.env.VERBOSE) explain(runs[0], category);
    }
    const { audits } = runs[0];
    const shown = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];
    console.log(`/${page} ${shown.map((id) => `${id} ${audits[id]?.displayValue}`).join(", ")}`);
  }
} finally {
  await chrome.kill();
  host.close();
}
process.exitCode = failed ? 1 : 0;

/** What cost points. */
function explain({ categories, audits }, category) {
  for (const { id, weight } of categories[category].auditRefs) {
    const audit = audits[id];
    if (weight > 0 && audit?.score !== null && audit.score < 1) {
      console.log(`  ${id}: ${audit.displayValue ?? ""} ${audit.title}`);
      for (const item of audit.details?.items?.slice(0, 5) ?? []) console.log(`    ${item.node?.snippet ?? JSON.stringify(item).slice(0, 200)}`);
    }
  }
}
