// All figures of many steps, asked for when someone wants them and the run rests: they are too many to send with every step.
// Asked anew only for another course or more steps of it, not whenever the page moves along it.
import { untrack } from "svelte";
import type { Experiment, StepDetail } from "../../../lib/protocol/types";
import type { Session } from "../../../lib/state/session.svelte";
import { endOf } from "../transport/acts";

/** Steps asked for: the last ones. */
const MOST = 2000;

type Course = { experiment: Experiment; branch: number; end: number };

export class Details {
  steps = $state.raw<readonly StepDetail[]>([]);
  refusal = $state<string | null>(null);
  #known: Course | null = null;

  /** To be made while a component is set up. */
  constructor(session: () => Session, wanted: () => boolean) {
    $effect(() => {
      const { run, connected } = session();
      if (!wanted() || run === null || !connected || run.status.phase === "running") return;
      const course: Course = { experiment: run.experiment, branch: run.branch, end: endOf(run) };
      untrack(() => void this.#ask(session(), course));
    });
  }

  async #ask(session: Session, course: Course): Promise<void> {
    const known = this.#known;
    if (known !== null && known.experiment === course.experiment && known.branch === course.branch && known.end === course.end) return;
    this.#known = course;
    if (known?.experiment !== course.experiment || course.end === 0) this.steps = [];
    if (course.end === 0) return;
    const first = Math.max(1, course.end - MOST + 1);
    const answer = await session.answer("details", { type: "details", first, count: course.end - first + 1 });
    if (this.#known !== course) return;
    this.refusal = "refusal" in answer ? answer.refusal.message : null;
    if ("content" in answer) this.steps = answer.content;
    else this.#known = null;
  }
}
