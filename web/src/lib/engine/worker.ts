// Runs the lab as WebAssembly in a thread of its own, so that training never holds up the page.
// It only passes messages on and gives the session its turns; what they mean is the lab's business.
/// <reference lib="webworker" />
import init, { Lab } from "../../../wasm/glassgpt_wasm.js";
import binary from "../../../wasm/glassgpt_wasm_bg.wasm?url";
import type { Catalog } from "../protocol/types";
import type { Parcel } from "./wire";

/** What the worker says first, then again and again. */
export type FromWorker = { type: "ready"; catalog: Catalog } | { type: "parcels"; parcels: Parcel[] };

declare const self: DedicatedWorkerGlobalScope;

await init({ module_or_path: binary });
const lab = new Lab();
/** Wakes the loop without the four milliseconds that nested timers cost. */
const bell = new MessageChannel();
let timer: ReturnType<typeof setTimeout> | undefined;
let rung = false;

function post(parcels: Parcel[]): void {
  if (parcels.length === 0) return;
  const buffers = parcels.flatMap(({ arrays }) => arrays.map(({ buffer }) => buffer));
  self.postMessage({ type: "parcels", parcels } satisfies FromWorker, buffers);
}

/** Sees to it that the session has its next turn when it is due; messages that wait come first. */
function schedule(): void {
  clearTimeout(timer);
  const wait = lab.wait_ms();
  if (wait === Infinity || rung) return;
  if (wait > 0) {
    timer = setTimeout(turn, wait);
  } else {
    rung = true;
    bell.port2.postMessage(null);
  }
}

function turn(): void {
  post(lab.turn());
  schedule();
}

bell.port1.onmessage = () => {
  rung = false;
  turn();
};
self.onmessage = ({ data }: MessageEvent<string[]>) => {
  post(data.flatMap((message) => lab.receive(message)));
  schedule();
};
self.postMessage({ type: "ready", catalog: JSON.parse(lab.catalog()) as Catalog } satisfies FromWorker);
