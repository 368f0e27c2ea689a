// The chosen theme and the one it comes to, remembered where the browser allows it.
// A class, because whoever draws must know when the system changes its mind.

export type Choice = "system" | "light" | "dark";
const KEY = "glassgpt.theme";
const CHOICES: readonly Choice[] = ["system", "light", "dark"];

export class Theme {
  choice = $state<Choice>("system");
  #systemDark = $state(false);
  readonly resolved: "light" | "dark" = $derived(
    this.choice === "system" ? (this.#systemDark ? "dark" : "light") : this.choice,
  );

  constructor() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.#systemDark = dark.matches;
    dark.addEventListener("change", () => (this.#systemDark = dark.matches));
    const stored = read();
    this.choose(CHOICES.find((choice) => choice === stored) ?? "system");
  }

  choose(choice: Choice): void {
    this.choice = choice;
    if (choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Not remembered, but in force.
    }
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The theme of the page. */
export const theme = new Theme();
