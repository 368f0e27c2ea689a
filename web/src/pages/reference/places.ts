// Everything on the page that can be found and linked to.
import { m as api } from "../../lib/messages/en/reference/api";
import { m as formulas } from "../../lib/messages/en/reference/formulas";
import { GLOSSARY } from "../../lib/messages/en/reference/glossary";
import { m } from "../../lib/messages/en/reference/page";
import { PAPER } from "../../lib/messages/en/reference/paper";
import { SYMBOLS } from "./symbols";
import type { Place } from "./search";

export type SectionId = keyof typeof m.sections;
export const SECTIONS = Object.keys(m.sections) as SectionId[];

const row = (section: SectionId, name: string, text: string, anchor: string = section): Place => ({ anchor, section: m.sections[section], name, text });
/** What is said differently of different settings, all of it. */
const said = (words: string | Readonly<Record<string, string>>): string => (typeof words === "string" ? words : Object.values(words).join(" "));

export const PLACES: readonly Place[] = [
  ...SECTIONS.map((id) => row(id, m.sections[id], "")),
  ...GLOSSARY.map(({ id, term, also, text }) => row("glossary", term, `${also?.join(" ") ?? ""} ${text}`, `glossary-${id}`)),
  ...SYMBOLS.map(({ symbol, what }) => row("symbols", symbol, what)),
  ...(Object.keys(formulas.titles) as (keyof typeof formulas.titles)[]).map((id) => row("formulas", formulas.titles[id], said(formulas.words[id]), `formula-${id}`)),
  ...Object.entries(m.parameters.purpose).map(([name, purpose]) => row("parameters", name, purpose ?? "")),
  ...PAPER.map(({ paper, here, why }) => row("paper", paper, `${here} ${why}`)),
  ...Object.entries(api.examples).map(([id, { title, about }]) => row("api", title, about, `api-${id}`)),
];
