// Which page is shown. Pages are folders, so that any file host can serve them; moving between them keeps the engine.
// Only the path is looked at here: what the query says of the experiment is read by link.ts.
import { ROOT } from "../root";

/** The pages there are, by folder. The gallery of figures exists in development only. */
const FOLDERS: Readonly<Record<string, Route>> = {
  "": "home",
  "lab/": "lab",
  "generate/": "generate",
  "reference/": "reference",
  ...(import.meta.env.DEV ? { "kit/": "kit" } : {}),
};

export type Route = "home" | "lab" | "generate" | "reference" | "kit" | "missing";

export function routeOf(pathname: string, root: string = ROOT.pathname): Route {
  if (!pathname.startsWith(root)) return "missing";
  const folder = pathname.slice(root.length).replace(/index\.html$/, "");
  return FOLDERS[folder] ?? FOLDERS[`${folder}/`] ?? "missing";
}

/** The address of a page, with a query if there is one to keep. */
export function hrefOf(route: Exclude<Route, "missing">, query = ""): string {
  const folder = Object.entries(FOLDERS).find(([, one]) => one === route)?.[0] ?? "";
  return new URL(folder, ROOT).pathname + query;
}

export class Router {
  route = $state<Route>(routeOf(location.pathname));
  /** Counts journeys, so that a page can take the focus when it is entered. */
  visits = $state(0);

  constructor() {
    window.addEventListener("popstate", () => this.#arrive());
  }

  go(href: string): void {
    history.pushState(null, "", href);
    this.#arrive();
  }

  /** Follows a click on a link of the site without loading the page again. To be put on the root element. */
  follow = (event: MouseEvent): void => {
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!plain || event.defaultPrevented || link === null || link.target !== "" || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    const inside = url.origin === location.origin && routeOf(url.pathname) !== "missing";
    const onPage = url.pathname === location.pathname && url.hash !== "";
    if (!inside || onPage) return;
    event.preventDefault();
    this.go(url.href);
  };

  #arrive(): void {
    const before = this.route;
    this.route = routeOf(location.pathname);
    this.visits += 1;
    if (this.route !== before) window.scrollTo(0, 0);
  }
}
