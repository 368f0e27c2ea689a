// Keeps the address of the lab and the page in step: the page starts from the address, the address follows the reader,
// and going back brings back what was there.
import { untrack } from "svelte";
import type { Place } from "../../engine/engine";
import { m } from "../../messages/en/share";
import type { Catalog } from "../../protocol/types";
import type { StandAt } from "../beginning";
import type { Desk, View } from "../desk.svelte";
import type { Route, Router } from "../router.svelte";
import type { Selection } from "../selection.svelte";
import type { Session } from "../session.svelte";
import { toasts } from "../toasts.svelte";
import { decodeAsked, encodeAsked } from "./asking";
import { decode, type Decoded } from "./decode";
import { encode } from "./encode";
import { fragmentOf } from "./pack";
import { presentState } from "./present";
import { LONG, sameExperiment, specOfState, usualState, type LinkState } from "./state";
import { travelledIn, type Travelled } from "./travelled";

/** The address follows when the reader has rested this long: browsers limit how often it may change. */
const REST_MS = 300;

export class LinkKeeper {
  #session: Session;
  #selection: Selection;
  #desk: Desk;
  #router: Router;
  /** The session on the server that the address named. */
  #joined: string | null = null;
  /** The address asks only to look at it. */
  #looks = false;
  /** The view that the address at hand is about. */
  #view: View | null = null;
  #packed: { text: string; hash: string } | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, selection: Selection, desk: Desk, router: Router) {
    this.#session = session;
    this.#selection = selection;
    this.#desk = desk;
    this.#router = router;
  }

  /** Opens the session that the address asks for. */
  async begin(place: Place): Promise<void> {
    const url = new URL(location.href);
    const travelled = await travelledIn(url);
    this.#joined = place === "server" ? url.searchParams.get("session") : null;
    this.#looks = this.#joined !== null && url.searchParams.has("look");
    let first = true;
    this.#session.open(place, {
      sessionId: this.#joined,
      look: this.#looks,
      begin: (catalog) => {
        const decoded = this.#read(url, catalog, travelled, usualState(catalog));
        if (first) this.#show(decoded.state);
        if (first) this.#ask(url, catalog);
        if (first) report(decoded, travelled);
        first = false;
        return { spec: specOfState(decoded.state), standAt: this.#standAt(decoded.state) };
      },
    });
  }

  /** To be called while a component is set up: from now on the two follow each other. */
  watch(): void {
    $effect(() => {
      const state = this.#present();
      void this.#asked();
      if (state !== null) untrack(() => this.#follow(state));
    });
    $effect(() => {
      if (this.#router.visits > 0) untrack(() => void this.#arrive());
    });
  }

  /** What the address should say; null while it should wait. */
  #present(): LinkState | null {
    const { run, retraining, heard } = this.#session;
    if (!keeps(this.#router.route) || retraining || run === null || run.status.phase === "running") return null;
    const state = presentOn(this.#router.route, this.#session, this.#selection, this.#desk);
    return state === null ? null : { ...state, session: heard.sessionId === this.#joined ? this.#joined : null };
  }

  /** What the address says of what is asked on the page Generate. */
  #asked(): string {
    return this.#router.route === "generate" ? encodeAsked(this.#desk.asking) : "";
  }

  #follow(state: LinkState): void {
    clearTimeout(this.#resting);
    const other = this.#router.route === "lab" && this.#view !== null && this.#view !== state.view;
    if (other) this.#write("push");
    else this.#resting = setTimeout(() => this.#write("replace"), REST_MS);
  }

  #write(how: "push" | "replace"): void {
    const { catalog } = this.#session;
    const state = this.#present();
    if (state === null || catalog === null) return;
    if (this.#router.route === "lab") this.#view = state.view;
    const fragment = this.#fragment(state);
    if (fragment === null) return;
    const query = encode(state, catalog) + this.#asked() + (state.session !== null && this.#looks ? "&look" : "");
    const here = location.pathname + query + (query.length + fragment.length > LONG ? "" : fragment);
    if (here === location.pathname + location.search + location.hash) return;
    if (how === "push") history.pushState(null, "", here);
    else history.replaceState(null, "", here);
  }

  /** What travels behind the `#`; null until it is packed, and then the address is written. */
  #fragment({ corpus }: LinkState): string | null {
    if (corpus.from === "named") return "";
    if (this.#packed?.text === corpus.text) return this.#packed.hash;
    void fragmentOf(corpus.text).then((hash) => {
      this.#packed = { text: corpus.text, hash };
      this.#write("replace");
    });
    return null;
  }

  /** The address changed by itself: a link was followed, or the reader went back. */
  async #arrive(): Promise<void> {
    clearTimeout(this.#resting);
    const { catalog } = this.#session;
    if (!keeps(this.#router.route) || catalog === null) return;
    const url = new URL(location.href);
    const travelled = await travelledIn(url);
    if (location.href !== url.href) return;
    const there = presentOn(this.#router.route, this.#session, this.#selection, this.#desk);
    // A link of the site that names a view only leaves the experiment alone.
    const base = url.searchParams.has("v") ? usualState(catalog) : (there ?? usualState(catalog));
    const decoded = this.#read(url, catalog, travelled, base);
    report(decoded, travelled);
    this.#show(decoded.state);
    this.#ask(url, catalog);
    if (there === null || !sameExperiment(there, decoded.state)) await this.#take(decoded.state);
    else await this.#stand(decoded.state);
    this.#write("replace");
  }

  #read(url: URL, catalog: Catalog, { corpus }: Travelled, base: LinkState): Decoded {
    if (corpus !== null) this.#session.corpora.remember(corpus);
    return decode(url, catalog, (name) => (corpus?.name === name ? corpus : this.#session.corpora.brought(name)), base);
  }

  #show({ doc, position, layer, head, pins, view, mode, code }: LinkState): void {
    // Without a place in the code, what stands beside the page is the reader's own choice.
    if (code !== null) this.#desk.lead(code);
    if (this.#router.route === "generate") {
      Object.assign(this.#selection, { layer, head, pins });
      return;
    }
    this.#view = view;
    Object.assign(this.#selection, { text: doc, position, layer, head, pins });
    this.#desk.view = view;
    this.#session.mode = mode;
  }

  /** Takes over what the address asks of the model; one that says nothing of it leaves what is asked. */
  #ask(url: URL, catalog: Catalog): void {
    if (this.#router.route !== "generate" || url.search === "") return;
    const { asked, problems } = decodeAsked(url.searchParams, catalog.limits);
    Object.assign(this.#desk.asking, asked);
    if (problems.length > 0) toasts.warn(m.link.problems(problems.map(({ key, value, expected }) => m.link.problem(key, value, expected))));
  }

  async #take(state: LinkState): Promise<void> {
    const outcome = await this.#session.take(specOfState(state), state.step ?? "end");
    if (outcome.type === "refused") toasts.warn(m.link.refused(outcome.refusal.message));
  }

  async #stand({ step }: LinkState): Promise<void> {
    const { run } = this.#session;
    if (run === null || run.status.phase === "running") return;
    const reached = run.records.at(-1)?.step ?? 0;
    const goal = step ?? reached;
    if (goal !== run.step && goal <= reached) await this.#session.seek(goal);
  }

  /** The first page trains before the reader's eyes, and so does live mode at its beginning. */
  #standAt({ step, mode }: LinkState): StandAt {
    if (this.#router.route === "home" || (mode === "live" && step === 0)) return "untrained";
    return step ?? "end";
  }
}

/** The pages whose address is the experiment. */
function keeps(route: Route): boolean {
  return route === "lab" || route === "generate";
}

/** What the page shows, as its address says it. Generate has a text and a position of its own, and no views. */
function presentOn(route: Route, session: Session, selection: Selection, desk: Desk): LinkState | null {
  const state = presentState(session, selection, desk);
  if (state === null || session.catalog === null || route !== "generate") return state;
  const { view, position, doc } = usualState(session.catalog);
  return { ...state, view, position, doc };
}

/** Says once what of an address could not be used. */
function report({ problems, newer }: Decoded, travelled: Travelled): void {
  if (newer !== null) toasts.show(m.link.newer(newer));
  // A text that did not arrive whole is not known by its name either: one of the two is enough to say.
  const all = travelled.problem === null ? problems : [travelled.problem, ...problems.filter(({ key }) => key !== "data")];
  if (all.length > 0) toasts.warn(m.link.problems(all.map(({ key, value, expected }) => m.link.problem(key, value, expected))));
}
