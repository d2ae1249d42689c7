import { PaywallError } from "../core/errors.ts";
import type {
  AuthChangeListener,
  AuthClient,
  AuthUser,
  BillingClient,
  CreateCheckoutInput,
  TrialConfig,
} from "../core/index.ts";
import { createFakeTrial } from "./trial.ts";
import { tick, type World } from "./world.ts";

/** The checkout's refusal, once. */
export interface Refusals {
  next: PaywallError | null;
}

export function createFakeBilling(
  world: World,
  refusals: Refusals,
  ids: { paywallId: string; apiOrigin: string; auth: AuthClient | undefined },
): BillingClient {
  const kept = new Map<string, string>();
  let checkouts = 0;
  const count = (type: string, change: number) => {
    const before = world.cachedBalances() ?? [];
    const entry = { type, count: (before.find((one) => one.type === type)?.count ?? 0) + change };
    world.setBalances([...before.filter((one) => one.type !== type), entry]);
    return entry;
  };
  const balances = async () => {
    await world.load();
    return world.session() ? (world.cachedBalances() ?? []) : [];
  };
  const billing = {
    ...ids,
    capabilities: [],
    bootstrap: world.load,
    getCachedBootstrap: world.cachedBootstrap,
    onBootstrapChange: world.bootstraps.add,
    setBootstrap: world.setBootstrap,
    getPrices: async () => (await world.load()).prices,
    getCachedPrices: () => world.cachedBootstrap()?.prices ?? null,
    getCachedOffers: () => world.cachedBootstrap()?.offers ?? null,
    getUserLanguage: () => ({ tag: "en", applied: null, browserLanguage: "en", countryLanguage: null }),
    getUser: world.fetchUser,
    getCachedUser: world.cachedUser,
    onUserChange: world.onUser,
    peekCachedUser: async () => world.cachedUser(),
    getSettledUser: world.fetchUser,
    getBalances: balances,
    refreshBalances: balances,
    getCachedBalances: world.cachedBalances,
    onBalanceChange: world.balanceChanges.add,
    decrementBalanceLocal(type?: string) {
      if (type && world.cachedBalances()?.some((one) => one.type === type && one.count > 0)) count(type, -1);
    },
    async createCheckout({ ignoreActivePurchase }: CreateCheckoutInput) {
      await tick();
      const refusal = refusals.next;
      refusals.next = null;
      if (!world.identity()?.email) throw new PaywallError("identity_required", "An e-mail is needed");
      if (refusal) throw refusal;
      if (world.customer().has_active_subscription && !ignoreActivePurchase)
        throw new PaywallError("already_purchased", "Bought already", { status: 409 });
      return { url: `${ids.apiOrigin}/checkout/fake-${++checkouts}`, acquiring: "stripe" };
    },
    getCustomerPortalUrl: async () => ({ url: `${ids.apiOrigin}/portal` }),
    listPurchases: async () => world.customer().purchases,
    cancelSubscription: async () => ({
      subscription: { status: "active", canceled_at: null, cancel_at: null, cancel_at_period_end: true },
    }),
    createSupportTicket: async () => ({ ticket: { id: 1, status: "open" } }),
    creditTokens: async ({ type, amount }: { type: string; amount: number }) => count(type, amount),
    debitTokens: async ({ type, amount }: { type: string; amount: number }) => count(type, -amount),
    setIdentity: world.setIdentity,
    getIdentity: world.identity,
    getVisitorId: async () => "00000000-0000-4000-8000-000000000000",
    getCachedVisitorId: () => "00000000-0000-4000-8000-000000000000",
    getStorage: () => ({
      getItem: async (key: string) => kept.get(key) ?? null,
      setItem: async (key: string, value: string) => void kept.set(key, value),
      removeItem: async (key: string) => void kept.delete(key),
    }),
    getExperimentAssignment: () => null,
    createTrialStore: (config: TrialConfig) => {
      const { check, recordBlock, reset } = createFakeTrial(() => config);
      return {
        check: async () => check(),
        recordBlock: async () => recordBlock(),
        reset: async () => reset(),
      };
    },
    activeApiOrigin: () => ids.apiOrigin,
    createApiGatewayClient: () => ({ call: async () => new Response("{}") }),
    destroy() {},
  };
  return billing as unknown as BillingClient;
}

export function createFakeAuth(world: World, ids: { paywallId: string; apiOrigin: string }): AuthClient {
  let destroyed = false;
  const nothing = async () => {};
  const signIn = async (user: Partial<AuthUser> = {}) => {
    await tick();
    return world.setSession(world.makeSession(user), "SIGNED_IN");
  };
  const byEmail = ({ email }: { email: string }) => signIn({ email });
  const signOut = async () => {
    if (world.session()) world.setSession(null, "SIGNED_OUT");
  };
  const refresh = async () => {
    const session = world.session();
    return session && world.setSession(world.makeSession(session.user), "TOKEN_REFRESHED");
  };
  const auth = {
    ...ids,
    ready: nothing,
    getCachedSession: world.session,
    getCachedUser: () => world.session()?.user ?? null,
    onAuthChange(listener: AuthChangeListener) {
      const off = world.sessions.add(([event, session]) => listener(event, session));
      let wanted = true;
      queueMicrotask(() => wanted && listener("INITIAL_SESSION", world.session()));
      return () => {
        wanted = false;
        off();
      };
    },
    getAccessToken: async () => world.session()?.access_token ?? null,
    refresh,
    signInWithEmail: byEmail,
    signUp: async (who: { email: string }) => ({ kind: "signed_in", session: await byEmail(who) }),
    resendConfirmation: nothing,
    requestPasswordReset: nothing,
    updatePassword: nothing,
    sendOtp: nothing,
    verifyOtp: byEmail,
    signInWithOAuth: () => signIn(),
    startOAuthFlow: async () => ({ authorize_url: `${ids.apiOrigin}/authorize`, state: "fake" }),
    completeOAuthFlow: () => signIn(),
    signInAnonymously: () => signIn({ email: null, is_anonymous: true }),
    async upgradeAnonymousToEmail({ email }: { email: string }) {
      const user = { ...world.session()?.user, email, is_anonymous: false };
      return { kind: "updated", session: world.setSession(world.makeSession(user), "USER_UPDATED") };
    },
    signOut,
    revokeAllSessions: signOut,
    getLastLogin: async () => null,
    isDestroyed: () => destroyed,
    destroy() {
      destroyed = true;
    },
  };
  return auth as unknown as AuthClient;
}
