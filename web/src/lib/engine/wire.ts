// Turns what comes over a transport into messages: JSON, with the numbers of readings as arrays.
// Numbers by the thousand travel from the worker as transferred arrays and from the socket as JSON; the page sees arrays.
import type { NumberedEvent, Reading, ServerMessage, WireNumber } from "../protocol/types";

/** Numbers read by address: a `Reading` whose values are an array of doubles, not-a-number and infinities included. */
export type Tensor = Omit<Reading, "values"> & { values: Float64Array };

/** What the worker posts: a message, and the numbers of its readings in order of appearance. */
export type Parcel = { json: string; arrays: Float64Array[] };

export function unpack({ json, arrays }: Parcel): ServerMessage {
  const message = JSON.parse(json) as ServerMessage;
  readingsOf(message).forEach((reading, i) => fill(reading, arrays[i] ?? new Float64Array(0)));
  return message;
}

export function parse(json: string): ServerMessage {
  const message = JSON.parse(json) as ServerMessage;
  for (const reading of readingsOf(message)) fill(reading, Float64Array.from(reading.values, double));
  return message;
}

/** The readings of an unpacked message are tensors. */
export function tensors(readings: readonly Reading[]): Tensor[] {
  return readings as unknown as Tensor[];
}

function readingsOf(message: ServerMessage): Reading[] {
  if (message.type === "snapshot") return message.snapshot.readings;
  if (message.type === "answered" && message.answer.type === "readings") return message.answer.answer;
  if (message.type === "event") return readingsOfEvent(message);
  if (message.type === "events") return message.events.flatMap(readingsOfEvent);
  return [];
}

function readingsOfEvent({ event }: NumberedEvent): Reading[] {
  return event.type === "observed" ? event.readings : [];
}

function fill(reading: Reading, values: Float64Array): void {
  (reading as unknown as Tensor).values = values;
}

/** A number as the wire spells it: JSON has no word for what is not finite. */
export function double(number: WireNumber): number {
  if (typeof number === "number") return number;
  return number === "NaN" ? NaN : number === "Infinity" ? Infinity : -Infinity;
}

/** Stands for −0 while JSON is written; no text of a person begins like this. */
const MINUS_ZERO = "\u0000-0";

/** JSON that someone else wrote. It goes to the engine to the letter: what JavaScript makes of it has lost which field was there twice. */
export class Verbatim {
  constructor(readonly json: string) {}
}

/** Stands for the text of a `Verbatim` while JSON is written. */
const VERBATIM = "\u0000json";

/** Plain data as JSON that keeps every double: JavaScript's own writes −0 as 0. */
export function spell(data: unknown): string {
  const texts: string[] = [];
  const stand = (_: string, value: unknown): unknown => {
    if (value instanceof Verbatim) return VERBATIM + String(texts.push(value.json) - 1);
    return Object.is(value, -0) ? MINUS_ZERO : value;
  };
  const json = JSON.stringify(data, stand).replaceAll(JSON.stringify(MINUS_ZERO), "-0.0");
  return texts.reduce((json, text, i) => json.replace(JSON.stringify(VERBATIM + String(i)), () => text), json);
}
