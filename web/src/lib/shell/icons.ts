// The signs of the frame, each a path on a 16 × 16 grid, drawn for this page.
// One place, so that a sign looks the same wherever it stands.

export const ICONS = {
  system: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 2v12a6 6 0 0 1 0-12",
  light: "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M13 3l-1.2 1.2M4.2 11.8L3 13",
  dark: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6",
  settings: "M1.5 4.5h5M10.5 4.5h4M8.5 2.8a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M1.5 11.5h3M8.5 11.5h6M6.5 9.8a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4",
  help: "M5.6 5.6a2.4 2.4 0 1 1 3.6 2.1C8.4 8.2 8 8.7 8 9.7M8 12.4v.2",
  share: "M8 10V2M5 4.8L8 1.8l3 3M4 7.5H2.8v6.7h10.4V7.5H12",
  browser: "M1.8 2.8h12.4v10.4H1.8zM1.8 5.8h12.4M4 4.3v.1M6 4.3v.1",
  server: "M2.5 2.5h11v4.6h-11zM2.5 8.9h11v4.6h-11zM5 4.8v.1M5 11.2v.1M8 4.8h3M8 11.2h3",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  link: "M6.5 9.5l3-3M7.3 4.6L9 2.9a2.9 2.9 0 0 1 4.1 4.1l-1.7 1.7M8.7 11.4L7 13.1A2.9 2.9 0 0 1 2.9 9l1.7-1.7",
  save: "M8 1.8v8M5 7l3 3l3-3M2.5 11.5v2.7h11v-2.7",
  open: "M1.8 13.2V3h4.4l1.6 2h6.4v8.2z",
  warning: "M8 2.5l6 11H2zM8 7v3M8 12v.1",
  same: "M3 8.5l3.5 3.5L13 4.5",
  different: "M3 6h10M3 10h10M10.5 2.5l-5 11",
} as const;

export type IconName = keyof typeof ICONS;
