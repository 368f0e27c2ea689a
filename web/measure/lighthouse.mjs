// Asks Lighthouse about pages of the static site: node measure/lighthouse.mjs ROOT. Keeps its scores and the paints they rest on as figures.
// The site comes gzipped, as file hosts send it. The median of three runs counts, because one run may meet a busy moment.
import { appendFileSync } from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "chrome-launcher";
import { compressed } from "./compressed.mjs";

const PAGES = ["", "lab/", "generate/", "reference/"];
const WANTED = 95;
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

/** Keeps a figure, as figures.ts does for the browser tests. */
function record(figure) {
  const line = JSON.stringify({ ...figure, on: "files" });
  if (process.env.GLASSGPT_FIGURES === undefined) console.log(line);
  else appendFileSync(process.env.GLASSGPT_FIGURES, `${line}\n`);
}

try {
  for (const page of PAGES) {
    const runs = [];
    for (let i = 0; i < RUNS; i++) {
      const result = await lighthouse(new URL(page, root).href, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: "silent" }, desktopConfig);
      runs.push(result.lhr);
    }
    for (const category of CATEGORIES) {
      const score = Math.round(median(runs.map(({ categories }) => categories[category].score ?? 0)) * 100);
      record({ what: `Lighthouse ${category} of /${page}`, value: score, unit: "points", at_least: WANTED });
      if (score < WANTED || process.env.VERBOSE) explain(runs[0], category);
    }
    for (const id of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"]) {
      record({ what: `${id} of /${page}`, value: median(runs.map(({ audits }) => audits[id]?.numericValue ?? NaN)), unit: "ms" });
    }
    record({ what: `cumulative-layout-shift of /${page}`, value: median(runs.map(({ audits }) => audits["cumulative-layout-shift"]?.numericValue ?? NaN)), unit: "" });
  }
} finally {
  await chrome.kill();
  host.close();
}

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
