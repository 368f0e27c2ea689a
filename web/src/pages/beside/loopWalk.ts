// The walk through the parts of one training step, one for the whole site: the diagram shows where it stands, the code goes along.
// A replay of what has been computed, like that of the Model view.
import { conceptOfLoop } from "../../lib/source/concepts";
import { LOOP_PARTS, type Desk } from "../../lib/state/desk.svelte";
import { Replay } from "../lab/model/replay.svelte";

const WALKS = new WeakMap<Desk, Replay>();

export function loopWalkOf(desk: Desk): Replay {
  const known = WALKS.get(desk);
  if (known !== undefined) return known;
  const walk = new Replay((at) => {
    const part = at === null ? null : (LOOP_PARTS[at] ?? null);
    desk.loop = part;
    if (part !== null) desk.point(conceptOfLoop(part));
  });
  WALKS.set(desk, walk);
  return walk;
}
