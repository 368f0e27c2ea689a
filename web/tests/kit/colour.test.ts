// Checks the ramps: zero neutral, ends as given, text readable on every colour of them, in both themes.
import { describe, expect, it } from "vitest";
import { contrast, endsOf, mix, parseColour, rampIndex, rampOf, SIDE, textOn } from "../../src/lib/kit/colour";
import { DARK, LIGHT } from "./palette";

describe("colours", () => {
  it("reads the forms that browsers give", () => {
    expect(parseColour("#2166ac")).toEqual([33, 102, 172]);
    expect(parseColour("rgb(33, 102, 172)")).toEqual([33, 102, 172]);
    expect(parseColour("color(srgb 1 0.5 0)")).toEqual([255, 127.5, 0]);
  });

  it("measures contrast as WCAG does", () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
    expect(contrast([26, 29, 33], [251, 251, 250])).toBeCloseTo(16.3, 1);
  });

  it("mixes in equal steps of lightness and returns its ends exactly", () => {
    expect(mix([10, 20, 30], [200, 100, 0], 0)).toEqual([10, 20, 30]);
    expect(mix([10, 20, 30], [200, 100, 0], 1)).toEqual([200, 100, 0]);
    const [r, g, b] = mix([0, 0, 0], [255, 255, 255], 0.5);
    expect(r).toBeCloseTo(g, 1);
    expect(g).toBeCloseTo(b, 1);
    expect(r).toBeGreaterThan(95);
    expect(r).toBeLessThan(105);
  });
});

describe.each([["light", LIGHT], ["dark", DARK]])("ramps in the %s theme", (_, palette) => {
  it.each(["value", "gradient", "share"] as const)("%s: begins and ends as given, zero in the middle", (kind) => {
    const { rgb } = rampOf(kind, palette);
    const [minus, zero, plus] = endsOf(kind, palette).map(parseColour);
    expect(rgb).toHaveLength(2 * SIDE + 1);
    expect([rgb[0], rgb[SIDE], rgb[2 * SIDE]]).toEqual([minus, zero, plus]);
  });

  it.each(["value", "gradient", "share"] as const)("%s: text stays above 4.5:1 on every colour", (kind) => {
    for (const fill of rampOf(kind, palette).rgb) expect(contrast(fill, parseColour(textOn(fill)))).toBeGreaterThanOrEqual(4.5);
  });

  it("is made once", () => {
    expect(rampOf("value", palette)).toBe(rampOf("value", palette));
  });
});

it("cuts what lies outside the scale", () => {
  expect([-9, -1, 0, 0.5, 1, 9].map(rampIndex)).toEqual([0, 0, SIDE, SIDE + SIDE / 2, 2 * SIDE, 2 * SIDE]);
});
