// What each section of the inspector is given: whom to ask, about which number, and how to open another one.
// One type, so that the sections are put together in one way.
import type { Calm } from "../../../lib/state/calm.svelte";
import type { Session } from "../../../lib/state/session.svelte";

export type AboutProps = {
  session: Session;
  calm: Calm;
  /** In full, with its moment. */
  address: string;
  onopen: (address: string) => void;
};
