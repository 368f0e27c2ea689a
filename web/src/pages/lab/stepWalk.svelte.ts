// Walks the code through a training step that was taken by hand or slowly, whatever view is open: document, forward, loss,
// backward, Adam. Apart from the Model view, whose own replay does so box by box.
import { untrack } from "svelte";
import { LOOP_PARTS } from "../../lib/state/desk.svelte";
import { preferences } from "../../lib/state/preferences.svelte";
import { loopWalkOf } from "../beside/loopWalk";
import { replayTime } from "./model/replay.svelte";
import type { PartProps } from "./part";
import { timeOf } from "./transport/timeMachine.svelte";

export class StepWalk {
  /** To be made while a component is set up. */
  constructor(part: () => PartProps) {
    const step = $derived(part().run.step);
    const running = $derived(part().run.status.phase === "running");
    const desk = untrack(() => part().desk);
    let last = untrack(() => step);
    $effect(() => {
      const now = step;
      const one = now === last + 1;
      last = now;
      untrack(() => {
        const walk = loopWalkOf(desk);
        const { session } = part();
        // Played back, one step chases the next as it does in training.
        const time = replayTime(running || timeOf(session).playing, session.pace);
        const scrubbed = desk.scrubbed.has(now);
        if (!scrubbed) desk.scrubbed.clear();
        if (desk.view === "model" || desk.pane === "now") return;
        if (one && !scrubbed && time !== null && !session.retraining && !preferences.still) walk.play(LOOP_PARTS.length, time);
        else if (walk.at !== null) walk.leave();
      });
    });
    $effect(() => () => loopWalkOf(desk).leave());
  }
}
