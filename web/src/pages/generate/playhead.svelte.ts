// Walks along the timeline, at a speed of its own or by hand. It knows beats, not numbers: what a moment shows is decided elsewhere.
import { preferences } from "../../lib/state/preferences.svelte";
import { lengthOf, step, type Unit } from "./timeline";

/** At ordinary speed one beat takes so long: a sentence must be read meanwhile. */
const BEAT_MS = 1600;

export class Playhead {
  time = $state(1);
  playing = $state(false);
  speed = $state(1);
  #positions: () => number;
  #frame = 0;
  #last = 0;
  /** With reduced motion the time shown stands at ends of beats; this goes on in between. */
  #exact = 1;

  constructor(positions: () => number) {
    this.#positions = positions;
  }

  get length(): number {
    return lengthOf(this.#positions());
  }

  get atEnd(): boolean {
    return this.time >= this.length;
  }

  seek(time: number): void {
    this.stop();
    this.#stand(time);
  }

  step(unit: Unit, by: 1 | -1): void {
    this.seek(step(this.time, unit, by, this.#positions()));
  }

  play(): void {
    if (this.playing) return;
    if (this.atEnd) this.#stand(0);
    this.#exact = this.time;
    this.playing = true;
    this.#last = performance.now();
    this.#frame = requestAnimationFrame(this.#advance);
  }

  stop(): void {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
  }

  toggle(): void {
    if (this.playing) this.stop();
    else this.play();
  }

  #stand(time: number): void {
    this.time = Math.max(0, Math.min(time, this.length));
    this.#exact = this.time;
  }

  #advance = (now: number): void => {
    if (!this.playing) return;
    this.#exact = Math.min(this.length, this.#exact + (Math.max(0, now - this.#last) * this.speed) / BEAT_MS);
    this.#last = now;
    this.time = preferences.still ? Math.max(this.time, Math.floor(this.#exact)) : this.#exact;
    if (this.#exact >= this.length) this.playing = false;
    else this.#frame = requestAnimationFrame(this.#advance);
  };
}
