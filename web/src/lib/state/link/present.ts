// What the page shows at this moment, as an address would say it, and the whole link that leads back to it.
// Read by the keeper of the address bar and by the button that copies.
import type { Catalog } from "../../protocol/types";
import { ROOT } from "../../root";
import { valuesOf } from "../../settings";
import type { Desk } from "../desk.svelte";
import type { Selection } from "../selection.svelte";
import type { Session } from "../session.svelte";
import { encode } from "./encode";
import { fragmentOf } from "./pack";
import { LONGEST_DOC, LONGEST_PIN, MOST_PINS, type LinkState } from "./state";

/** Null while it is not known what is shown, or if its text is not known in this tab. */
export function presentState(session: Session, selection: Selection, desk: Desk): LinkState | null {
  const { run, spec, catalog } = session;
  if (run === null || spec === null || catalog === null || spec.corpus.name !== run.experiment.corpus) return null;
  const { limits } = catalog;
  const { phase } = run.status;
  return {
    values: valuesOf(run.experiment),
    corpus: spec.corpus,
    step: phase === "finished" || phase === "diverged" ? null : run.step,
    doc: selection.text !== null && selection.text.length <= LONGEST_DOC ? selection.text : null,
    position: Math.min(selection.position, limits.block_size - 1),
    layer: Math.min(selection.layer, limits.n_layer - 1),
    head: Math.min(selection.head, limits.n_head - 1),
    view: desk.view,
    mode: session.mode,
    code: desk.pane === "code" ? desk.spot : null,
    pins: selection.pins.filter((pin) => pin !== "" && pin.length <= LONGEST_PIN).slice(0, MOST_PINS),
    session: null,
  };
}

/** The whole link to a state, an own text included. */
export async function linkTo(state: LinkState, catalog: Catalog): Promise<string> {
  const fragment = state.corpus.from === "text" ? await fragmentOf(state.corpus.text) : "";
  return new URL(`lab/${encode(state, catalog)}${fragment}`, ROOT).href;
}
