// The two questions this panel asks of the engine: what an experiment would be, and what is in a corpus.
// Their shapes are the protocol's; they are spelled here so that the form does not depend on how they travel.
import type { CorpusSource, Experiment, Refusal, Spec } from "../../../lib/protocol/types";
import { Asked } from "../../../lib/state/asked.svelte";
import type { Session } from "../../../lib/state/session.svelte";

export type CorpusStatistics = {
  name: string;
  num_docs: number;
  num_unique: number;
  num_chars: number;
  shortest: number;
  longest: number;
  mean_length: number;
  lengths: { length: number; count: number }[];
  characters: { character: string; count: number; begins: number }[];
  vocab_size: number;
  uniform_loss: number;
  first: string[];
  shuffled: string[];
};

type Asks<A> = { readonly answer: A | null; readonly refusal: Refusal | null };

export function askPlan(session: () => Session, spec: () => Spec | null): Asks<Experiment> {
  const question = (): never => {
    const wish = spec();
    return (wish === null ? null : { type: "plan", spec: wish }) as never;
  };
  return new Asked(session, "plan" as never, question) as unknown as Asks<Experiment>;
}

export function askCorpus(session: () => Session, ask: () => { source: CorpusSource; seed: number } | null): Asks<CorpusStatistics> {
  const question = (): never => {
    const wish = ask();
    return (wish === null ? null : { type: "corpus", ...wish }) as never;
  };
  return new Asked(session, "corpus" as never, question) as unknown as Asks<CorpusStatistics>;
}
