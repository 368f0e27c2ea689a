// The way of one name through the model as a line that can be walked in both directions: positions, in each seven stages, in
// each a few beats. Pure: what is drawn at a time depends on the time alone, so going back shows what was there.

export const STAGES = ["tokenize", "embed", "attention", "mlp", "probabilities", "draw", "result"] as const;
export type Stage = (typeof STAGES)[number];

/** What happens in each stage, one thing after the other. */
export const BEATS = {
  tokenize: ["letters", "ids"],
  embed: ["token", "place", "sum", "norm"],
  attention: ["qkv", "scores", "scale", "softmax", "mix", "out"],
  mlp: ["stream", "hidden", "off", "add"],
  probabilities: ["scores", "temperature", "softmax", "cut"],
  draw: ["line", "number", "letter"],
  result: ["append", "cache"],
} as const satisfies Record<Stage, readonly string[]>;
export type Beat = { [S in Stage]: (typeof BEATS)[S][number] }[Stage];

/** Where one stands: `progress` is how much of the beat has been shown, above 0 and up to 1. */
export type Moment = { position: number; stage: Stage; beat: number; progress: number };

const STARTS = new Map<Stage, number>();
let beats = 0;
for (const stage of STAGES) {
  STARTS.set(stage, beats);
  beats += BEATS[stage].length;
}
/** Beats from one letter to the next. */
export const ROUND: number = beats;

/** The length of the whole line, in beats. */
export function lengthOf(positions: number): number {
  return positions * ROUND;
}

/** Beats of a position that lie before a stage. */
export function startOf(stage: Stage): number {
  return STARTS.get(stage) ?? 0;
}

/** What a time on the line means. A whole number is the end of a beat: everything up to it has been shown. */
export function at(time: number, positions: number): Moment {
  const within = Math.max(0, Math.min(time, lengthOf(positions)));
  const beat = Math.max(0, Math.ceil(within) - 1);
  const position = Math.floor(beat / ROUND);
  const inRound = beat - position * ROUND;
  const stage = STAGES.findLast((one) => startOf(one) <= inRound) ?? "tokenize";
  return { position, stage, beat: inRound - startOf(stage), progress: within - beat };
}

export function timeOf({ position, stage, beat, progress }: Moment): number {
  return position * ROUND + startOf(stage) + beat + progress;
}

/** The time at which all of a stage has been shown. */
export function endOf(position: number, stage: Stage): number {
  return position * ROUND + startOf(stage) + BEATS[stage].length;
}

/** How much of a beat has been shown: 0 before it, 1 after it. */
export function shown(moment: Moment, stage: Stage, beat: Beat): number {
  const wanted = startOf(stage) + (BEATS[stage] as readonly string[]).indexOf(beat);
  const current = startOf(moment.stage) + moment.beat;
  return wanted < current ? 1 : wanted > current ? 0 : moment.progress;
}

export type Unit = "beat" | "stage" | "letter";

/** The next or previous end of a beat, of a stage, or of the same stage one letter on. */
export function step(time: number, unit: Unit, by: 1 | -1, positions: number): number {
  const { position, stage, progress } = at(time, positions);
  const last = lengthOf(positions);
  const clamp = (to: number): number => Math.max(1, Math.min(to, last));
  if (unit === "beat") return clamp(by > 0 ? Math.floor(time) + 1 : Math.ceil(time) - 1);
  if (unit === "letter") return clamp(endOf(Math.max(0, Math.min(position + by, positions - 1)), stage));
  const end = endOf(position, stage);
  const atEnd = time === end && progress === 1;
  if (by > 0) {
    if (!atEnd) return clamp(end);
    const next = STAGES[STAGES.indexOf(stage) + 1];
    return clamp(next === undefined ? endOf(position + 1, "tokenize") : endOf(position, next));
  }
  const before = STAGES[STAGES.indexOf(stage) - 1];
  return clamp(before === undefined ? endOf(position - 1, "result") : endOf(position, before));
}

/** How many tokens are known at a moment: those of the prefix from the start, each other once it was drawn. */
export function known(moment: Moment, prefix: number): number {
  const drawn = shown(moment, "draw", "letter") > 0 ? 1 : 0;
  return Math.max(prefix + 1, moment.position + 1 + drawn);
}

/** The i-th of `n` things that come one after the other within a beat: 0 before its turn, 1 after it. */
export function turn(progress: number, i: number, n: number): number {
  return Math.max(0, Math.min(1, progress * n - i));
}

/** The thing whose turn it is; null before the first and after the last. */
export function whose(progress: number, n: number): number | null {
  if (progress <= 0 || progress >= 1) return null;
  return Math.min(n - 1, Math.floor(progress * n));
}

const SPELLED = /^(\d{1,4})\.([a-z]+)\.([a-z]+)$/;

/** A moment as part of an address: `3.attention.softmax`. Addresses name beats, not halves of them. */
export function spell(moment: Moment): string {
  return `${moment.position}.${moment.stage}.${BEATS[moment.stage][moment.beat] ?? ""}`;
}

/** The moment a part of an address names; null if it names none. */
export function read(text: string): Moment | null {
  const [, position, stageName, beatName = ""] = SPELLED.exec(text) ?? [];
  const stage = STAGES.find((one) => one === stageName);
  if (position === undefined || stage === undefined) return null;
  const beat = (BEATS[stage] as readonly string[]).indexOf(beatName);
  return beat < 0 ? null : { position: Number(position), stage, beat, progress: 1 };
}
