import { isRealSession } from "../core/auth-client.ts";
import { toPaywallError } from "../core/errors.ts";
import {
  type AuthClient,
  type BillingClient,
  type PaywallBootstrap,
  PaywallError,
  type PaywallUser,
  STORAGE_KEYS,
} from "../core/index.ts";
import { writeItem } from "../core/storage.ts";
import type { Analytics } from "./analytics.ts";
import type { Events } from "./events.ts";
import { liveOffer } from "./pricing.ts";
import type { AuthIntent, StateStore, UiState } from "./state.ts";
import { createPurchaseWatcher } from "./watcher.ts";

export interface FlowContext {
  billing: BillingClient;
  auth: AuthClient | undefined;
  store: StateStore;
  events: Events;
  analytics: Analytics;
  /** Shows the modal for a purchase that began without one. */
  mount(patch: Partial<UiState>): void;
  close(): void;
}

export interface PurchaseFlow {
  /** Buys from the plan view, or headlessly when nothing is open. */
  buy(priceId: string | null, options?: { afterSignIn?: boolean }): Promise<void>;
  openGate(intent: AuthIntent, pendingPriceId?: string | null): void;
  /** Runs once per gate when a real session is there. */
  passGate(): Promise<void>;
  /** True when the purchase is confirmed. */
  checkPaid(): Promise<boolean>;
  reopenTab(): void;
  /** The user state turned active while somebody is paying. */
  noticeActiveUser(user: PaywallUser): boolean;
  fail(error: unknown): void;
  destroy(): void;
}

/** From "buy" to "unlocked": sign-in when needed, checkout, the tab, and noticing the payment. */
export function createPurchaseFlow(context: FlowContext): PurchaseFlow {
  const { billing, auth, store, events, analytics } = context;
  /** The purchase being waited for, with what had been bought before it. */
  let awaited: { renew: boolean; before: Set<string> } | null = null;
  let passing = false;

  const fail = (error: unknown) => {
    const failure = toPaywallError(error, "checkout_failed");
    analytics.track("error", { code: failure.code, message: failure.message });
    events.emit("error", failure);
  };

  /** For a renewal the old subscription is active all along, so only a purchase that is new counts. */
  const confirms = (user: PaywallUser) =>
    user.has_active_subscription &&
    (!awaited?.renew || user.purchases.some((purchase) => !awaited!.before.has(fingerprint(purchase))));

  const noticeActiveUser = (user: PaywallUser): boolean => {
    if (!awaited || !confirms(user)) return false;
    awaited = null;
    watcher.stop();
    void analytics.purchased(null, null);
    events.emit("purchase_completed", { priceId: null, sessionId: null });
    const { open, bootstrap } = store.get();
    const redirect = (bootstrap ?? billing.getCachedBootstrap())?.settings.success_redirect_url;
    if (redirect && /^https?:/i.test(redirect)) location.assign(redirect);
    else if (open) store.set({ step: "purchased", restored: false, busy: false });
    return true;
  };

  const checkPaid = async () => {
    const user = await billing.getUser({ force: true });
    return noticeActiveUser(user) || !awaited;
  };
  const watcher = createPurchaseWatcher(checkPaid);

  const restored = (priceId: string | null) => {
    events.emit("purchase_completed", { priceId, sessionId: null, restored: true });
  };

  const openTab = (url: string, priceId: string) => {
    // Not "noopener": its result is always null, and a blocked tab could not be told from an opened one.
    const tab = window.open(url, "_blank");
    try {
      if (tab) tab.opener = null;
    } catch {
      // The tab is already somewhere that may not be touched.
    }
    const patch: Partial<UiState> = {
      step: tab ? "awaiting" : "blocked",
      checkout: { url, priceId },
      busy: false,
      notice: null,
      processing: false,
    };
    if (store.get().open) store.set(patch);
    else context.mount({ kind: "checkout", ...patch });
  };

  const openGate = (intent: AuthIntent, pendingPriceId: string | null = null) => {
    const patch: Partial<UiState> = {
      step: "auth",
      auth: { intent, mode: "signin" },
      pendingPriceId,
      busy: false,
      notice: null,
      processing: false,
    };
    if (store.get().open) store.set(patch);
    else context.mount({ kind: "checkout", ...patch });
  };

  const needsSignIn = ({ settings }: PaywallBootstrap) =>
    !!auth &&
    !isRealSession(auth.getCachedSession()) &&
    // A guest can only be charged when the page has said who it is.
    (settings.checkout_mode === "preauth" || !billing.getIdentity()?.email);

  /** Leaves the view that was waiting for a checkout that will not come. */
  const giveUp = (error: PaywallError) => {
    fail(error);
    const { open, kind } = store.get();
    if (open && kind === "checkout") context.close();
    else
      store.set({
        ...(open && { step: "plans" }),
        busy: false,
        processing: false,
        notice: error.code === "identity_required" ? "payment.who" : "payment.failed",
      });
  };

  const buy: PurchaseFlow["buy"] = async (priceId, { afterSignIn = false } = {}) => {
    const { renew, busy } = store.get();
    const bootstrap = store.get().bootstrap ?? billing.getCachedBootstrap();
    if (busy) return;
    if (!priceId || !bootstrap) return fail(new PaywallError("no_price", "There is no plan to buy"));
    if (!afterSignIn) await auth?.ready();
    if (!afterSignIn && needsSignIn(bootstrap)) return openGate("preauth", priceId);
    store.set({ busy: true, notice: null });
    const before = new Set(billing.getCachedUser()?.purchases.map(fingerprint));
    const wasOpen = store.get().open;
    try {
      const { url, acquiring } = await billing.createCheckout({
        priceId,
        offerId: liveOffer(bootstrap, priceId)?.offer.id,
        ignoreActivePurchase: renew,
      });
      // Closed meanwhile: whoever left does not want a tab.
      if (wasOpen && !store.get().open) return;
      analytics.checkoutStarted({ price_id: priceId, acquiring });
      events.emit("checkout_started", { priceId, url, acquiring });
      const marker = JSON.stringify({ at: Date.now() });
      void writeItem(billing.getStorage(), STORAGE_KEYS.checkoutPending(billing.paywallId), marker);
      awaited = { renew, before };
      watcher.start();
      openTab(url, priceId);
    } catch (thrown) {
      const error = toPaywallError(thrown, "checkout_failed");
      if (wasOpen && !store.get().open) return fail(error);
      if (error.code === "already_purchased") {
        await billing.getUser({ force: true }).catch(() => {});
        restored(priceId);
        if (store.get().open) store.set({ step: "purchased", restored: true, busy: false });
        else store.set({ processing: false, busy: false });
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
    const user = renew ? null : await billing.getUser({ force: true }).catch(() => null);
    passing = false;
    const { open, step } = store.get();
    if (!open || step !== "verifying") return;
    if (user?.has_active_subscription) {
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
    checkPaid,
    noticeActiveUser,
    fail,
    reopenTab() {
      const { checkout } = store.get();
      if (checkout) openTab(checkout.url, checkout.priceId);
    },
    destroy() {
      awaited = null;
      watcher.stop();
    },
  };
}

const fingerprint = (purchase: PaywallUser["purchases"][number]): string =>
  `${purchase.id}:${purchase.current_period_end}`;
