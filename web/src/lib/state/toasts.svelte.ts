// Short messages that do not interrupt: what went wrong and the way out, or what can be undone.
// Nothing vanishes before it can be read: only messages without a way out leave by themselves.

export type Toast = {
  id: number;
  text: string;
  tone: "note" | "warning";
  /** The way out, if there is one. */
  action: { label: string; run: () => void } | null;
};

const LEAVES_AFTER_MS = 6000;

export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #lastId = 0;

  show(text: string, more: Partial<Pick<Toast, "tone" | "action">> = {}): void {
    const toast: Toast = { id: ++this.#lastId, text, tone: more.tone ?? "note", action: more.action ?? null };
    this.list = [...this.list.filter((one) => one.text !== text), toast];
    if (toast.action === null && toast.tone === "note") setTimeout(() => this.dismiss(toast.id), LEAVES_AFTER_MS);
  }

  warn(text: string, action: Toast["action"] = null): void {
    this.show(text, { tone: "warning", action });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

/** The messages of the page. */
export const toasts = new Toasts();
