import { isRealSession } from "../core/auth-client.ts";
import { toPaywallError } from "../core/errors.ts";
import {
  type AuthClient,
  type BillingClient,
  type FetchLike,
  type PaywallBootstrap,
  PaywallError,
  type PaywallUser,
  STORAGE_KEYS,
} from "../core/index.ts";
import { writeItem } from "../core/storage.ts";
import type { Analytics } from "./analytics.ts";
import type { Events } from "./events.ts";
import { isActive } from "./gates.ts";
import { patiently, SHORT_PATIENCE_MS } from "./patience.ts";
import { liveOffer } from "./pricing.ts";
import type { AuthIntent, StateStore, UiState } from "./state.ts";
import { createPurchaseWatcher } from "./watcher.ts";

export interface FlowContext {
  billing: BillingClient;
  auth: AuthClient | undefined;
  store: StateStore;
  events: Events;
  analytics: Analytics;
  fetch: FetchLike | undefined;
  /** Shows the modal for a purchase that began without one. */
  mount(patch: Partial<UiState>): void;
  close(): void;
  /** True until the paywall is destroyed. */
  alive(): boolean;
}

export interface PurchaseFlow {
  /** Buys from the plan view, or headlessly when nothing is open. */
  buy(priceId: string | null, options?: BuyOptions): Promise<void>;
  openGate(intent: AuthIntent, pendingPriceId?: string | null): void;
  /** Runs once per gate when a real session is there. */
  passGate(): Promise<void>;
  /** The person says that they have paid. True when that is confirmed. */
  checkPaid(): Promise<boolean>;
  reopenTab(): void;
  /** The user state turned active while somebody is paying. */
  noticeActiveUser(user: PaywallUser): boolean;
  /** Reports a purchase that was found instead of made. */
  restored(priceId: string | null): void;
  fail(error: unknown): void;
  /** The modal was closed. Payment may still arrive. */
  closed(): void;
  destroy(): void;
}

interface BuyOptions {
  afterSignIn?: boolean;
  /** Sells to a guest or not at all, as `checkout()` does on a guest paywall: nobody is asked who they are. */
  headless?: boolean;
}

const PAID = /^(active|trialing|paid)$/;

/** From "buy" to "unlocked": sign-in when needed, checkout, the tab, and noticing the payment. */
export function createPurchaseFlow(context: FlowContext): PurchaseFlow {
  const { billing, auth, store, events, analytics, alive } = context;
  /** The purchase being waited for, with what had been bought before it. */
  let awaited: { renew: boolean; asked: boolean; before: Set<string> } | null = null;
  let passing = false;

  const fail = (error: unknown) => {
    const failure = toPaywallError(error, "checkout_failed");
    analytics.track("error", { code: failure.code, message: failure.message });
    events.emit("error", failure);
  };

  /**
   * For a renewal the old subscription is active all along, and a pack of credits makes nobody active: there a purchase
   * that is new and paid counts.
   */
  const confirms = (user: PaywallUser) =>
    (isActive(user) && !awaited!.renew) ||
    (awaited!.asked &&
      user.purchases.some(({ id, status }) => !awaited!.before.has(id) && PAID.test(status ?? "paid")));

  const noticeActiveUser = (user: PaywallUser): boolean => {
    if (!awaited || !confirms(user)) return false;
    awaited = null;
    watcher.stop();
    void analytics.purchased(null, null);
    events.emit("purchase_completed", { priceId: null, sessionId: null });
    if (!alive()) return true;
    const { open, bootstrap } = store.get();
    const redirect = (bootstrap ?? billing.getCachedBootstrap())?.settings.success_redirect_url;
    if (redirect && /^https?:/i.test(redirect)) location.assign(redirect);
    else if (open) store.set({ step: "purchased", restored: false, busy: false });
    return true;
  };

  const look = async () => {
    const user = await patiently((signal) => billing.getUser({ force: true, signal }), SHORT_PATIENCE_MS);
    return noticeActiveUser(user) || !awaited;
  };
  const watcher = createPurchaseWatcher(look, (onNews) => {
    let close: (() => void) | null = null;
    let wanted = true;
    // A chunk of its own: nobody needs it before they pay, and without it there is still the polling.
    import("./purchase-signal.ts")
      .then(({ openPurchaseSignal }) => {
        if (wanted) close = openPurchaseSignal(billing, onNews, context.fetch);
      })
      .catch(() => {});
    return () => {
      wanted = false;
      close?.();
    };
  });

  const restored = (priceId: string | null) => {
    events.emit("purchase_completed", { priceId, sessionId: null, restored: true });
  };

  /** Moves the modal that is open, or opens one that began without. */
  const show = (patch: Partial<UiState>) => {
    const next = { busy: false, notice: null, processing: false, ...patch };
    if (store.get().open) store.set(next);
    else context.mount({ kind: "checkout", renew: store.get().renew, ...next });
  };

  const openTab = (url: string, priceId: string) => {
    let tab: Window | null = null;
    try {
      // Not "noopener": its result is always null, and a blocked tab could not be told from an opened one.
      tab = window.open(url, "_blank");
      if (tab) tab.opener = null;
    } catch {
      // Forbidden here, which is as good as blocked; or the tab is already somewhere that may not be touched.
    }
    show({ step: tab ? "awaiting" : "blocked", checkout: { url, priceId }, checkoutStarted: true });
  };

  const openGate = (intent: AuthIntent, pendingPriceId: string | null = null) =>
    show({ step: "auth", auth: { intent, mode: "signin" }, pendingPriceId });

  const needsSignIn = ({ settings }: PaywallBootstrap, headless: boolean) =>
    !!auth &&
    !isRealSession(auth.getCachedSession()) &&
    // A guest can only be charged when the page has said who it is.
    (settings.checkout_mode === "preauth" || (!headless && !billing.getIdentity()?.email));

  /** Leaves the view that was waiting for a checkout that will not come. */
  const giveUp = (error: PaywallError) => {
    fail(error);
    const { open, kind, checkout } = store.get();
    const settled: Partial<UiState> = { busy: false, processing: false };
    if (!open) return store.set(settled);
    // An earlier tab may still be paid in.
    if (kind === "checkout" && checkout) return store.set({ ...settled, step: "awaiting" });
    if (kind === "checkout") return context.close();
    const notice = error.code === "identity_required" ? "payment.who" : "payment.failed";
    store.set({ ...settled, step: "plans", notice });
  };

  /** What somebody has already, asked anew where it matters: an old answer would make an old purchase look new. */
  const boughtBefore = async (anew: boolean): Promise<Set<string>> => {
    const cached = billing.getCachedUser();
    const user = anew
      ? await patiently((signal) => billing.getUser({ force: true, signal }), SHORT_PATIENCE_MS).catch(
          () => cached,
        )
      : cached;
    return new Set(user?.purchases.map(({ id }) => id));
  };

  const buy: PurchaseFlow["buy"] = async (priceId, { afterSignIn = false, headless = false } = {}) => {
    if (store.get().busy) return;
    const { renew } = store.get();
    const bootstrap = store.get().bootstrap ?? billing.getCachedBootstrap();
    if (!priceId || !bootstrap) return fail(new PaywallError("no_price", "There is no plan to buy"));
    const wasOpen = store.get().open;
    // Whoever left does not want a tab.
    const left = () => !alive() || !(wasOpen ? store.get().open : store.get().processing);
    store.set({ busy: true, notice: null });
    try {
      if (!afterSignIn) await auth?.ready();
      if (left()) return;
      if (!afterSignIn && needsSignIn(bootstrap, headless)) return openGate("preauth", priceId);
      const asked = renew || !!bootstrap.prices.find(({ id }) => id === priceId)?.credits;
      const before = await boughtBefore(asked);
      const { url, acquiring } = await patiently((signal) =>
        billing.createCheckout({
          priceId,
          offerId: liveOffer(bootstrap, priceId)?.offer.id,
          ignoreActivePurchase: renew,
          signal,
        }),
      );
      if (left()) return;
      analytics.checkoutStarted({ price_id: priceId, acquiring });
      events.emit("checkout_started", { priceId, url, acquiring });
      const marker = JSON.stringify({ at: Date.now() });
      void writeItem(billing.getStorage(), STORAGE_KEYS.checkoutPending(billing.paywallId), marker);
      if (left()) return;
      awaited = { renew, asked, before };
      watcher.start();
      openTab(url, priceId);
    } catch (thrown) {
      const error = toPaywallError(thrown, "checkout_failed");
      if (left()) return void (alive() && fail(error));
      if (error.code === "already_purchased") {
        const forced = patiently((signal) => billing.getUser({ force: true, signal }), SHORT_PATIENCE_MS);
        await forced.catch(() => {});
        if (!alive()) return;
        restored(priceId);
        const { open } = store.get();
        store.set({ busy: false, processing: false, ...(open && { step: "purchased", restored: true }) });
      } else if (
        error.status === 401 &&
        auth &&
        !afterSignIn &&
        bootstrap.settings.checkout_mode === "preauth"
      ) {
        fail(error);
        openGate("preauth", priceId);
      } else giveUp(error);
    }
  };

  const passGate = async () => {
    if (passing || store.get().step !== "auth") return;
    passing = true;
    const { pendingPriceId, auth: gate, renew, kind } = store.get();
    store.set({ step: "verifying" });
    const verify = () =>
      patiently((signal) => billing.getUser({ force: true, signal }), SHORT_PATIENCE_MS).catch(() => null);
    const user = renew ? null : await verify();
    passing = false;
    const { open, step } = store.get();
    if (!open || step !== "verifying") return;
    if (isActive(user)) {
      restored(pendingPriceId);
      if (kind === "checkout") context.close();
      else store.set({ step: "purchased", restored: true });
    } else if (pendingPriceId) await buy(pendingPriceId, { afterSignIn: true });
    else if (gate.intent === "standalone") context.close();
    else store.set({ step: "plans" });
  };

  return {
    buy,
    openGate,
    passGate,
    noticeActiveUser,
    restored,
    fail,
    async checkPaid() {
      const found = await look();
      // For whoever else on the page waits for the same news.
      if (found) window.postMessage({ type: "paywall_purchase" }, "/");
      return found;
    },
    reopenTab() {
      const { checkout } = store.get();
      if (checkout) openTab(checkout.url, checkout.priceId);
    },
    closed: () => watcher.hush(),
    destroy() {
      awaited = null;
      watcher.stop();
    },
  };
}
