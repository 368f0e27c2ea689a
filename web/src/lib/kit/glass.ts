// What a number needs from the page around it: a preview of its address, and pins.
// A context, so that a number deep in a figure can be opened without every component passing functions down.
import { getContext, setContext } from "svelte";

export type Preview = { value: number; words: string; formula: string } | { refusal: string };

export type Glass = {
  preview(address: string): Promise<Preview>;
  pin(address: string): void;
  pinned(address: string): boolean;
};

const KEY = Symbol("glass");

export function setGlass(glass: Glass): void {
  setContext(KEY, glass);
}

/** Undefined where no page offers one: then numbers are plain text. */
export function getGlass(): Glass | undefined {
  return getContext<Glass | undefined>(KEY);
}
