import { createEmitter, subscribeWithReplay } from "../core/emitter.ts";
import { PaywallError } from "../core/errors.ts";
import type { AuthClient, TrialStatus, VisibilityStatus } from "../core/index.ts";
import { findApplicableOffer, resolveOffer } from "../core/offers.ts";
import { createEvents } from "../ui/events.ts";
import type {
  GetAccessOptions,
  OpenOptions,
  PaywallAccessResult,
  PaywallEvent,
  PaywallEventHandler,
  PaywallStateSnapshot,
  PaywallView,
} from "../ui/types.ts";
import { createFakeAuth, createFakeBilling, type Refusals } from "./fake-clients.ts";
import { createFakeTrial } from "./trial.ts";
import type { FakeCall, FakePaywall, FakePaywallOptions } from "./types.ts";
import { createWorld, tick } from "./world.ts";

const CLOSED: PaywallStateSnapshot = { open: false, view: null, error: null, processing: false };
/** Long enough for everything a control has set off: the fake never waits for anything but other microtasks. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await tick();
};

/**
 * A paywall for a host's own tests: the same methods, gates, events and states as `PaywallUI`, without a DOM, a server
 * or timers. Everything it does is done after a few microtasks; the controls may be awaited.
 */
export function createFakePaywall(options: FakePaywallOptions = {}): FakePaywall {
  const { paywallId = "1", apiOrigin = "https://pay.example.com" } = options;
  const calls: FakeCall[] = [];
  const world = createWorld(options);
  const events = createEvents();
  const { emit } = events;
  const states = createEmitter<PaywallStateSnapshot>();
  const trial = createFakeTrial(() => world.bootstrap().settings.trial);
  const refusals: Refusals = { next: null };
  const ids = { paywallId, apiOrigin };
  const auth = world.managed ? createFakeAuth(world, ids) : undefined;
  const billing = createFakeBilling(world, refusals, { ...ids, auth });

  let state = CLOSED;
  /** Grows with every open and close; what an older one was waiting for no longer matters. */
  let run = 0;
  let kind: "plans" | "auth" | "support" | "checkout" = "plans";
  let renew = false;
  let selected: string | null = null;
  let pending: string | null = null;
  let paying = false;
  let restoredReported = false;
  let trialExpiredReported = false;
  let trialStatus: TrialStatus | null = null;
  let visibility: VisibilityStatus | null = null;
  let destroyed = false;

  const set = (patch: Partial<PaywallStateSnapshot>) => {
    const next = { ...state, ...patch };
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    states.emit(next);
  };
  const restored = (priceId: string | null) =>
    emit("purchase_completed", { priceId, sessionId: null, restored: true });
  const restoredOnce = () => {
    if (!restoredReported) restored(null);
    restoredReported = true;
  };
  const fail = (error: PaywallError) => emit("error", error);
  const realSession = () => !!world.session() && !world.session()?.user.is_anonymous;

  const mount = (view: PaywallView) => {
    set({ ...CLOSED, open: true, view: world.cachedBootstrap() ? view : "loading" });
    emit("open");
  };
  /** Loads for the mount that is showing; it is ready when the gates, if any, have let it pass. */
  const load = async (view: PaywallView, gated?: () => (() => void) | null): Promise<void> => {
    const mine = run;
    try {
      const bootstrap = await world.load();
      if (mine !== run) return;
      const report = gated?.();
      if (report) {
        close();
        return report();
      }
      if (state.view === "loading" || state.view === "error") set({ view, error: null });
      emit("ready", bootstrap);
    } catch (thrown) {
      if (mine !== run) return;
      const error = thrown as PaywallError;
      set({ view: "error", error });
      fail(error);
    }
  };
  const close = () => {
    run++;
    pending = null;
    if (!state.open) return set({ processing: false });
    set(CLOSED);
    emit("close");
  };

  /** What stands between this person and the plans: the report to make instead, or null. */
  const gate = (opts: OpenOptions): (() => void) | null => {
    visibility = world.bootstrap().settings.visibility ?? null;
    const seen = visibility;
    if (!opts.renew && world.isActive()) return restoredOnce;
    if (!opts.skipVisibility && seen && !seen.visible) return () => emit("visibility_blocked", seen);
    if (opts.skipTrial || !world.bootstrap().settings.trial) return null;
    trialStatus = trial.check();
    if (trialStatus.blocked) {
      const status = trial.recordBlock();
      trialStatus = status;
      return () => emit("trial_blocked", status);
    }
    if (!trialExpiredReported) {
      trialExpiredReported = true;
      emit("trial_expired");
    }
    return null;
  };

  const openPlans = (opts: OpenOptions) => {
    kind = "plans";
    renew = !!opts.renew;
    const cached = !!world.cachedBootstrap();
    const report = cached && gate(opts);
    if (report) return report();
    mount("layout");
    void load("layout", cached ? undefined : () => gate(opts));
  };

  const open = (opts: OpenOptions = {}) => {
    if (destroyed) return;
    if (opts.identity) world.setIdentity(opts.identity);
    if (state.open) {
      if (kind !== "checkout" && kind !== "plans") {
        kind = "plans";
        if (world.cachedBootstrap()) set({ view: "layout" });
      }
      return emit("open");
    }
    const mine = ++run;
    if (!opts.renew && world.isActive()) return restoredOnce();
    if (!auth && !world.identity()) return openPlans(opts);
    void world.fetchUser().then(() => {
      if (mine !== run) return;
      if (!opts.renew && world.isActive()) restoredOnce();
      else openPlans(opts);
    });
  };

  const openView = (next: "auth" | "support", opts: OpenOptions = {}) => {
    if (destroyed) return;
    if (opts.identity) world.setIdentity(opts.identity);
    kind = next;
    if (state.open) {
      set({ view: next });
      emit("open");
    } else {
      run++;
      mount(next);
      void load(next);
    }
    if (next === "auth" && realSession()) void passGate();
  };
  const openAuth = (opts?: OpenOptions) => {
    if (auth) openView("auth", opts);
  };

  /** Somebody has signed in while the gate was waiting for them. */
  const passGate = async () => {
    if (state.view !== "auth" || !realSession()) return;
    const mine = run;
    set({ view: "loading" });
    await world.fetchUser();
    if (mine !== run) return;
    const priceId = pending;
    pending = null;
    if (!renew && world.isActive()) {
      restored(priceId);
      if (kind === "checkout") close();
      else set({ view: "purchased" });
    } else if (priceId) await buy(priceId);
    else close();
  };

  const buy = async (priceId: string): Promise<void> => {
    const mine = run;
    if (world.bootstrap().settings.checkout_mode === "preauth" && auth && !realSession()) {
      pending = priceId;
      if (state.open) return set({ view: "auth" });
      mount("auth");
      return void load("auth");
    }
    try {
      const result = await billing.createCheckout({ priceId, ignoreActivePurchase: renew });
      if (mine !== run) return;
      paying = true;
      emit("checkout_started", { priceId, ...result });
      if (state.open) return set({ view: "awaiting_payment" });
      mount("awaiting_payment");
      void load("awaiting_payment");
    } catch (thrown) {
      if (mine !== run) return;
      const error = thrown as PaywallError;
      const bought = error.code === "already_purchased";
      if (bought) {
        world.setCustomer({ has_active_subscription: true });
        await world.fetchUser();
        restored(priceId);
      } else fail(error);
      if (!state.open) set({ processing: false });
      else if (kind === "checkout") close();
      else set({ view: bought ? "purchased" : "layout" });
    }
  };

  const checkout = (priceId: string, opts: OpenOptions = {}) => {
    if (destroyed) return;
    if (opts.identity) world.setIdentity(opts.identity);
    if (!opts.renew && world.isActive()) return restored(priceId);
    const mine = ++run;
    kind = "checkout";
    renew = !!opts.renew;
    set({ processing: true });
    void world.load().then(
      () => {
        if (mine !== run) return;
        const report = gate(opts);
        if (!report) return buy(priceId);
        set({ processing: false });
        if (report === restoredOnce) restored(priceId);
        else report();
      },
      (error) => {
        if (mine !== run) return;
        set({ processing: false });
        fail(error as PaywallError);
      },
    );
  };

  const getAccess = async (opts: GetAccessOptions = {}): Promise<PaywallAccessResult> => {
    try {
      await world.load();
    } catch {
      const user = world.cachedUser();
      const facts = { visibility: null, trial: null, user };
      return world.isActive()
        ? { access: "granted", reason: "has_subscription", ...facts }
        : { access: "blocked", reason: "no_subscription", ...facts };
    }
    const seen = world.bootstrap().settings.visibility ?? null;
    visibility = seen;
    const granted = (
      reason: "has_subscription" | "visibility_blocked" | "trial_blocked",
      status: TrialStatus | null = null,
    ): PaywallAccessResult => ({
      access: "granted",
      reason,
      visibility: seen,
      trial: status,
      user: world.cachedUser(),
    });
    if (world.isActive()) return granted("has_subscription");
    if (!opts.skipVisibility && seen && !seen.visible) return granted("visibility_blocked");
    const status: TrialStatus = opts.skipTrial ? { mode: "none", blocked: false } : trial.check();
    if (status.mode !== "none") trialStatus = status;
    if (status.blocked) return granted("trial_blocked", status);
    return { ...granted("has_subscription", status), access: "blocked", reason: "no_subscription" };
  };

  const on = <E extends PaywallEvent>(event: E, handler: PaywallEventHandler<E>) => {
    const off = events.on(event, handler);
    let wanted = true;
    const user = world.cachedUser();
    const session = world.session();
    // A listener that comes after the first answer still learns what is known.
    const known =
      (event === "userChange" && user) ||
      (event === "authChange" && auth && { event: "INITIAL_SESSION", session });
    if (known) queueMicrotask(() => wanted && (handler as (value: unknown) => void)(known));
    return () => {
      wanted = false;
      off();
    };
  };

  world.onUser(
    (user) => {
      emit("userChange", user);
      if (!user.has_active_subscription) return;
      if (paying && (state.view === "awaiting_payment" || !state.open)) {
        paying = false;
        emit("purchase_completed", { priceId: null, sessionId: null });
        if (state.open) set({ view: "purchased" });
      } else if (state.view === "layout" && kind === "plans" && !renew) {
        close();
        restoredOnce();
      }
    },
    { immediate: "none" },
  );
  world.sessions.add(([event, session]) => {
    emit("authChange", { event, session });
    void passGate();
  });

  const face = {
    open,
    openSupport: (opts?: OpenOptions) => openView("support", opts),
    openAuth,
    openSignin: openAuth,
    openSignup: openAuth,
    checkout,
    close,
    getAccess,
    async preload() {
      await world.load().catch(() => {});
    },
    async signInAnonymously() {
      if (!auth) throw new PaywallError("invalid_config", "Build the paywall with auth to sign anybody in");
      return auth.signInAnonymously();
    },
    getState: () => state,
    onStateChange: (
      listener: (snapshot: PaywallStateSnapshot) => void,
      { immediate }: Parameters<FakePaywall["onStateChange"]>[1] = {},
    ) => subscribeWithReplay(states, listener, () => state, immediate),
    on,
    off: events.off,
    onUserChange: world.onUser,
    track() {},
    getPrices: billing.getPrices,
    getCachedPrices: billing.getCachedPrices,
    getCachedOffers: billing.getCachedOffers,
    getOfferForPrice(priceId: string) {
      const offer = findApplicableOffer(billing.getCachedOffers(), priceId);
      return offer && resolveOffer(offer);
    },
    getUserLanguage: billing.getUserLanguage,
    getTrialStatus: () => trialStatus,
    getVisibility: () => visibility,
    async resetTrial() {
      trial.reset();
      trialStatus = null;
      trialExpiredReported = false;
    },
    checkReturn() {},
    setBootstrap: world.setBootstrap,
    setLocale() {},
    destroy() {
      run++;
      destroyed = true;
      state = CLOSED;
      events.clear();
      states.clear();
      world.destroy();
      auth?.destroy();
    },
  };

  const selectPrice = (priceId: string) => {
    const price = world.bootstrap().prices.find(({ id }) => id === priceId);
    if (!price || selected === priceId) return;
    selected = priceId;
    emit("price_selected", { priceId, price });
  };
  const startCheckout = async (priceId = selected ?? world.bootstrap().prices[0]?.id ?? null) => {
    if (priceId) await buy(priceId);
    else fail(new PaywallError("no_price", "There is nothing to buy"));
    await settle();
  };
  const controls = {
    calls,
    selectPrice,
    startCheckout,
    async completePurchase({ priceId, sessionId }: { priceId?: string; sessionId?: string } = {}) {
      // Whoever pays has given an address.
      if (!world.identity()) world.setIdentity({ email: "ada@example.com" });
      await settle();
      if (state.view === "layout") await startCheckout(priceId);
      world.setCustomer({ has_active_subscription: true });
      if (!paying) emit("purchase_completed", { priceId: priceId ?? null, sessionId: sessionId ?? null });
      await world.fetchUser();
      await settle();
    },
    async signIn(user?: Partial<NonNullable<FakePaywallOptions["session"]>>) {
      world.setSession(world.makeSession(user ?? {}), "SIGNED_IN");
      await settle();
    },
    async signOut() {
      world.setSession(null, "SIGNED_OUT");
      await settle();
    },
    async setUser(user: Parameters<typeof world.setCustomer>[0]) {
      world.setCustomer(user);
      await world.fetchUser();
      await settle();
    },
    expireTrial: trial.expire,
    failNextCheckout(code: string, status?: number) {
      refusals.next = new PaywallError(code, "The fake paywall was told to refuse", { status });
    },
    failNextLoad: (code = "network_error") => world.failNextLoad(code),
  };

  const recorded = <T extends object>(target: T, prefix = ""): T =>
    Object.fromEntries(
      Object.entries(target).map(([name, value]) => [
        name,
        typeof value !== "function"
          ? value
          : (...args: unknown[]) => {
              calls.push({ method: prefix + name, args });
              return value(...args);
            },
      ]),
    ) as T;
  const publicAuth: AuthClient | undefined = auth && recorded(auth, "auth.");
  const publicBilling = { ...recorded(billing, "billing."), auth: publicAuth };
  return {
    ...recorded(face),
    ...controls,
    billing: publicBilling,
    auth: publicAuth,
  } as unknown as FakePaywall;
}
