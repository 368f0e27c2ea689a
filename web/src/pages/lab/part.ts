// What the parts of the workbench are given: the run on screen, what is looked at, and what there is to choose from.
// One type, so that any view can stand in the middle.
import type { Run } from "../../lib/protocol/reduce";
import type { Catalog } from "../../lib/protocol/types";
import type { Desk } from "../../lib/state/desk.svelte";
import type { Selection } from "../../lib/state/selection.svelte";
import type { Session } from "../../lib/state/session.svelte";

export type PartProps = { session: Session; run: Run; catalog: Catalog; selection: Selection; desk: Desk };
