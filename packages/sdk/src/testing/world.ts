import { createEmitter, subscribeWithReplay } from "../core/emitter.ts";
import { PaywallError } from "../core/errors.ts";
import type {
  AuthChangeEvent,
  AuthSession,
  AuthUser,
  Balance,
  BootstrapPatch,
  Identity,
  PaywallBootstrap,
  PaywallUser,
  ReplayMode,
} from "../core/index.ts";
import type { FakePaywallOptions } from "./types.ts";

const NOBODY: PaywallUser = {
  has_active_subscription: false,
  purchases: [],
  trial: null,
  had_previous_trial: false,
};

/** Lets promises that were started before this one go first, as a network answer would. */
export const tick = (): Promise<void> => Promise.resolve();

/** What the fake paywall stands on: a server with one customer, and what this browser has cached of it. */
export type World = ReturnType<typeof createWorld>;

export function createWorld(options: FakePaywallOptions) {
  const { access, user, auth: managed = true, bootstrap: patch } = options;
  const users = createEmitter<PaywallUser>();
  const balanceChanges = createEmitter<Balance[]>();
  const bootstraps = createEmitter<PaywallBootstrap>();
  const sessions = createEmitter<[AuthChangeEvent, AuthSession | null]>();
  let customer: PaywallUser = { ...NOBODY, has_active_subscription: access === "granted", ...user };
  let identity = options.identity;
  let session: AuthSession | null = null;
  let cached: PaywallUser | null = null;
  let loaded = false;
  let loadFailure: PaywallError | null = null;
  let balances = options.balances ?? [];
  let number = 0;

  const makeSession = (given: Partial<AuthUser> = {}): AuthSession => ({
    access_token: `fake-${++number}`,
    refresh_token: `fake-${number}`,
    expires_at: Date.now() + 3_600_000,
    user: { id: "fake-user", email: "ada@example.com", ...given },
  });
  const person =
    options.session ?? (options.session === undefined && !identity && (user || access === "granted") && {});
  if (managed && person) session = makeSession(person);
  const follow = (): Identity | undefined =>
    session ? { email: session.user.email ?? undefined, userId: session.user.id } : undefined;
  identity = follow() ?? identity ?? (person ? { email: "ada@example.com" } : undefined);

  let bootstrap: PaywallBootstrap = {
    version: "fake:0",
    prices: (options.prices ?? [{ id: "1" }]).map((price) => ({
      currency: "USD",
      amount: 9.99,
      interval: "month",
      interval_count: 1,
      trial_days: null,
      ...price,
    })),
    offers: options.offers ?? [],
    ...patch,
    settings: {
      id: options.paywallId ?? "1",
      name: "Fake",
      visibility: { visible: access !== "hidden", reason: null, country: null, tier: null },
      trial: options.trial ?? (access === "trial" ? { mode: "time", payload: 24, storage: "client" } : null),
      ...patch?.settings,
    },
  };

  const known = () => (identity ? customer : NOBODY);
  const applyUser = () => {
    const before = JSON.stringify(cached);
    cached = known();
    if (JSON.stringify(cached) !== before) users.emit(cached);
    return cached;
  };

  return {
    managed,
    users,
    sessions,
    balanceChanges,
    bootstraps,
    makeSession,
    applyUser,
    customer: () => customer,
    cachedUser: () => cached,
    session: () => session,
    identity: () => identity,
    bootstrap: () => bootstrap,
    cachedBootstrap: () => (loaded ? bootstrap : null),
    cachedBalances: () => (loaded ? balances : null),
    isActive: () => !!cached?.has_active_subscription,
    failNextLoad(code: string) {
      loadFailure = new PaywallError(code, "The fake paywall was told to fail");
      loaded = false;
    },
    async load(): Promise<PaywallBootstrap> {
      await tick();
      if (loadFailure) {
        const failure = loadFailure;
        loadFailure = null;
        throw failure;
      }
      const first = !loaded;
      loaded = true;
      if (first) bootstraps.emit(bootstrap);
      return { ...bootstrap, user: applyUser() };
    },
    async fetchUser(): Promise<PaywallUser> {
      await tick();
      return applyUser();
    },
    setCustomer(next: Partial<PaywallUser>) {
      customer = { ...customer, ...next };
    },
    setIdentity(next: Identity | undefined) {
      identity = next;
      cached = null;
      if (!next) applyUser();
      else void tick().then(applyUser);
    },
    setSession(next: AuthSession | null, event: AuthChangeEvent) {
      session = next;
      if (event !== "TOKEN_REFRESHED") this.setIdentity(follow());
      sessions.emit([event, next]);
      return next;
    },
    setBootstrap(next: BootstrapPatch) {
      const settings = { ...bootstrap.settings, ...next.settings };
      bootstrap = { ...bootstrap, ...next, settings, version: `preview:${++number}` };
      loaded = true;
      bootstraps.emit(bootstrap);
    },
    setBalances(next: Balance[]) {
      balances = next;
      balanceChanges.emit(next);
      return next;
    },
    onUser: (listener: (user: PaywallUser) => void, { immediate }: { immediate?: ReplayMode } = {}) =>
      subscribeWithReplay(users, listener, () => cached, immediate),
    destroy() {
      for (const emitter of [users, balanceChanges, bootstraps, sessions]) emitter.clear();
    },
  };
}
