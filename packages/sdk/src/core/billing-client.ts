import { ApiClient } from "./api-client.ts";
import type { AuthClient } from "./auth-client.ts";
import { type Balances, createBalances } from "./balances.ts";
import { type BootstrapCache, type CallOptions, createBootstrapCache } from "./bootstrap-cache.ts";
import { type Commerce, createCommerce } from "./commerce.ts";
import { invalidConfig, PaywallError } from "./errors.ts";
import { describeLanguage } from "./locale.ts";
import { createStorage, ensureVisitorId } from "./storage.ts";
import type {
  Balance,
  ExperimentAssignment,
  FetchLike,
  Identity,
  PaywallBootstrap,
  PaywallOffer,
  PaywallPrice,
  PaywallUser,
  StorageAdapter,
  UserLanguageInfo,
} from "./types.ts";
import { createUserState, identityKey, type UserState } from "./user-state.ts";

export interface BillingClientOptions {
  paywallId: string;
  apiOrigin: string;
  identity?: Identity;
  storage?: StorageAdapter;
  capabilities?: string[];
  fetch?: FetchLike;
  edgeFallback?: false | string;
  /** Back ends only: acts for any customer. Refused where a DOM exists. */
  apiKey?: string;
  allowInsecureBrowserUsage?: boolean;
  auth?: AuthClient;
  /** Never asks the network for the bootstrap; shows what `setBootstrap` gives. */
  preview?: boolean;
}

/** Stands for a 2xx without a body; the cache refuses it for its missing settings. */
const noAnswer = {} as PaywallBootstrap;

/**
 * Reads what a paywall sells and what the current person has, and starts purchases. Methods are bound: they
 * may be passed around freely. Every rejection is a `PaywallError`.
 */
export class BillingClient {
  readonly paywallId: string;
  readonly apiOrigin: string;
  readonly capabilities: string[];
  readonly auth: AuthClient | undefined;

  declare readonly bootstrap: BootstrapCache["bootstrap"];
  declare readonly getCachedBootstrap: BootstrapCache["getCachedBootstrap"];
  declare readonly onBootstrapChange: BootstrapCache["onBootstrapChange"];
  declare readonly setBootstrap: BootstrapCache["setBootstrap"];
  declare readonly getPrices: (options?: CallOptions) => Promise<PaywallPrice[]>;
  declare readonly getCachedPrices: () => PaywallPrice[] | null;
  declare readonly getCachedOffers: () => PaywallOffer[] | null;
  declare readonly getUserLanguage: () => UserLanguageInfo;

  declare readonly getUser: UserState["getUser"];
  declare readonly getCachedUser: UserState["getCachedUser"];
  declare readonly onUserChange: UserState["onUserChange"];
  declare readonly peekCachedUser: UserState["peekCachedUser"];
  declare readonly getSettledUser: UserState["getSettledUser"];

  declare readonly getBalances: Balances["getBalances"];
  declare readonly getCachedBalances: Balances["getCachedBalances"];
  declare readonly refreshBalances: Balances["refreshBalances"];
  declare readonly onBalanceChange: Balances["onBalanceChange"];
  declare readonly decrementBalanceLocal: Balances["decrementBalanceLocal"];

  declare readonly createCheckout: Commerce["createCheckout"];
  declare readonly getCustomerPortalUrl: Commerce["getCustomerPortalUrl"];
  declare readonly listPurchases: Commerce["listPurchases"];
  declare readonly cancelSubscription: Commerce["cancelSubscription"];
  declare readonly createSupportTicket: Commerce["createSupportTicket"];
  declare readonly creditTokens: Commerce["creditTokens"];
  declare readonly debitTokens: Commerce["debitTokens"];

  declare readonly setIdentity: (identity: Identity | undefined) => void;
  declare readonly getIdentity: () => Identity | undefined;
  declare readonly getVisitorId: () => Promise<string>;
  declare readonly getCachedVisitorId: () => string | null;
  declare readonly getStorage: () => StorageAdapter;
  declare readonly getExperimentAssignment: () => ExperimentAssignment | null;
  declare readonly activeApiOrigin: () => string;
  declare readonly destroy: () => void;

  constructor(options: BillingClientOptions) {
    const { paywallId, apiOrigin, apiKey, auth, preview = false } = options;
    if (!paywallId || !apiOrigin) throw invalidConfig("paywallId and apiOrigin are required");
    if (apiKey && globalThis.window?.document) {
      const message = "An API key in a browser can be read by every visitor";
      if (!options.allowInsecureBrowserUsage) throw new PaywallError("apikey_in_browser", message);
      console.error(`[tollgate] ${message}`);
    }
    const storage = createStorage(options.storage);
    const api = new ApiClient({
      ...options,
      storage,
      getAuthToken: auth?.getAccessToken,
      onUnauthorized: auth && (async () => (await auth.refresh())?.access_token ?? null),
    });
    const base = `/api/v1/paywall/${paywallId}/`;
    let identity = options.identity;
    /** Set while the identity mirrors a session, so that signing out does not wipe one the host gave. */
    let fromSession = false;
    let visitorId: string | null = null;
    const visitor = ensureVisitorId(storage).then((id) => {
      visitorId = id;
      return id;
    });

    const emailHeader = (): Record<string, string> =>
      identity?.email ? { "X-User-Email": identity.email } : {};

    const syncIdentity = (): void => {
      const user = auth?.getCachedSession()?.user;
      if (user) {
        const next = { email: user.email ?? undefined, userId: user.id || undefined };
        const same = fromSession && identity?.email === next.email && identity?.userId === next.userId;
        fromSession = true;
        if (!same) setIdentity(next);
      } else if (fromSession) {
        fromSession = false;
        setIdentity(undefined);
      }
    };
    const identitySettled = async () => {
      await auth?.ready();
      syncIdentity();
    };

    const user = createUserState({
      paywallId,
      storage,
      auth,
      getIdentity: () => identity,
      identitySettled,
      async fetchUser(email) {
        const path = `${base}user-state`;
        const answer = await api.request<PaywallUser | null>(path, { headers: { "X-User-Email": email } });
        // An empty answer is a broken one: it must not pass for "has not bought anything".
        if (!answer) throw new PaywallError("unknown", "The server did not answer with a user");
        return answer;
      },
    });
    const balances = createBalances({
      paywallId,
      storage,
      identityKey: () => identityKey(identity),
      signedIn: async () => {
        await auth?.ready();
        return !!auth?.getCachedSession();
      },
      fetchBalances: async () =>
        (await api.request<{ balances?: Balance[] } | null>(`${base}balances`))?.balances ?? [],
    });

    /** Whose bootstrap is under way: its user must not be taken for somebody who signed in meanwhile. */
    let asked = 0;
    const cache = createBootstrapCache({
      paywallId,
      apiOrigin,
      storage,
      preview,
      getVisitorId: () => visitor,
      async fetchBootstrap(version) {
        await identitySettled();
        asked = user.epoch();
        const query = version ? `?if_version=${encodeURIComponent(version)}` : "";
        const path = `${base}bootstrap${query}`;
        return (await api.request<PaywallBootstrap | null>(path, { headers: emailHeader() })) ?? noAnswer;
      },
      onUser: (snapshot) => {
        if (asked === user.epoch()) user.applyUser(snapshot);
      },
      getCachedUser: user.getCachedUser,
    });
    const commerce = createCommerce({
      paywallId,
      api,
      apiKey,
      auth,
      getIdentity: () => identity,
      getCachedBootstrap: cache.getCachedBootstrap,
      getVisitorId: () => visitor,
    });

    const setIdentity = (next: Identity | undefined): void => {
      identity = next;
      balances.rekeyBalances(!next);
      user.rekeyUser();
    };
    const offAuth = auth?.onAuthChange(syncIdentity);
    const { destroyBootstrap, ...publicCache } = cache;
    const { applyUser: _apply, rekeyUser: _rekey, epoch: _epoch, destroyUser, ...publicUser } = user;
    const { rekeyBalances: _rekeyBalances, destroyBalances, ...publicBalances } = balances;

    this.paywallId = paywallId;
    this.apiOrigin = apiOrigin;
    this.capabilities = options.capabilities ?? [];
    this.auth = auth;
    Object.assign(this, publicCache, publicUser, publicBalances, commerce);
    this.getPrices = async (call) => (await cache.bootstrap(call)).prices;
    this.getCachedPrices = () => cache.getCachedBootstrap()?.prices ?? null;
    this.getCachedOffers = () => cache.getCachedBootstrap()?.offers ?? null;
    this.getUserLanguage = () => describeLanguage(cache.getCachedBootstrap());
    this.setIdentity = (next) => {
      fromSession = false;
      setIdentity(next);
    };
    this.getIdentity = () => identity;
    this.getVisitorId = () => visitor;
    this.getCachedVisitorId = () => visitorId;
    this.getStorage = () => storage;
    this.getExperimentAssignment = () => {
      const experiment = cache.getCachedBootstrap()?.experiment;
      const variant = experiment?.assigned_variant;
      return experiment && variant ? { experimentId: experiment.id, variant } : null;
    };
    this.activeApiOrigin = () => api.activeOrigin();
    this.destroy = () => {
      offAuth?.();
      destroyBootstrap();
      destroyUser();
      destroyBalances();
    };
  }
}
