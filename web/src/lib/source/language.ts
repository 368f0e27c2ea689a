// The languages that the algorithm is shown in. Apart from the sources, so that a link can name one without loading them.
export const LANGUAGES = ["rust", "python"] as const;
export type Language = (typeof LANGUAGES)[number];
