import { emailHeader } from "../core/context.ts";
import { type BillingClient, type FetchLike, SDK_VERSION } from "../core/index.ts";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** The server says something every 20 s; a connection that has been silent for longer than this is a dead one. */
const SILENCE_MS = 50_000;

/**
 * Listens to the server's word that a purchase has arrived, until the result is called. An accelerator only: it
 * fails silently and for good where the server does not know it, refuses it or something in between swallows it,
 * and comes back with growing pauses where the connection was lost.
 */
export function openPurchaseSignal(
  billing: BillingClient,
  onNews: () => void,
  send: FetchLike = fetch,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;

  /** One connection, to its end. Resolves false when another one would fare no better. */
  const connect = async (first: boolean): Promise<boolean> => {
    const token = await billing.auth?.getAccessToken();
    const email = billing.getIdentity()?.email;
    if (!token && !email) return false;
    const connection = new AbortController();
    const end = () => connection.abort();
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    let silence = setTimeout(end, SILENCE_MS);
    try {
      const url = `${billing.activeApiOrigin()}/api/v1/paywall/${billing.paywallId}/purchase-signal`;
      const response = await send(url, {
        headers: {
          Accept: "text/event-stream",
          "X-SDK-Version": SDK_VERSION,
          "X-Paywall-Id": billing.paywallId,
          ...(token && { Authorization: `Bearer ${token}` }),
          ...emailHeader(email),
        },
        credentials: "omit",
        signal: connection.signal,
      });
      const stream = /event-stream/.test(response.headers.get("Content-Type") ?? "");
      if (!response.ok || !stream || !response.body) return response.status >= 500;
      // What happened while nobody listened.
      if (!first) onNews();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      for (let text = ""; ; ) {
        const { done, value } = await reader.read();
        if (done) return true;
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        text += decoder.decode(value, { stream: true });
        if (/^data: ?changed\r?\n/m.test(text)) onNews();
        text = text.slice(text.lastIndexOf("\n") + 1);
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", end);
      end();
    }
  };

  const run = async () => {
    let wait = FIRST_WAIT_MS;
    for (let first = true; !signal.aborted; first = false) {
      const began = performance.now();
      if (!(await connect(first).catch(() => true))) return;
      if (performance.now() - began > LONGEST_WAIT_MS) wait = FIRST_WAIT_MS;
      // Everybody who lost the same server comes back at a different moment.
      const pause = wait * (0.5 + Math.random() / 2);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  };
  void run();
  return () => controller.abort();
}
