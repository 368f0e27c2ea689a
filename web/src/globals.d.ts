// What the build puts into the code: see vite.config.ts. Declared here, so that it is written down once.

/** Whether the page was handed out by a program with an engine. */
declare const __HAS_SERVER__: boolean;
