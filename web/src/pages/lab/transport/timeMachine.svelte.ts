// Time as the page moves through it: where it is going, playing back, and what the controls do or politely decline.
// One for each session, so that scrubber, curves, tables and keys move the same page.
import type { Run } from "../../../lib/protocol/reduce";
import type { Session } from "../../../lib/state/session.svelte";
import { endOf, obstacle, type Act } from "./acts";
import { playedTo } from "./pace";
import { Seeker, type Goal } from "./seeker";

/** A reason that was read once is not in the way any longer. */
const REASON_MS = 5000;

export class TimeMachine {
  playing = $state(false);
  /** Why the last act was not possible; empty if it was. */
  reason = $state("");
  /** The question whether to begin anew, and what to do then. */
  asking = $state.raw<(() => void) | null>(null);
  /** How many steps Run takes, as typed. */
  steps = $state("100");

  #session: Session;
  #goal = $state.raw<Goal | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seeker = new Seeker(
    ({ step, branch }) => this.#session.seek(step, branch),
    (goal) => (this.#goal = goal),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  /** Where the page stands, or is going: what a slider shows while the engine is still on its way. */
  stands(run: Run): number {
    return this.#goal === null ? run.step : this.#goal.step;
  }

  /** Moves the page to a step of the present branch. Moving by hand stops a playback. */
  seek(step: number): void {
    this.playing = false;
    this.#to(step);
  }

  /** Moves to another branch, to the same step if it has one. */
  switchTo(branch: number): void {
    const { run } = this.#session;
    const end = run?.branches.find(({ id }) => id === branch)?.end;
    if (run === null || end === undefined || !this.#session.mayCommand) return;
    this.playing = false;
    void this.#seeker.to({ step: end, branch });
  }

  /** One step back or on. */
  walk(by: -1 | 1): void {
    const run = this.#able(by < 0 ? "previous" : "next");
    if (run !== null) this.seek(this.stands(run) + by);
  }

  /** Shows the computed steps one after the other, at the chosen pace: from the start if the page stands at the end. */
  play(): void {
    const run = this.#able("play");
    if (run === null) return;
    if (run.status.phase === "running") return this.decline(obstacle("train", run, this.#session) ?? "");
    this.playing = true;
    let from = run.step < endOf(run) ? run.step : 0;
    let [began, pace] = [performance.now(), this.#session.pace];
    let shown = from;
    this.#to(from);
    const turn = (now: number): void => {
      const current = this.#session.run;
      if (!this.playing || current === null || current.status.phase === "running" || !this.#session.connected) {
        this.playing = false;
        return;
      }
      const end = endOf(current);
      if (pace !== this.#session.pace) [from, began, pace] = [shown, now, this.#session.pace];
      shown = playedTo(from, Math.max(0, now - began), pace, end);
      if (shown !== current.step) this.#to(shown);
      if (shown >= end && current.step === end) this.playing = false;
      else requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }

  stop(): void {
    this.playing = false;
  }

  train(): void {
    const run = this.#able("train");
    if (run === null) return;
    const over = run.status.phase === "finished" || run.status.phase === "diverged";
    if (over) this.#anew(run, () => void this.#session.train());
    else void this.#session.train();
  }

  /** Trains so many more steps. */
  runOn(steps: number): void {
    if (this.#able("run") !== null) void this.#session.tell({ type: "run", steps, pace: this.#session.pace });
  }

  step(): void {
    if (this.#able("step") !== null) void this.#session.step();
  }

  pause(): void {
    if (this.playing) this.stop();
    else if (this.#able("pause") !== null) void this.#session.pause();
  }

  reset(): void {
    const run = this.#able("reset");
    if (run !== null) this.#anew(run, () => void this.#session.reset());
  }

  /** Says why not, for a while. */
  decline(reason: string): void {
    this.reason = reason;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.reason = ""), REASON_MS);
  }

  /** Branches are lost when the run begins anew: never without asking. */
  #anew(run: Run, go: () => void): void {
    if (run.branches.length < 2) go();
    else this.asking = go;
  }

  #able(act: Act): Run | null {
    const { run } = this.#session;
    if (run === null) return null;
    const why = obstacle(act, run, this.#session);
    if (why !== null) {
      this.decline(why);
      return null;
    }
    this.reason = "";
    if (act !== "previous" && act !== "next" && act !== "play") this.playing = false;
    return run;
  }

  #to(step: number): void {
    const { run, connected } = this.#session;
    if (run === null || !connected) return;
    const wanted = Math.max(0, Math.min(Math.round(step), endOf(run)));
    if (wanted === this.stands(run) && this.#goal === null) return;
    void this.#seeker.to({ step: wanted, branch: null });
  }
}

const machines = new WeakMap<Session, TimeMachine>();

/** The one time machine of a session. */
export function timeOf(session: Session): TimeMachine {
  const known = machines.get(session);
  if (known !== undefined) return known;
  const machine = new TimeMachine(session);
  machines.set(session, machine);
  return machine;
}
