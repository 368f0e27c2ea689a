// Where the page Reference stands in the model, in the words of formulas and code: the same selection as everywhere.
import { entryOf, split, withPart } from "../../lib/address";
import type { Run } from "../../lib/protocol/reduce";
import type { Live } from "../../lib/source/live";
import { isParameter } from "../../lib/state/glass.svelte";
import type { Selection } from "../../lib/state/selection.svelte";
import type { Place } from "../lab/reading/text.svelte";

/** The parameter is the one pinned last, or else the first number in the row of the token that is read. */
export function liveAt(run: Run, selection: Selection, place: Place, position: number): Live {
  const pinned = selection.pins.findLast((pin) => entryOf(pin) !== null && isParameter(pin, run));
  const parameter = pinned === undefined ? `wte[${place.tokens[position] ?? 0}][0]` : withPart(split(pinned).name, null);
  return {
    experiment: run.experiment, prefix: place.prefix, moment: `step:${selection.inside(run)}/`, parameter, position,
    layer: selection.layerOf(run), head: selection.headOf(run),
  };
}
