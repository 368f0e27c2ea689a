// What a word of the glossary is: one definition for any model, and what it comes to in the loaded one.
import type { Facts } from "../../../state/facts";

export type Entry = {
  /** Its place in links: `#glossary-logits`. */
  id: string;
  term: string;
  /** Other names for the same. */
  also?: readonly string[];
  text: string;
  /** What it comes to in the loaded model. */
  here?: (facts: Facts) => string;
  /** Words to read next. */
  see?: readonly string[];
};
