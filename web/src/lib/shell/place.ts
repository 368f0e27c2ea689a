// Where to compute: on the server that handed out the page, if one did, or in this browser.
// One place for header, settings and notices, so that all of them remember the choice alike.
import type { Place } from "../engine/engine";
import { preferences } from "../state/preferences.svelte";
import type { Session } from "../state/session.svelte";

/** What the page chooses for those who did not. */
export function usualPlace(): Place {
  return __HAS_SERVER__ ? "server" : "browser";
}

/** The reader's choice, where there is one. */
export function placeToBegin(): Place {
  return __HAS_SERVER__ ? (preferences.place ?? "server") : "browser";
}

/** Goes on with the same experiment there. `forget`: it is no choice, only the usual. */
export function choosePlace(session: Session, place: Place, forget = false): void {
  preferences.place = forget ? null : place;
  session.switchTo(place);
}
