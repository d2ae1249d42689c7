import { isRealSession } from "../core/auth-client.ts";
import { toPaywallError } from "../core/errors.ts";
import type { BillingClient, PaywallBootstrap } from "../core/index.ts";
import type { Analytics } from "./analytics.ts";
import type { Events } from "./events.ts";
import { type Gates, isActive, type Verdict } from "./gates.ts";
import { patiently, SHORT_PATIENCE_MS } from "./patience.ts";
import type { PurchaseFlow } from "./purchase-flow.ts";
import { type AuthMode, closedState, type StateStore, type UiState } from "./state.ts";
import type { OpenOptions, PaywallUIOptions } from "./types.ts";

export interface OpeningContext {
  billing: BillingClient;
  store: StateStore;
  events: Events;
  analytics: Analytics;
  gates: Gates;
  /** The parts know each other, so this one is asked for when it is needed. */
  flow(): PurchaseFlow;
}

export interface Opening {
  mount(patch: Partial<UiState>): void;
  open(opts: OpenOptions): void;
  openSupport(opts: OpenOptions): void;
  openAuth(mode: AuthMode, opts: OpenOptions): void;
  close(): void;
  /** Loads again after a failure, with whatever gates this mount has still to pass. */
  load(): Promise<void>;
  /** What the modal shows has changed beneath it. */
  refresh(bootstrap: PaywallBootstrap): void;
}

/** How views come on screen and leave it: who waits for what, and what is loaded for them. */
export function createOpening(context: OpeningContext, { mountThenLoad }: PaywallUIOptions): Opening {
  const { billing, store, events, analytics, gates } = context;
  /** Grows with every opening and closing; what an older one was waiting for no longer matters. */
  let run = 0;
  /** The gates that the plans on screen have still to pass before they are shown. */
  let gating: OpenOptions | null = null;

  /** Ends what earlier calls were still waiting for. The result tells whether this is still the latest. */
  const begin = () => {
    const mine = ++run;
    return () => mine === run;
  };

  const show = (bootstrap: PaywallBootstrap) => {
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
    const { processing } = closedState;
    const session = billing.auth?.getCachedSession() ?? null;
    const bootstrap = billing.getCachedBootstrap();
    const selectedPriceId = bootstrap && defaultPriceId(bootstrap);
    store.set({ ...closedState, session, bootstrap, selectedPriceId, ...patch, processing, open: true });
    events.emit("open");
    // A direct checkout has loaded before it shows anything: nothing else would say that it is ready.
    if (patch.kind === "checkout" && bootstrap) events.emit("ready", bootstrap);
  };

  const close = () => {
    run++;
    gating = null;
    const { open, processing } = store.get();
    if (!open) {
      if (processing) store.set({ processing: false });
      return;
    }
    store.set(closedState);
    analytics.closed();
    context.flow().closed();
    events.emit("close");
  };

  const load = async () => {
    const isCurrent = begin();
    if (store.get().error) store.set({ error: null });
    try {
      const bootstrap = await patiently((signal) => billing.bootstrap({ signal }));
      if (!isCurrent()) return;
      const { kind, title } = store.get();
      if (kind === "plans") analytics.viewed(bootstrap, !!title, !!gating);
      const report = gating && (await gates.check(bootstrap, gating));
      if (!isCurrent()) return;
      if (report) {
        analytics.drop();
        close();
        return report();
      }
      gating = null;
      show(bootstrap);
      analytics.release();
      events.emit("ready", bootstrap);
    } catch (thrown) {
      if (!isCurrent()) return;
      const error = toPaywallError(thrown);
      store.set({ error });
      context.flow().fail(error);
    }
  };

  /** Waits for the answer about purchases only where somebody could have made one. */
  const whenUserKnown = (opts: OpenOptions, next: (active: boolean) => void) => {
    const active = !opts.renew && isActive(billing.getCachedUser());
    if (active || (!billing.auth && !billing.getIdentity())) return next(active);
    const isCurrent = begin();
    // Who has to wait for the user should not wait for the plans as well.
    void billing.bootstrap().catch(() => {});
    // A server that does not answer is not waited for for ever.
    void patiently((signal) => billing.getSettledUser({ signal }), SHORT_PATIENCE_MS)
      .catch(() => null)
      .then((user) => {
        if (isCurrent()) next(!opts.renew && isActive(user));
      });
  };

  /** Reports why the plans do not show. What is on screen instead stays, and gets what it was waiting for. */
  const turnAway = (report: () => void) => {
    const { open, bootstrap, error } = store.get();
    if (open && !bootstrap && !error) void load();
    report();
  };

  const openPlans = (opts: OpenOptions) => {
    const isCurrent = begin();
    const cached = billing.getCachedBootstrap();
    const show = (gated = false) => {
      if (store.get().open) {
        // Whoever asks for the plans gets them, also from a support or sign-in view.
        store.set({ kind: "plans", step: "plans", title: opts.title ?? null, renew: !!opts.renew });
        events.emit("open");
      } else mount({ kind: "plans", title: opts.title ?? null, renew: !!opts.renew });
      gating = gated ? opts : null;
      void load();
    };
    const settle = (report: Verdict) => {
      if (!isCurrent()) return;
      if (report) turnAway(report);
      else show();
    };
    const decide = (verdict: Verdict | Promise<Verdict>) =>
      verdict instanceof Promise ? void verdict.then(settle) : settle(verdict);

    if (opts.skipTrial && opts.skipVisibility) {
      if (cached) gates.visibilityOf(cached);
      return show();
    }
    if (cached) return decide(gates.check(cached, opts));
    if (mountThenLoad !== false) return show(true);
    patiently((signal) => billing.bootstrap({ signal })).then(
      (bootstrap) => isCurrent() && decide(gates.check(bootstrap, opts)),
      (thrown) => {
        if (!isCurrent()) return;
        const error = toPaywallError(thrown);
        gating = opts;
        mount({ kind: "plans", title: opts.title ?? null, renew: !!opts.renew, error });
        context.flow().fail(error);
      },
    );
  };

  const standalone = (patch: Partial<UiState>, { identity }: OpenOptions) => {
    if (identity) billing.setIdentity(identity);
    if (store.get().open) {
      gating = null;
      store.set(patch);
      events.emit("open");
    } else {
      mount(patch);
      void load();
    }
  };

  return {
    mount,
    close,
    load,
    open(opts) {
      if (opts.identity) billing.setIdentity(opts.identity);
      const { open, kind, title, renew } = store.get();
      if (open && (kind === "plans" || kind === "checkout")) {
        store.set({ title: opts.title ?? title, renew: opts.renew ?? renew });
        return events.emit("open");
      }
      whenUserKnown(opts, (active) => (active ? turnAway(gates.restoredOnce) : openPlans(opts)));
    },
    openSupport: (opts) => standalone({ kind: "support", step: "support" }, opts),
    openAuth(mode, opts) {
      if (!billing.auth) return;
      standalone({ kind: "auth", step: "auth", auth: { intent: "standalone", mode } }, opts);
      if (isRealSession(billing.auth.getCachedSession())) void context.flow().passGate();
    },
    refresh(bootstrap) {
      const { open, bootstrap: shown, error } = store.get();
      if (open && error) void load();
      else if (open && shown) show(bootstrap);
    },
  };
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
