// What every stage is given: the moment, the text that is followed, and the numbers of its position.
// One type, so that any of the seven can stand in the frame.
import type { PartProps } from "../lab/part";
import type { Spread, Trial } from "./choices.svelte";
import type { Lane } from "./lanes";
import type { Here } from "./reading.svelte";
import type { Moment } from "./timeline";

export type StageProps = PartProps & {
  moment: Moment;
  lane: Lane;
  here: Here;
  /** Null until it is known what may come next. */
  spread: Spread | null;
  trial: Trial;
  ontrial: (trial: Trial) => void;
  /** Goes on with another letter here. */
  onbranch: (token: number) => void;
  /** Draws everything as it is tried here. */
  ontake: () => void;
  /** Goes to a position, at the stage at hand. */
  onposition: (position: number) => void;
};
