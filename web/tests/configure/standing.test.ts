// Checks that the place in time is kept over retrainings, also when a run is too short for it for a while.
import { describe, expect, it } from "vitest";
import { nothingHeard, reduce, type Run } from "../../src/lib/protocol/reduce";
import { placeToStand } from "../../src/pages/lab/configure/standing";
import { experiment, snapshot } from "../runs";

function run(step: number, phase: Run["status"]["phase"] = "paused"): Run {
  const heard = reduce(nothingHeard, snapshot(1, step, { status: { phase, pace: null, run_until: null, divergence: null } }));
  if (heard.run === null) throw new Error("no run");
  return heard.run;
}

describe("where to stand", () => {
  it("is the end for whoever stands at the end", () => {
    expect(placeToStand(run(10, "finished"), null, false)).toBe("end");
    expect(placeToStand(run(3, "diverged"), null, false)).toBe("end");
    expect(placeToStand(run(experiment.config.steps), null, false)).toBe("end");
  });

  it("is the present step for whoever stands elsewhere", () => {
    expect(placeToStand(run(4), null, false)).toBe(4);
  });

  it("is the end where nothing was trained yet, and step 0 for whoever went back there", () => {
    expect(placeToStand(run(0, "ready"), null, false)).toBe("end");
    const trained = run(4);
    expect(placeToStand({ ...trained, step: 0, records: [] }, null, false)).toBe(0);
  });

  it("is the old wish while a shorter run only lends its end", () => {
    expect(placeToStand(run(4, "finished"), { wanted: 7, landed: 4 }, false)).toBe(7);
    expect(placeToStand(run(2), { wanted: 7, landed: 4 }, false)).toBe(2);
  });

  it("is the old wish while a retraining is under way", () => {
    expect(placeToStand(run(2, "running"), { wanted: "end", landed: null }, true)).toBe("end");
  });
});
