// Where the site begins. Pages lie in folders below it, and no host or path is ever written down.
// Built files lie in assets/, one step below the root; in development Vite serves from the root itself.
export const ROOT: URL = import.meta.env.DEV ? new URL("/", location.origin) : new URL(/* @vite-ignore */ "../", import.meta.url);
