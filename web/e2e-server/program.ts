// The real program as a process of the test's own, so that a test may kill it and start it again.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env["GLASSGPT_PROGRAM"];

export class Program {
  #process: ChildProcess | null = null;
  #store = join(mkdtempSync(join(tmpdir(), "glassgpt-")), "sessions.sqlite");
  #port = "0";
  /** The address that it printed, token and all. */
  url = "";

  /** Starts it, at the port it had before if it had one. */
  async start(...args: string[]): Promise<void> {
    if (PROGRAM === undefined) throw new Error("GLASSGPT_PROGRAM says which program to test; cargo xtask test sets it");
    const child = spawn(PROGRAM, ["lab", "--no-open", "--port", this.#port, "--store", this.#store, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    this.#process = child;
    let said = "";
    for await (const chunk of child.stdout) {
      said += String(chunk);
      const url = /http:\/\/\S+/.exec(said)?.[0];
      if (url === undefined) continue;
      this.url = url;
      this.#port = new URL(url).port;
      return;
    }
    throw new Error(`the program ended before it printed its address: ${said}`);
  }

  /** Ends it without a chance to tidy up. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}
