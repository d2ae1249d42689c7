const VISIBLE_MS = 5_000;
const HIDDEN_MS = 30_000;
/** A processor's event can land just after the person returns, so a return is followed by a second look. */
const FOLLOW_UP_MS = 1_000;
const GIVE_UP_MS = 10 * 60_000;

export interface PurchaseWatcher {
  /** Starts over; a running watch is replaced. */
  start(): void;
  stop(): void;
}

/**
 * Looks for a purchase: at once, every 5 s while the page is visible and every 30 s while it is not, and
 * whenever the person comes back. `check` resolves true when it was found.
 */
export function createPurchaseWatcher(check: () => Promise<boolean>): PurchaseWatcher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let startedAt = 0;
  let run = 0;
  let checking = false;

  const look = async (next = 0) => {
    if (!startedAt || checking) return;
    if (Date.now() - startedAt > GIVE_UP_MS) return stop();
    clearTimeout(timer);
    checking = true;
    const mine = run;
    const found = await check().catch(() => false);
    checking = false;
    if (mine !== run || !startedAt) return;
    if (found) return stop();
    timer = setTimeout(look, next || (document.visibilityState === "hidden" ? HIDDEN_MS : VISIBLE_MS));
  };
  const onReturn = () => {
    if (document.visibilityState !== "hidden") void look(FOLLOW_UP_MS);
  };
  const onMessage = (event: MessageEvent) => {
    if ((event.data as { type?: unknown } | null)?.type === "paywall_purchase") void look(FOLLOW_UP_MS);
  };

  const stop = () => {
    startedAt = 0;
    run++;
    checking = false;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onReturn);
    window.removeEventListener("focus", onReturn);
    window.removeEventListener("message", onMessage);
  };
  return {
    start() {
      stop();
      startedAt = Date.now();
      document.addEventListener("visibilitychange", onReturn);
      window.addEventListener("focus", onReturn);
      window.addEventListener("message", onMessage);
      void look();
    },
    stop,
  };
}
