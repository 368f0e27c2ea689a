// How much room the screen has: the breakpoints of the layout, for what style sheets alone cannot decide. They stand in media queries, too.
import { MediaQuery } from "svelte/reactivity";

/** A phone: everything in one column, controls at the foot of the screen. */
export const phone = new MediaQuery("(max-width: 719px)");
/** Room for columns beside the page. */
export const wide = new MediaQuery("(min-width: 1200px)");
