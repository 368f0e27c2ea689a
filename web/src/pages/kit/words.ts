// What the gallery says. It is seen by those who build pages, in the development build only, so it stands beside it.

export const words = {
  title: "The figure kit",
  intro: "Every figure of glassgpt in every state. All numbers here are sample data from plain formulas, not from a model.",
  move: "Set it in motion",
  still: "Hold still",
  theme: "Theme",
  parts: {
    matrices: "Matrices", attention: "Attention", bars: "Bars, ledgers, tables", curves: "Curves", more: "More figures", states: "States",
  },
  empty: "No step has been trained yet, so there is no matrix to show.",
  error: "The engine did not answer. Your run is kept.",
};
