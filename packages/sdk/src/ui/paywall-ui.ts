import { isRealSession } from "../core/auth-client.ts";
import { callSafely } from "../core/emitter.ts";
import {
  AuthClient,
  type AuthSession,
  BillingClient,
  type BootstrapPatch,
  findLiveOffer,
  PaywallError,
  type ReplayMode,
  type ResolvedOffer,
  type TrialStatus,
  takeCheckoutReturn,
  type VisibilityStatus,
} from "../core/index.ts";
import { readAccess } from "./access.ts";
import { createAnalytics } from "./analytics.ts";
import { createDirectCheckout } from "./direct-checkout.ts";
import { createEvents } from "./events.ts";
import { createGates, isActive } from "./gates.ts";
import { createLanguage } from "./language.ts";
import { createMount, type ViewModel } from "./mount.tsx";
import { createOpening } from "./opening.ts";
import { createPurchaseFlow } from "./purchase-flow.ts";
import { createStateStore } from "./state.ts";
import type {
  GetAccessOptions,
  OpenOptions,
  PaywallAccessResult,
  PaywallEvent,
  PaywallEventHandler,
  PaywallEventPayloads,
  PaywallStateSnapshot,
  PaywallUIOptions,
} from "./types.ts";

/**
 * The drop-in paywall: asks who may pass, shows the modal to whoever may not, and reports everything by
 * events. Nothing it does throws into the page. Methods are bound.
 */
export class PaywallUI {
  readonly billing: BillingClient;
  readonly auth: AuthClient | undefined;

  /** Shows the plans, unless the person has bought already or a gate lets them through. */
  declare readonly open: (options?: OpenOptions) => void;
  declare readonly openSupport: (options?: OpenOptions) => void;
  declare readonly openAuth: (options?: OpenOptions) => void;
  declare readonly openSignin: (options?: OpenOptions) => void;
  declare readonly openSignup: (options?: OpenOptions) => void;
  /** Buys one price without showing the plans. Reports by events only. */
  declare readonly checkout: (priceId: string, options?: OpenOptions) => void;
  declare readonly close: () => void;
  /** May this person use the feature? Never shows anything, uses nothing up and never rejects. */
  declare readonly getAccess: (options?: GetAccessOptions) => Promise<PaywallAccessResult>;
  /** Loads what `open` will need. Never rejects. */
  declare readonly preload: (options?: { signal?: AbortSignal }) => Promise<void>;
  declare readonly signInAnonymously: () => Promise<AuthSession>;
  declare readonly getState: () => PaywallStateSnapshot;
  declare readonly onStateChange: (
    listener: (state: PaywallStateSnapshot) => void,
    options?: { immediate?: ReplayMode },
  ) => () => void;
  declare readonly on: <E extends PaywallEvent>(event: E, handler: PaywallEventHandler<E>) => () => void;
  declare readonly off: <E extends PaywallEvent>(event: E, handler: PaywallEventHandler<E>) => void;
  declare readonly onUserChange: BillingClient["onUserChange"];
  declare readonly track: (name: string, props?: Record<string, unknown>) => void;
  declare readonly getPrices: BillingClient["getPrices"];
  declare readonly getCachedPrices: BillingClient["getCachedPrices"];
  declare readonly getCachedOffers: BillingClient["getCachedOffers"];
  declare readonly getOfferForPrice: (priceId: string) => ResolvedOffer | null;
  declare readonly getUserLanguage: BillingClient["getUserLanguage"];
  declare readonly getTrialStatus: () => TrialStatus | null;
  declare readonly getVisibility: () => VisibilityStatus | null;
  declare readonly resetTrial: () => Promise<void>;
  /** Reads and removes the checkout's markers in the address. Runs by itself unless told not to. */
  declare readonly checkReturn: () => void;
  declare readonly setBootstrap: (patch: BootstrapPatch) => void;
  declare readonly setLocale: (locale: string | null) => void;
  /** Removes every trace. The instance does nothing afterwards; a client that was handed in lives on. */
  declare readonly destroy: () => void;

  constructor(options: PaywallUIOptions) {
    const auth = resolveAuth(options);
    const ownsAuth = !!auth && auth !== (options.auth as unknown);
    const billing = options.client ?? new BillingClient({ ...options, auth });
    let destroyed = false;
    /** Who is signed in, for listeners that come late. */
    let session: PaywallEventPayloads["authChange"] | null = null;

    const events = createEvents({ userChange: billing.getCachedUser, authChange: () => session });
    const analytics = createAnalytics(billing, options);
    const mountPoint = createMount(options);
    const language = createLanguage(() => store.set({}), options.locale);
    const store = createStateStore((state) => {
      if (state.open) language.follow(state.bootstrap);
      mountPoint.draw(state, view);
    });
    const gates = createGates(billing, events, analytics);
    const opening = createOpening({ billing, store, events, analytics, gates, flow: () => flow }, options);
    const { close, mount } = opening;
    const flow = createPurchaseFlow({
      billing,
      auth: billing.auth,
      store,
      events,
      analytics,
      fetch: options.fetch,
      mount,
      close,
      alive: () => !destroyed,
    });

    const direct = createDirectCheckout({ billing, store, gates, flow });

    /** What the modal can ask for. */
    const view: ViewModel = {
      billing,
      auth: billing.auth,
      get translate() {
        return language.current().t;
      },
      language: () => language.current().locale,
      speech: language.current,
      held: language.held,
      close,
      back() {
        const { kind, step } = store.get();
        if (kind !== "plans" && !(kind === "auth" && step === "support")) return close();
        store.set({ step: kind, busy: false, pendingPriceId: null, notice: null });
      },
      retry: () => void opening.load(),
      select(priceId) {
        const price = store.get().bootstrap?.prices.find(({ id }) => id === priceId);
        if (!price || store.get().selectedPriceId === priceId) return;
        store.set({ selectedPriceId: priceId, notice: null });
        analytics.track("price_selected", { price_id: priceId });
        events.emit("price_selected", { priceId, price });
      },
      buy: (priceId) => void flow.buy(priceId),
      restore() {
        if (billing.auth && !isRealSession(billing.auth.getCachedSession())) flow.openGate("restore");
      },
      support: () => store.set({ step: "support" }),
      checkPaid: flow.checkPaid,
      reopenTab: flow.reopenTab,
    };

    const subscriptions = [
      billing.onUserChange((user) => {
        events.emit("userChange", user);
        if (flow.noticeActiveUser(user) || !isActive(user)) return;
        const { open, kind, step, renew, busy, checkoutStarted } = store.get();
        if (!open || kind !== "plans" || step !== "plans" || renew || busy || checkoutStarted) return;
        close();
        gates.restoredOnce();
      }),
      billing.onBootstrapChange((bootstrap) => {
        // Also before anything is shown, so that the words are there as soon as the prices.
        language.follow(bootstrap);
        opening.refresh(bootstrap);
      }),
      billing.auth?.onAuthChange((event, next) => {
        session = { event: "INITIAL_SESSION", session: next };
        if (store.get().open) store.set({ session: next });
        events.emit("authChange", { event, session: next });
        if (isRealSession(next)) void flow.passGate();
      }),
    ];

    this.billing = billing;
    this.auth = auth;
    this.open = whileAlive(opening.open);
    this.openSupport = whileAlive(opening.openSupport);
    this.openSignin = whileAlive((opts) => opening.openAuth("signin", opts));
    this.openSignup = whileAlive((opts) => opening.openAuth("signup", opts));
    this.openAuth = this.openSignin;
    this.close = close;
    this.checkout = (priceId, opts) => whileAlive((given) => direct(priceId, given))(opts);
    this.getAccess = (opts) => readAccess(billing, gates, opts);
    this.preload = async ({ signal } = {}) => {
      language.follow(billing.getCachedBootstrap());
      const work: Promise<unknown>[] = [billing.bootstrap({ signal })];
      if (billing.auth) work.push(billing.getBalances({ signal }));
      await Promise.allSettled(work);
    };
    this.signInAnonymously = async () => {
      if (!auth) throw new PaywallError("invalid_config", "Build PaywallUI with auth to sign anybody in");
      return auth.signInAnonymously();
    };

    this.getState = store.snapshot;
    this.onStateChange = (listener, { immediate } = {}) => store.onSnapshot(listener, immediate);
    this.on = events.on;
    this.off = events.off;
    this.onUserChange = billing.onUserChange;
    this.track = analytics.track;
    this.getPrices = billing.getPrices;
    this.getCachedPrices = billing.getCachedPrices;
    this.getCachedOffers = billing.getCachedOffers;
    this.getOfferForPrice = (priceId) => findLiveOffer(billing.getCachedOffers(), priceId);
    this.getUserLanguage = billing.getUserLanguage;
    this.getTrialStatus = gates.trialStatus;
    this.getVisibility = gates.visibility;
    this.resetTrial = gates.resetTrial;

    this.checkReturn = () => {
      const marker = destroyed ? null : takeCheckoutReturn();
      if (!marker) return;
      const { status, priceId, sessionId } = marker;
      if (status === "paid") {
        void analytics.purchased(priceId, sessionId);
        events.emit("purchase_completed", { priceId, sessionId });
        void billing.getUser({ force: true }).catch(() => {});
        try {
          window.opener?.postMessage({ type: "paywall_purchase", status, priceId, sessionId }, "*");
        } catch {
          // The opener has gone.
        }
      } else if (status === "failed" || status === "cancelled") {
        analytics.track("purchase_failed", { reason: status });
        events.emit("purchase_failed", { reason: status });
      }
    };

    this.setBootstrap = billing.setBootstrap;
    this.setLocale = language.force;

    this.destroy = () => {
      if (destroyed) return;
      // First what is on screen, so that whoever looked at it is counted and told.
      close();
      destroyed = true;
      flow.destroy();
      for (const off of subscriptions) off?.();
      mountPoint.destroy();
      language.destroy();
      analytics.destroy();
      events.clear();
      store.clear();
      if (ownsAuth) auth?.destroy();
      if (!options.client) billing.destroy();
    };

    /** Nothing is thrown into the page and nothing comes back after `destroy`. */
    function whileAlive(work: (opts: OpenOptions) => void) {
      return (opts?: OpenOptions) => {
        if (typeof document === "undefined") throw new Error("PaywallUI needs a DOM to show itself");
        if (!destroyed) callSafely(work, opts ?? {});
      };
    }

    if (options.autoDetectReturn !== false && typeof window !== "undefined") queueMicrotask(this.checkReturn);
  }
}

function resolveAuth({ auth, paywallId, apiOrigin, storage, fetch, edgeFallback }: PaywallUIOptions) {
  if (!auth) return undefined;
  // An instance may come from another bundle, so it is known by what it can do.
  if (auth !== true && "onAuthChange" in auth && "getCachedSession" in auth && "signOut" in auth) return auth;
  const given = auth === true ? {} : auth;
  return new AuthClient({ paywallId, apiOrigin, storage, fetch, edgeFallback, ...given });
}
