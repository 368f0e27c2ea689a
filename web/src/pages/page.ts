// What every page is given: the experiment, what is looked at, how the workbench stands, and the way to other pages.
// One type, so that pages can be loaded when they are entered.
import type { Desk } from "../lib/state/desk.svelte";
import type { Router } from "../lib/state/router.svelte";
import type { Selection } from "../lib/state/selection.svelte";
import type { Session } from "../lib/state/session.svelte";

export type PageProps = { session: Session; selection: Selection; desk: Desk; router: Router };
