// The timeline is a line: a moment depends on the time alone, so going back shows what was there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, BEATS, endOf, known, lengthOf, read, ROUND, shown, spell, STAGES, startOf, step, timeOf, turn, whose, type Beat, type Stage } from "../../src/pages/generate/timeline";

const positions = fc.integer({ min: 1, max: 64 });
const time = positions.chain((n) => fc.tuple(fc.constant(n), fc.double({ min: 0, max: lengthOf(n), noNaN: true })));
const everyBeat = STAGES.flatMap((stage) => BEATS[stage].map((beat): [Stage, Beat] => [stage, beat]));

/** Everything that a picture asks of a moment. */
function picture(t: number, n: number): unknown {
  const moment = at(t, n);
  return { moment, shown: everyBeat.map(([stage, beat]) => shown(moment, stage, beat)), known: known(moment, 3), spelled: spell(moment) };
}

describe("a moment", () => {
  test("is the same whichever way one came", () => {
    fc.assert(
      fc.property(time, fc.array(fc.constantFrom("beat", "stage", "letter"), { maxLength: 20 }), ([n, t], units) => {
        const before = JSON.stringify(picture(t, n));
        let away = t;
        for (const unit of units) away = step(away, unit as "beat", 1, n);
        for (let back = away; back > 1; back = step(back, "beat", -1, n)) picture(back, n);
        expect(JSON.stringify(picture(t, n))).toBe(before);
      }),
    );
  });

  test("has a time, and the time the moment", () => {
    fc.assert(fc.property(time, ([n, t]) => {
      expect(timeOf(at(t, n))).toBeCloseTo(t, 9);
    }));
    fc.assert(fc.property(positions, fc.nat(), (n, k) => {
      const whole = k % (lengthOf(n) + 1);
      expect(timeOf(at(whole, n))).toBe(whole);
    }));
  });

  test("comes after all beats before it and before all after it", () => {
    fc.assert(
      fc.property(time, ([n, t]) => {
        const parts = everyBeat.map(([stage, beat]) => shown(at(t, n), stage, beat));
        expect(parts).toEqual(parts.toSorted((a, b) => b - a));
        expect(parts.filter((part) => part > 0 && part < 1).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("is spelled by its beat, and read again at its end", () => {
    for (const [stage, beat] of everyBeat) {
      const moment = read(`7.${stage}.${beat}`);
      expect(moment).not.toBeNull();
      expect(moment === null ? "" : spell(moment)).toBe(`7.${stage}.${beat}`);
      expect(moment?.progress).toBe(1);
    }
    for (const text of ["", "3", "3.attention", "3.attention.ids", "x.embed.sum", "3.embed.sum.", "99999.embed.sum"]) expect(read(text), text).toBeNull();
  });
});

describe("steps", () => {
  test("go through every beat, forwards and backwards", () => {
    const n = 3;
    const there: number[] = [];
    for (let t = 1; ; t = step(t, "beat", 1, n)) {
      there.push(t);
      if (t === lengthOf(n)) break;
    }
    expect(there).toHaveLength(n * ROUND);
    const back = [lengthOf(n)];
    while ((back.at(-1) ?? 1) > 1) back.push(step(back.at(-1) ?? 1, "beat", -1, n));
    expect(back.reverse()).toEqual(there);
  });

  test("by stages end where all of a stage stands, from letter to letter", () => {
    let t = endOf(0, "tokenize");
    const met: string[] = [];
    for (let i = 0; i < 8; i++) {
      const moment = at(t, 3);
      met.push(`${moment.position}.${moment.stage}`);
      expect(t).toBe(endOf(moment.position, moment.stage));
      t = step(t, "stage", 1, 3);
    }
    expect(met).toEqual([...STAGES.map((stage) => `0.${stage}`), "1.tokenize"]);
    expect(step(startOf("mlp") + 1.5, "stage", 1, 3)).toBe(endOf(0, "mlp"));
  });

  test("by letters keep the stage, and stop at both ends", () => {
    expect(at(step(endOf(0, "draw"), "letter", 1, 3), 3)).toMatchObject({ position: 1, stage: "draw", progress: 1 });
    fc.assert(
      fc.property(time, fc.constantFrom("beat", "stage", "letter"), fc.constantFrom(1, -1), ([n, t], unit, by) => {
        const to = step(t, unit as "beat", by as 1, n);
        expect(to).toBeGreaterThanOrEqual(1);
        expect(to).toBeLessThanOrEqual(lengthOf(n));
      }),
    );
  });
});

test("a letter is known once it was drawn, and those given from the start", () => {
  const moment = (position: number, stage: Stage, beat: Beat) => read(`${position}.${stage}.${beat}`) ?? at(0, 1);
  expect(known(moment(0, "tokenize", "ids"), 3)).toBe(4);
  expect(known(moment(3, "draw", "number"), 3)).toBe(4);
  expect(known(moment(3, "draw", "letter"), 3)).toBe(5);
  expect(known(moment(4, "tokenize", "ids"), 3)).toBe(5);
});

test("things that come one after the other have their turn, and then stay", () => {
  expect([0, 1, 2, 3].map((i) => turn(0.5, i, 4))).toEqual([1, 1, 0, 0]);
  expect([0, 1, 2, 3].map((i) => turn(1, i, 4))).toEqual([1, 1, 1, 1]);
  expect([whose(0, 4), whose(0.3, 4), whose(0.99, 4), whose(1, 4)]).toEqual([null, 1, 3, null]);
});
