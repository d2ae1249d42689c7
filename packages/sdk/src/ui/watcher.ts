const VISIBLE_MS = 5_000;
const HIDDEN_MS = 30_000;
const GIVE_UP_MS = 10 * 60_000;
/** Any frame of the page may say that something was bought; so often it is heard. */
const HEARSAY_MS = 1_000;

export interface PurchaseWatcher {
  /** Starts over; a running watch is replaced. */
  start(): void;
  /** Nobody is looking at us any more: goes on without the server's signal. */
  hush(): void;
  stop(): void;
}

const isHidden = () => document.visibilityState === "hidden";

/**
 * Looks for a purchase: at once, every 5 s while the page is visible and every 30 s while it is not, whenever the
 * person comes back, and whenever the server says that there is news. `check` resolves true when it was found.
 * @param openSignal starts listening to the server and returns how to end that; failing is its own affair
 */
export function createPurchaseWatcher(
  check: () => Promise<boolean>,
  openSignal: (onNews: () => void) => () => void,
): PurchaseWatcher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When the watch began, on a clock that nobody sets; null while there is none. */
  let startedAt: number | null = null;
  let run = 0;
  let checking = false;
  /** News came while a check was under way, which may have missed it. */
  let again = false;
  let closeSignal: (() => void) | null = null;
  let hushed = false;

  const look = async (news = false) => {
    if (startedAt === null) return;
    if (performance.now() - startedAt > GIVE_UP_MS) return stop();
    if (checking) {
      again ||= news;
      return;
    }
    clearTimeout(timer);
    checking = true;
    const mine = run;
    do {
      again = false;
      const found = await check().catch(() => false);
      if (mine !== run) return;
      if (found) return stop();
    } while (again);
    checking = false;
    timer = setTimeout(look, isHidden() ? HIDDEN_MS : VISIBLE_MS);
  };

  /** A page in the background keeps no connection; coming back is followed by a look anyway. */
  const tune = () => {
    if (startedAt !== null && !hushed && !isHidden()) closeSignal ??= openSignal(() => void look(true));
    else {
      closeSignal?.();
      closeSignal = null;
    }
  };
  const onReturn = () => {
    tune();
    if (!isHidden()) void look();
  };
  let heardAt = Number.NEGATIVE_INFINITY;
  const onMessage = (event: MessageEvent) => {
    if ((event.data as { type?: unknown } | null)?.type !== "paywall_purchase") return;
    if (performance.now() - heardAt < HEARSAY_MS) return;
    heardAt = performance.now();
    void look(true);
  };

  const stop = () => {
    // Never started: nothing to take back, and on a server no document to take it back from.
    if (startedAt === null) return;
    startedAt = null;
    run++;
    checking = false;
    clearTimeout(timer);
    tune();
    document.removeEventListener("visibilitychange", onReturn);
    window.removeEventListener("focus", onReturn);
    window.removeEventListener("message", onMessage);
  };
  return {
    start() {
      stop();
      startedAt = performance.now();
      hushed = false;
      document.addEventListener("visibilitychange", onReturn);
      window.addEventListener("focus", onReturn);
      window.addEventListener("message", onMessage);
      void look();
      tune();
    },
    hush() {
      hushed = true;
      tune();
    },
    stop,
  };
}
