// What the frame around all pages says: header, navigation, notices, not found.
// A catalogue: a translation is one more folder with the same names.

export const m = {
  title: { home: "glassgpt: a GPT made of glass", lab: "Lab · glassgpt", kit: "Figures · glassgpt", missing: "Not found · glassgpt" },
  skip: "Skip to the content",
  loading: "Loading …",
  loadFailed: "This part of the page did not arrive. Check the connection and load the page again.",
  reload: "Load again",
  missing: {
    title: "Nothing is here",
    text: (path: string) => `The address ${path} leads to no page of glassgpt. Perhaps a letter is missing.`,
    home: "Go to the start",
    lab: "Go to the lab",
  },
};
