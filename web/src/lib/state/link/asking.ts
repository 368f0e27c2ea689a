// What is asked on the page Generate, as part of an address: only what differs from the usual, under plain names.
// It stands after what the address says of the experiment; what cannot be read is named, and the usual takes its place.
import { m } from "../../messages/en/share";
import type { Limits } from "../../protocol/types";
import { USUAL, type Asking, type Order } from "../asking.svelte";
import type { Problem } from "./decode";
import { escape } from "./encode";

export type Asked = Pick<Asking, "order" | "lane" | "at">;

/** More nobody begins with, and no context holds. */
const LONGEST_PREFIX = 200;
const MOMENT = /^\d{1,4}\.[a-z]{1,20}\.[a-z]{1,20}$/;

/** The rest of a query, each part with its `&`. */
export function encodeAsked({ order, lane, at }: Asked): string {
  const parts: [string, string][] = [];
  if (order.prefix !== USUAL.prefix) parts.push(["prefix", order.prefix]);
  if (order.temperature !== USUAL.temperature) parts.push(["temperature", String(order.temperature)]);
  if (order.topK !== null) parts.push(["top_k", String(order.topK)]);
  if (order.topP !== null) parts.push(["top_p", String(order.topP)]);
  if (order.seed !== USUAL.seed) parts.push(["draws", String(order.seed)]);
  if (order.count !== USUAL.count) parts.push(["count", String(order.count)]);
  if (lane !== 0) parts.push(["name", String(lane)]);
  if (at !== null) parts.push(["at", at]);
  return parts.map(([key, value]) => `&${key}=${escape(value)}`).join("");
}

export function decodeAsked(query: URLSearchParams, limits: Limits): { asked: Asked; problems: Problem[] } {
  const problems: Problem[] = [];
  function read<T>(key: string, usual: T, expected: string, parse: (text: string) => T | undefined): T {
    const text = query.get(key);
    if (text === null) return usual;
    const value = parse(text);
    if (value === undefined) problems.push({ key, value: text, expected });
    return value ?? usual;
  }
  const whole = (min: number, max: number) => (text: string): number | undefined => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    return number >= min && number <= max ? number : undefined;
  };
  const real = (min: number, max: number, open: boolean) => (text: string): number | undefined => {
    const number = /^\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : NaN;
    return (open ? number > min : number >= min) && number <= max ? number : undefined;
  };
  const expected = m.link.expected;
  const { samples, temperature, seed, vocab_size: vocab } = limits;
  const order: Order = {
    prefix: read("prefix", USUAL.prefix, expected.text(LONGEST_PREFIX), (text) => (text.length <= LONGEST_PREFIX ? text : undefined)),
    temperature: read("temperature", USUAL.temperature, expected.number(0, temperature, null), real(0, temperature, false)),
    topK: read("top_k", USUAL.topK, expected.whole(1, vocab), whole(1, vocab)),
    topP: read("top_p", USUAL.topP, expected.number(0, 1, "min"), real(0, 1, true)),
    count: read("count", USUAL.count, expected.whole(1, samples), whole(1, samples)),
    seed: USUAL.seed,
  };
  const mostSeed = seed - order.count + 1;
  order.seed = read("draws", USUAL.seed, expected.whole(0, mostSeed), whole(0, mostSeed));
  const lane = read("name", 0, expected.whole(0, order.count - 1), whole(0, order.count - 1));
  const at = read<string | null>("at", null, expected.moment, (text) => (MOMENT.test(text) ? text : undefined));
  return { asked: { order, lane, at }, problems };
}
