// Trains a published run again in a worker of its own. The module it loads is nobody's but theirs who ask for the proof.
/// <reference lib="webworker" />
import init, { verify } from "../../../wasm/glassgpt_proof.js";
import binary from "../../../wasm/glassgpt_proof_bg.wasm?url";
import type { Verdict } from "../../lib/protocol/types";

/** The answer to a trace, whose text is posted to the worker. */
export type FromProof = { verdict: Verdict } | { refusal: string };

declare const self: DedicatedWorkerGlobalScope;

const ready = init({ module_or_path: binary });

async function answer(trace: string): Promise<FromProof> {
  try {
    await ready;
    return { verdict: JSON.parse(verify(trace)) as Verdict };
  } catch (error) {
    return { refusal: typeof error === "string" ? error : String(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<string>) => {
  self.postMessage(await answer(data));
};
