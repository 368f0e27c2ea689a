// A MessageChannel for tests, which delivers when it is told to: what is done once a frame is drawn comes by one.
import { vi } from "vitest";

/** Puts it in place of the browser's. Returns how to deliver all that was posted. */
export function stubChannel(): () => void {
  const posted: (() => void)[] = [];
  class Channel {
    port1 = { onmessage: (): void => undefined, close: (): void => undefined };
    port2 = { postMessage: () => posted.push(() => this.port1.onmessage()) };
  }
  vi.stubGlobal("MessageChannel", Channel);
  return () => {
    for (const callback of posted.splice(0)) callback();
  };
}
