// Texts that a person brought are found by any name, and by no name that was not given.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { readText } from "../../src/pages/lab/configure/readText";
import { Corpora } from "../../src/lib/state/corpora.svelte";
import { decode } from "../../src/lib/state/link/decode";
import { catalog } from "../configure/catalog";

const NAMES = ["constructor", "toString", "__proto__", "hasOwnProperty"];

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text) });
});

describe("texts by name", () => {
  test.each(NAMES)("%s is not there before it is brought", (name) => {
    const corpora = new Corpora();
    expect(corpora.brought(name)).toBeNull();
    const { problems } = decode(new URL(`http://localhost/lab/?v=1&data=${name}`), catalog, (data) => corpora.brought(data));
    expect(problems).toMatchObject([{ key: "data", value: name }]);
  });

  test.each(NAMES)("%s comes back as it was brought, also after a reload", (name) => {
    new Corpora().remember({ from: "text", name, text: "emma" });
    expect(new Corpora().brought(name)).toEqual({ from: "text", name, text: "emma" });
  });
});

test("a byte order mark is a character of the text, as it is to Python", async () => {
  const file = new Blob([Uint8Array.of(0xef, 0xbb, 0xbf), "emma"]);
  expect(await readText(file, 100)).toEqual({ text: "\ufeffemma" });
});

test("a link to a text of carriage returns keeps its held-out setting: the engine counts the documents", () => {
  const text = "emma\rolivia\rava\rnoah";
  const url = new URL("http://localhost/lab/?v=1&data=mine&held_out_every=3");
  const { state, problems } = decode(url, catalog, (name) => ({ from: "text", name, text }));
  expect([state.values.held_out_every, problems]).toEqual([3, []]);
});
