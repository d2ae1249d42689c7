import { isRealSession } from "../core/auth-client.ts";
import { toPaywallError } from "../core/errors.ts";
import {
  AuthClient,
  type AuthSession,
  BillingClient,
  type BootstrapPatch,
  findApplicableOffer,
  type PaywallBootstrap,
  PaywallError,
  type PaywallUser,
  type ReplayMode,
  type ResolvedOffer,
  resolveOffer,
  type TrialStatus,
  type VisibilityStatus,
} from "../core/index.ts";
import { createTrialStore, type TrialStore } from "../core/trial.ts";
import { createAnalytics } from "./analytics.ts";
import { takeCheckoutReturn } from "./checkout-return.ts";
import { createEvents } from "./events.ts";
import { createLanguage } from "./language.ts";
import { createMount } from "./mount.tsx";
import { createPurchaseFlow } from "./purchase-flow.ts";
import { type AuthMode, closedState, createStateStore, type UiState } from "./state.ts";
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

const isActive = (user: PaywallUser | null | undefined): boolean => !!user?.has_active_subscription;
const NOT_VISIBLE_UNKNOWN = null;

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
    const events = createEvents();
    const analytics = createAnalytics(billing, options);
    const mountPoint = createMount(options);
    const language = createLanguage(() => store.set({}), options.locale);
    const store = createStateStore((state) => {
      if (state.open) language.follow(state.bootstrap);
      mountPoint.draw(state, view);
    });

    let destroyed = false;
    /** Grows with every open and close; what an older one was waiting for no longer matters. */
    let run = 0;
    let restoredReported = false;
    let trialStore: TrialStore | null = null;
    let trialStatus: TrialStatus | null = null;
    let trialExpiredReported = false;
    let visibility: VisibilityStatus | null = NOT_VISIBLE_UNKNOWN;
    let checkoutInThisMount = false;
    /** The last session event, for listeners that come late. */
    let lastAuth: PaywallEventPayloads["authChange"] | null = null;

    // ---- mounting -------------------------------------------------------------------------------------

    const showBootstrap = (bootstrap: PaywallBootstrap) => {
      const { selectedPriceId } = store.get();
      const known = bootstrap.prices.some(({ id }) => id === selectedPriceId);
      store.set({
        bootstrap,
        error: null,
        selectedPriceId: known ? selectedPriceId : defaultPriceId(bootstrap),
      });
    };

    /** Opens the modal in the given view; data that is cached is there in the same frame. */
    const mount = (patch: Partial<UiState>) => {
      checkoutInThisMount = patch.kind === "checkout";
      const { processing } = closedState;
      const session = billing.auth?.getCachedSession() ?? null;
      const bootstrap = billing.getCachedBootstrap();
      const selectedPriceId = bootstrap && defaultPriceId(bootstrap);
      store.set({ ...closedState, session, bootstrap, selectedPriceId, ...patch, processing, open: true });
      events.emit("open");
    };

    const ready = (bootstrap: PaywallBootstrap, held = false) => {
      showBootstrap(bootstrap);
      const { kind, title } = store.get();
      if (kind === "plans") analytics.viewed(bootstrap, !!title, held);
      events.emit("ready", bootstrap);
    };

    /** Loads for the mount that is showing; null when it failed or was closed meanwhile. */
    const load = async (held = false): Promise<PaywallBootstrap | null> => {
      const mine = run;
      try {
        const bootstrap = await billing.bootstrap();
        if (mine !== run || destroyed) return null;
        ready(bootstrap, held);
        return bootstrap;
      } catch (thrown) {
        if (mine !== run || destroyed) return null;
        const error = toPaywallError(thrown);
        store.set({ error });
        flow.fail(error);
        return null;
      }
    };

    const close = () => {
      run++;
      const { open } = store.get();
      if (!open) {
        if (store.get().processing) store.set({ processing: false });
        return;
      }
      store.set(closedState);
      analytics.closed();
      events.emit("close");
    };

    const flow = createPurchaseFlow({
      billing,
      auth: billing.auth,
      store,
      events,
      analytics,
      mount,
      close,
    });

    // ---- gates ----------------------------------------------------------------------------------------

    const restoredOnce = () => {
      if (restoredReported) return;
      restoredReported = true;
      events.emit("purchase_completed", { priceId: null, sessionId: null, restored: true });
    };

    const trialFor = (bootstrap: PaywallBootstrap): TrialStore | null => {
      const config = bootstrap.settings.trial;
      if (config) trialStore ??= createTrialStore(billing.getStorage(), billing.paywallId, config);
      return config ? trialStore : null;
    };

    type Verdict = (() => void) | null;
    const PASS: Verdict = null;

    const checkVisibility = (bootstrap: PaywallBootstrap, skip?: boolean): Verdict => {
      const status = bootstrap.settings.visibility ?? null;
      visibility = status;
      if (skip || !status || status.visible) return PASS;
      return () => {
        const { reason, country, tier } = status;
        analytics.track("visibility_blocked", { reason, country, tier });
        events.emit("visibility_blocked", status);
      };
    };

    const checkTrial = async (trial: TrialStore): Promise<Verdict> => {
      try {
        trialStatus = await trial.check();
        if (trialStatus.blocked) {
          const status = await trial.recordBlock();
          trialStatus = status;
          return () => {
            analytics.trialBlocked(status);
            events.emit("trial_blocked", status);
          };
        }
        if (!trialExpiredReported) {
          trialExpiredReported = true;
          analytics.track("trial_expired");
          events.emit("trial_expired");
        }
      } catch (error) {
        // A trial that cannot be counted must not cost a sale.
        console.warn("[tollgate] the free trial could not be read", error);
      }
      return PASS;
    };

    /** What stands between this person and the plans. A verdict is the report to make instead of showing. */
    const gate = (bootstrap: PaywallBootstrap, opts: OpenOptions): Verdict | Promise<Verdict> => {
      if (!opts.renew && isActive(bootstrap.user)) return restoredOnce;
      const hidden = checkVisibility(bootstrap, opts.skipVisibility);
      const trial = opts.skipTrial ? null : trialFor(bootstrap);
      return hidden ?? (trial ? checkTrial(trial) : PASS);
    };

    /** Waits for the answer about purchases only where somebody could have made one. */
    const whenUserKnown = (opts: OpenOptions, next: (active: boolean) => void) => {
      const cached = !opts.renew && isActive(billing.getCachedUser());
      if (cached || (!billing.auth && !billing.getIdentity())) return next(cached);
      const mine = run;
      void billing.getSettledUser().then((user) => {
        if (mine === run && !destroyed) next(!opts.renew && isActive(user));
      });
    };

    const openPlans = (opts: OpenOptions) => {
      const patch: Partial<UiState> = { kind: "plans", title: opts.title ?? null, renew: !!opts.renew };
      const skipAll = opts.skipTrial && opts.skipVisibility;
      const cached = billing.getCachedBootstrap();
      const mine = run;
      const show = () => {
        if (mine !== run || destroyed) return;
        mount(patch);
        void load();
      };
      if (skipAll) {
        if (cached) checkVisibility(cached, true);
        return show();
      }
      if (cached) {
        const verdict = gate(cached, opts);
        if (verdict instanceof Promise) void verdict.then((report) => (report ?? show)());
        else (verdict ?? show)();
        return;
      }
      void (options.mountThenLoad === false ? waitThenShow() : showThenGate());

      async function waitThenShow() {
        try {
          const report = await gate(await billing.bootstrap(), opts);
          if (mine === run && !destroyed) (report ?? show)();
        } catch {
          show();
        }
      }
      async function showThenGate() {
        mount(patch);
        const bootstrap = await load(true);
        const report = bootstrap && (await gate(bootstrap, opts));
        if (mine !== run || destroyed) return;
        if (!report) return void analytics.release();
        analytics.drop();
        close();
        report();
      }
    };

    const openStandalone = (patch: Partial<UiState>, opts: OpenOptions) => {
      if (destroyed) return;
      if (opts.identity) billing.setIdentity(opts.identity);
      if (store.get().open) {
        store.set(patch);
        events.emit("open");
      } else {
        run++;
        mount(patch);
        void load();
      }
      if (patch.step === "auth" && isRealSession(billing.auth?.getCachedSession())) void flow.passGate();
    };

    const openAuth =
      (mode: AuthMode) =>
      (opts: OpenOptions = {}) => {
        if (billing.auth)
          openStandalone({ kind: "auth", step: "auth", auth: { intent: "standalone", mode } }, opts);
      };

    // ---- what the modal can ask for -------------------------------------------------------------------

    const back = () => {
      const { kind, step } = store.get();
      const home = kind === "plans" || (kind === "auth" && step === "support") ? kind : null;
      if (!home) return close();
      store.set({
        step: home === "auth" ? "auth" : "plans",
        busy: false,
        pendingPriceId: null,
        notice: null,
      });
    };

    const view = {
      billing,
      auth: billing.auth,
      get translate() {
        return language.current().t;
      },
      language: () => language.current().locale,
      speech: language.current,
      held: language.held,
      close,
      back,
      retry() {
        run++;
        store.set({ error: null });
        void load();
      },
      select(priceId: string) {
        const price = store.get().bootstrap?.prices.find(({ id }) => id === priceId);
        if (!price || store.get().selectedPriceId === priceId) return;
        store.set({ selectedPriceId: priceId, notice: null });
        analytics.track("price_selected", { price_id: priceId });
        events.emit("price_selected", { priceId, price });
      },
      buy(priceId: string | null) {
        checkoutInThisMount = true;
        void flow.buy(priceId);
      },
      restore() {
        if (billing.auth && !isRealSession(billing.auth.getCachedSession())) flow.openGate("restore");
      },
      support: () => store.set({ step: "support" }),
      checkPaid: flow.checkPaid,
      reopenTab: flow.reopenTab,
    };

    // ---- subscriptions --------------------------------------------------------------------------------

    const subscriptions = [
      billing.onUserChange((user) => {
        events.emit("userChange", user);
        if (flow.noticeActiveUser(user) || !isActive(user)) return;
        const { open, kind, step, renew } = store.get();
        if (open && kind === "plans" && step === "plans" && !renew && !checkoutInThisMount) {
          close();
          restoredOnce();
        }
      }),
      billing.onBootstrapChange((bootstrap) => {
        // Also before anything is shown, so that the words are there as soon as the prices.
        language.follow(bootstrap);
        if (store.get().open && store.get().bootstrap) showBootstrap(bootstrap);
      }),
      billing.auth?.onAuthChange((event, session) => {
        lastAuth = { event, session };
        if (store.get().open) store.set({ session });
        events.emit("authChange", lastAuth);
        if (isRealSession(session)) void flow.passGate();
      }),
    ];

    // ---- the public face ------------------------------------------------------------------------------

    this.billing = billing;
    this.auth = auth;

    this.open = (opts = {}) => {
      if (destroyed) return;
      if (opts.identity) billing.setIdentity(opts.identity);
      const state = store.get();
      if (state.open) {
        // Whoever asks for the plans gets them, also from a support or sign-in view.
        const standalone = state.kind !== "plans" && state.kind !== "checkout";
        store.set({
          title: opts.title ?? state.title,
          renew: opts.renew ?? state.renew,
          ...(standalone && { kind: "plans", step: "plans" }),
        });
        events.emit("open");
        if (standalone && state.bootstrap) analytics.viewed(state.bootstrap, !!opts.title, false);
        return;
      }
      run++;
      const mine = run;
      whenUserKnown(opts, (active) => (active ? restoredOnce() : mine === run && openPlans(opts)));
      // Who has to wait for the user should not wait for the plans as well.
      if (run === mine && !store.get().open) void billing.bootstrap().catch(() => {});
    };
    this.openSupport = (opts = {}) => openStandalone({ kind: "support", step: "support" }, opts);
    this.openSignin = openAuth("signin");
    this.openSignup = openAuth("signup");
    this.openAuth = this.openSignin;
    this.close = close;

    this.checkout = (priceId, opts = {}) => {
      if (destroyed) return;
      if (opts.identity) billing.setIdentity(opts.identity);
      const restored = () => {
        events.emit("purchase_completed", { priceId, sessionId: null, restored: true });
        store.set({ processing: false });
      };
      if (!opts.renew && isActive(billing.getCachedUser())) return restored();
      run++;
      const mine = run;
      store.set({ processing: true, renew: !!opts.renew });
      const work = async () => {
        const bootstrap = await billing.bootstrap();
        const hidden = checkVisibility(bootstrap, opts.skipVisibility);
        const trial = opts.skipTrial ? null : trialFor(bootstrap);
        const report = hidden ?? (trial ? await checkTrial(trial) : PASS);
        if (mine !== run || destroyed) return;
        if (report) {
          store.set({ processing: false });
          return report();
        }
        if (!opts.renew && isActive(bootstrap.user)) return restored();
        await flow.buy(String(priceId));
        if (!store.get().open) store.set({ processing: false });
      };
      work().catch((error) => {
        if (mine !== run || destroyed) return;
        store.set({ processing: false });
        flow.fail(toPaywallError(error));
      });
    };

    this.getAccess = async ({ skipTrial, skipVisibility, signal } = {}) => {
      const blocked = (
        user: PaywallUser | null,
        seen: VisibilityStatus | null = null,
        trial: TrialStatus | null = null,
      ): PaywallAccessResult => ({
        access: "blocked",
        reason: "no_subscription",
        visibility: seen,
        trial,
        user,
      });
      const granted = (
        reason: "has_subscription" | "visibility_blocked" | "trial_blocked",
        user: PaywallUser | null,
        seen: VisibilityStatus | null = null,
        trial: TrialStatus | null = null,
      ): PaywallAccessResult => ({ access: "granted", reason, visibility: seen, trial, user });

      let bootstrap: PaywallBootstrap;
      try {
        bootstrap = await billing.bootstrap({ signal });
      } catch {
        // Offline: only somebody known to have paid gets in.
        const known = billing.getCachedUser() ?? (await billing.peekCachedUser().catch(() => null));
        return isActive(known) ? granted("has_subscription", known) : blocked(known);
      }
      let user = billing.getCachedUser();
      if (!isActive(user) && (billing.auth || billing.getIdentity()))
        user = await billing.getSettledUser({ signal });
      user ??= bootstrap.user ?? null;
      const seen = bootstrap.settings.visibility ?? null;
      visibility = seen;
      if (isActive(user)) return granted("has_subscription", user, seen);
      if (!skipVisibility && seen && !seen.visible) return granted("visibility_blocked", user, seen);
      const trial = skipTrial ? null : trialFor(bootstrap);
      const status = trial && (await trial.check().catch(() => null));
      if (status) trialStatus = status;
      return status?.blocked
        ? granted("trial_blocked", user, seen, status)
        : blocked(user, seen, status ?? { mode: "none", blocked: false });
    };

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
    this.on = (event, handler) => {
      const off = events.on(event, handler);
      let wanted = true;
      // A listener that comes after the first answer still learns what is known.
      const replay = (payload: unknown) =>
        queueMicrotask(() => {
          if (wanted && !destroyed) (handler as (value: unknown) => void)(payload);
        });
      const user = billing.getCachedUser();
      if (event === "userChange" && user) replay(user);
      if (event === "authChange" && lastAuth)
        replay({ event: "INITIAL_SESSION", session: billing.auth?.getCachedSession() ?? null });
      return () => {
        wanted = false;
        off();
      };
    };
    this.off = events.off;
    this.onUserChange = billing.onUserChange;
    this.track = analytics.track;
    this.getPrices = billing.getPrices;
    this.getCachedPrices = billing.getCachedPrices;
    this.getCachedOffers = billing.getCachedOffers;
    this.getOfferForPrice = (priceId) => {
      const offer = findApplicableOffer(billing.getCachedOffers(), priceId);
      return offer && resolveOffer(offer);
    };
    this.getUserLanguage = billing.getUserLanguage;
    this.getTrialStatus = () => trialStatus;
    this.getVisibility = () => visibility;
    this.resetTrial = async () => {
      await trialStore?.reset();
      trialStatus = null;
      trialExpiredReported = false;
    };

    this.checkReturn = () => {
      const marker = takeCheckoutReturn();
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
      run++;
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

    if (options.autoDetectReturn !== false && typeof window !== "undefined")
      queueMicrotask(() => destroyed || this.checkReturn());
  }
}

function defaultPriceId({ layout, prices }: PaywallBootstrap): string | null {
  for (const block of layout?.blocks ?? []) {
    if (block.type !== "price_grid") continue;
    const shown = prices.filter(({ id }) => !block.priceIds?.length || block.priceIds.includes(id));
    const popular = shown.find(({ id }) => id === block.popular_price_id);
    return (popular ?? shown[0])?.id ?? null;
  }
  return prices[0]?.id ?? null;
}

function resolveAuth({ auth, paywallId, apiOrigin, storage, fetch, edgeFallback }: PaywallUIOptions) {
  if (!auth) return undefined;
  // An instance may come from another bundle, so it is known by what it can do.
  if (auth !== true && "onAuthChange" in auth && "getCachedSession" in auth && "signOut" in auth) return auth;
  const given = auth === true ? {} : auth;
  return new AuthClient({ paywallId, apiOrigin, storage, fetch, edgeFallback, ...given });
}
