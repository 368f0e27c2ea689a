// A palette for tests, in the forms in which browsers give computed colours.
import type { Palette } from "../../src/lib/kit/palette";

export const LIGHT: Palette = {
  paper: "#fbfbfa", raised: "#ffffff", sunken: "#f3f3f1", ink: "rgb(26, 29, 33)", muted: "#5b6470", rule: "#e2e3e0", control: "#7a838f",
  now: "#ffc94d", onNow: "#1a1d21", nowRing: "#b25e00", nowWash: "#fff4d6", valueMinus: "rgb(33, 102, 172)", valueZero: "rgb(251, 251, 250)",
  valuePlus: "rgb(179, 88, 6)", gradientMinus: "#762a83", gradientPlus: "#1b7837", query: "#6d28d9", key: "#0f766e", val: "#be185d",
};

export const DARK: Palette = {
  ...LIGHT, paper: "#121417", raised: "#181b1f", ink: "#e8eaed", valueMinus: "#67a9e0", valueZero: "#181b1f", valuePlus: "#f2a65a",
  gradientMinus: "#c79bd6", gradientPlus: "#7fcb8f",
};
