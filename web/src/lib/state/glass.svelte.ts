// What numbers on the page can do: show where they come from, and be held on to.
// Between the kit, which knows neither engine nor selection, and both of them.
import { beside, spell, split } from "../address";
import { double } from "../engine/wire";
import { m } from "../messages/en/numbers";
import type { Glass, Preview } from "../kit/glass";
import type { Run } from "../protocol/reduce";
import type { Selection } from "./selection.svelte";
import type { Session } from "./session.svelte";

export function glassOf(session: Session, selection: Selection): Glass {
  return {
    async preview(address): Promise<Preview> {
      const answered = await session.answer("ladder", { type: "why", address, depth: 0, limit: 1 });
      if ("refusal" in answered) return { refusal: answered.refusal.message };
      const rung = answered.content.rungs[0];
      if (rung === undefined) return { refusal: m.preview.nothing };
      return { value: double(rung.value), words: rung.words, formula: rung.formula };
    },
    pin(address) {
      const pin = held(address, session.run, selection);
      if (selection.pins.includes(pin)) selection.release(pin);
      else selection.pin(pin);
    },
    pinned: (address) => selection.pins.includes(held(address, session.run, selection)),
  };
}

/** The full address of a pin: one without a moment of its own follows the page through time. */
export function told(pin: string, run: Run, selection: Selection): string {
  if (split(pin).moment !== "") return pin;
  return isParameter(pin, run) ? `step:${selection.inside(run)}/${pin}` : selection.at(run, pin);
}

/** What is pinned of a full address: without its moment where that is the one on the page. */
export function held(address: string, run: Run | null, selection: Selection): string {
  const { name } = split(address);
  return run !== null && told(name, run, selection) === address ? name : address;
}

/** The number is one of those that training changes, whatever text is read. */
export function isParameter(address: string, run: Run): boolean {
  const spelled = spell(address);
  return spelled !== null && run.experiment.matrices.some(({ name }) => name === spelled.tensor);
}

/** The whole way from a pin to the number opened below it, as full addresses. */
export function toldTrail(trail: readonly string[], run: Run, selection: Selection): string[] {
  const [pin, ...below] = trail;
  if (pin === undefined) return [];
  const full = told(pin, run, selection);
  return [full, ...below.map((named) => beside(full, named))];
}
