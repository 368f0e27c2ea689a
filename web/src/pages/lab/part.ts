// What the parts of the workbench are given: the run on screen, what is looked at, and what there is to choose from.
// One type, so that any view can stand in the middle.
import type { Run } from "../../lib/protocol/reduce";
import type { Catalog } from "../../lib/protocol/types";
import type { Desk } from "../../lib/state/desk.svelte";
import type { Selection } from "../../lib/state/selection.svelte";
import type { Session } from "../../lib/state/session.svelte";
import type { PageProps } from "../page";

export type PartProps = { session: Session; run: Run; catalog: Catalog; selection: Selection; desk: Desk };
type Begun = Omit<PartProps, "run" | "catalog"> & { run: Run | null; catalog: Catalog | null };

/**
 * What the parts of a page are given, or null until the engine has told it. It stays the same object and each of its values is read on
 * its own, so that what was made of the catalog is not made anew with every step of a run.
 */
export function partOf({ session, selection, desk }: Omit<PageProps, "router">): () => PartProps | null {
  const part: Begun = {
    session, selection, desk,
    get run() { return session.run; },
    get catalog() { return session.catalog; },
  };
  return () => (isTold(part) ? part : null);
}

function isTold(part: Begun): part is PartProps {
  return part.run !== null && part.catalog !== null;
}
