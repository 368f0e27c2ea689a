// Checks how numbers become text, because a wrongly written number is a wrong number.
import { expect, it } from "vitest";
import { bytes, count, counted, digits, nats, share, tokenGlyph, tokenLabel } from "../src/lib/format";

it("writes counts with thousands", () => {
  expect(count(4192)).toBe("4,192");
  expect(counted(1, "step")).toBe("1 step");
  expect(counted(1000, "matrix", "matrices")).toBe("1,000 matrices");
});

it("writes losses with a fixed number of decimals and a real minus", () => {
  expect(nats(3.36599)).toBe("3.37");
  expect(nats(-0.5, 4)).toBe("−0.5000");
});

it("does not round a small probability to nothing", () => {
  expect(share(0)).toBe("0.000");
  expect(share(0.0001)).toBe("<0.001");
  expect(share(0.4125)).toBe("0.412");
  expect(share(1)).toBe("1.000");
});

it.each([[0, "0"], [0.01, "0.01"], [1, "1"], [100, "100"], [1e-8, "1e−8"], [0.00123456, "0.00123"], [1234.5, "1,235"], [-99999, "−99,999"], [1234567, "1.23e6"]])(
  "writes %f as %s", (x, text) => expect(digits(x)).toBe(text));

it("writes sizes as people say them", () => {
  expect(bytes(500)).toBe("500 bytes");
  expect(bytes(200_000)).toBe("200 KB");
});

it("shows blanks and BOS", () => {
  expect(tokenLabel(" ")).toBe("␣");
  expect(tokenGlyph(2, ["a", "b", "BOS"], 2)).toBe("¶");
  expect(tokenGlyph(0, ["a", "b", "BOS"], 2)).toBe("a");
});
