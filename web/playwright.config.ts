// Runs the browser tests against a site that is already up: the program with its own engine, or files on a plain host.
// GLASSGPT_URL says where, GLASSGPT_HOST which of the two it is ("server" or "files").
import { defineConfig } from "@playwright/test";

export default defineConfig({
  // Both only end what hangs. What a test waits for is an event, and on a busy machine events take their time.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  workers: 1,
  reporter: "list",
  projects: [
    { name: "e2e", testDir: "e2e" },
    // What differs where no program answers: the worker's engine, addresses below a folder, and doing without a network.
    { name: "smoke", testDir: "e2e", testMatch: ["home", "offline", "release", "download", "share", "shell", "figures"].map((name) => `${name}.spec.ts`) },
    // Figures, which nothing judges: `cargo xtask measure`.
    { name: "measure", testDir: "measure" },
    // Only with the program: these start, kill and restart one of their own.
    { name: "server", testDir: "e2e-server" },
    { name: "shots", testDir: "shots" },
  ],
  use: {
    // Else every test would begin by putting the whole site aside for later. Those that are about that, or measure, allow it.
    serviceWorkers: "block",
    baseURL: process.env["GLASSGPT_URL"] ?? "http://127.0.0.1:7878/",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
