// Checks the sentences made from figures: they name what is drawn, and nothing else.
import { expect, it } from "vitest";
import { attentionSummary, barsSummary, chartSummary, matrixSummary, named } from "../../src/lib/kit/summaries";
import { m } from "../../src/lib/messages/en/kit";

const names = { rowTitle: "row", colTitle: "column" };

it("tells a matrix by its size, its extremes and where the largest lies", () => {
  expect(matrixSummary([0.1, -0.31, 0.44, 0, 0.2, NaN], 2, 3, { ...names, rowLabels: ["a", "b"] })).toBe(
    "2 × 3, from −0.31 to 0.44; largest at row 0 ‘a’, column 2. 1 entry is not a number.",
  );
  expect(matrixSummary([NaN], 1, 1, names)).toBe("1 × 1, no number in it.");
});

it("tells a row of attention by its three strongest looks", () => {
  expect(attentionSummary([0.1, 0.2, 0.3, 0.4], ["¶", "e", "m", "m"], 3)).toBe(
    "From 3 ‘m’ it looks at 3 ‘m’ 0.4, 2 ‘m’ 0.3 and 1 ‘e’ 0.2.",
  );
});

it("tells bars by the longest and the marked ones", () => {
  expect(barsSummary([{ label: "a", value: 0.7 }, { label: "b", value: 0.3, marked: "target" }], String)).toBe(
    "2 bars; the longest is a with 0.7. The target is b with 0.3.",
  );
  expect(barsSummary([], String)).toBe("No bars.");
});

it("tells curves by their ends and extremes, and those without a number not at all", () => {
  const series = [
    { key: "a", label: "loss", values: [null, 4, 2, NaN, 3], style: "main" as const },
    { key: "b", label: "nothing", values: [null], style: "dots" as const },
  ];
  expect(chartSummary([1, 2, 3, 4, 5], series, "step", String)).toBe("5 points, step 1 to 5. loss: first 4, last 3, lowest 2, highest 4.");
  expect(chartSummary([], series, "step", String)).toBe("No point yet.");
});

it("names a place by index and label, and not twice", () => {
  expect([named(3, ["a", "b", "c", "d"]), named(3, undefined), named(1, ["0", "1"])]).toEqual(["3 ‘d’", "3", "1"]);
});

it.each([[NaN, "not a number"], [Infinity, "∞"], [-Infinity, "−∞"], [0.123456, "0.1235"], [-1234.5, "−1,234"], [12345.6, "12,346"], [1e-8, "1e−8"]])(
  "writes %f as %s", (x, text) => expect(m.number(x, x === -1234.5 ? 3 : 4)).toBe(text));
