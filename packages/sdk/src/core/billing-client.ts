import { ApiClient } from "./api-client.ts";
import type { AuthClient } from "./auth-client.ts";
import { type BalanceMethods, createBalances } from "./balances.ts";
import { type BootstrapMethods, createBootstrapCache } from "./bootstrap-cache.ts";
import { type Commerce, createCommerce } from "./commerce.ts";
import type { BillingContext, CallOptions } from "./context.ts";
import { callSafely } from "./emitter.ts";
import { PaywallError, requireIds } from "./errors.ts";
import { ApiGatewayClient, type ApiGatewayClientOptions } from "./gateway-client.ts";
import { describeLanguage } from "./locale.ts";
import { createShare, inBackground } from "./promises.ts";
import { createStorage, ensureVisitorId } from "./storage.ts";
import { createTrialStore, type TrialStore } from "./trial.ts";
import type {
  ExperimentAssignment,
  FetchLike,
  Identity,
  PaywallOffer,
  PaywallPrice,
  StorageAdapter,
  TrialConfig,
  UserLanguageInfo,
} from "./types.ts";
import { createUserState, type UserMethods } from "./user-state.ts";

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

/** What a gateway of this client may be told; who calls and for which paywall is the client's business. */
export type ApiGatewayOverrides = Partial<Omit<ApiGatewayClientOptions, "paywallId" | "auth" | "userId">>;

interface ClientMethods {
  getPrices(options?: CallOptions): Promise<PaywallPrice[]>;
  getCachedPrices(): PaywallPrice[] | null;
  /** `[]` when none are configured, null while that is unknown. */
  getCachedOffers(): PaywallOffer[] | null;
  getUserLanguage(): UserLanguageInfo;
  /** Speaks for somebody else from now on: what was known about the one before is forgotten. */
  setIdentity(identity: Identity | undefined): void;
  getIdentity(): Identity | undefined;
  getVisitorId(): Promise<string>;
  getCachedVisitorId(): string | null;
  getStorage(): StorageAdapter;
  getExperimentAssignment(): ExperimentAssignment | null;
  activeApiOrigin(): string;
  /** A metered proxy client whose charges show in this client's balances at once. */
  createApiGatewayClient(overrides?: ApiGatewayOverrides): ApiGatewayClient;
  /** The free period of `settings.trial`, counted where it says for whoever is signed in then. */
  createTrialStore(config: TrialConfig): TrialStore;
  /** Stops listening to the session and to other tabs, and drops all listeners. */
  destroy(): void;
}

/**
 * Reads what a paywall sells and what the current person has, and starts purchases. Methods are bound: they
 * may be passed around freely. Every rejection is a `PaywallError`.
 */
export interface BillingClient
  extends BootstrapMethods,
    UserMethods,
    BalanceMethods,
    Commerce,
    ClientMethods {}

export class BillingClient {
  readonly paywallId: string;
  readonly apiOrigin: string;
  readonly capabilities: string[];
  readonly auth: AuthClient | undefined;

  constructor(options: BillingClientOptions) {
    requireIds(options);
    const { paywallId, apiOrigin, apiKey, auth, preview, capabilities = [] } = options;
    if (apiKey && globalThis.window?.document) {
      const message = "An API key in a browser can be read by every visitor";
      if (!options.allowInsecureBrowserUsage) throw new PaywallError("apikey_in_browser", message);
      console.error(`[tollgate] ${message}`);
    }
    this.paywallId = paywallId;
    this.apiOrigin = apiOrigin;
    this.capabilities = capabilities;
    this.auth = auth;

    const storage = createStorage(options.storage);
    const api = new ApiClient({
      ...options,
      storage,
      getAuthToken: auth && (() => auth.getAccessToken()),
      onUnauthorized: auth && (async () => (await auth.refresh())?.access_token ?? null),
    });
    let identity = options.identity;
    /** Set while the identity mirrors a session, so that signing out does not wipe one the host gave. */
    let fromSession = false;
    let synced = false;
    let visitorId: string | null = null;
    const visitor = ensureVisitorId(storage).then((id) => {
      visitorId = id;
      return id;
    });

    const context: BillingContext = {
      paywallId,
      apiOrigin,
      apiKey,
      auth,
      preview,
      storage,
      share: createShare(),
      identity: () => identity,
      async identitySettled() {
        await auth?.ready();
        if (!synced) syncIdentity();
      },
      visitor: () => visitor,
      async ask<T>(path: string, init?: RequestInit) {
        const full = path.startsWith("/") ? path : `/api/v1/paywall/${paywallId}/${path}`;
        const answer = await api.request<T | null>(full, init);
        // An empty answer is a broken one: it must not pass for "has not bought anything".
        if (!answer) throw new PaywallError("unknown", "The server answered without content");
        return answer;
      },
    };
    const user = createUserState(context);
    const balances = createBalances(context);
    const content = createBootstrapCache(context, user.value);
    const { getCachedBootstrap, bootstrap } = content.methods;

    const become = (next: Identity | undefined): void => {
      identity = next;
      balances.rekey();
      user.rekey();
    };
    const syncIdentity = (): void => {
      synced = true;
      const person = auth?.getCachedSession()?.user;
      const next = person && { email: person.email ?? undefined, userId: person.id || undefined };
      const before = identity;
      if (!next && !fromSession) return;
      const same = fromSession && next && before?.email === next.email && before?.userId === next.userId;
      fromSession = !!next;
      if (!same) become(next);
    };
    const offAuth = auth?.onAuthChange(syncIdentity);

    const own: ClientMethods = {
      getPrices: async (call) => (await bootstrap(call)).prices,
      getCachedPrices: () => getCachedBootstrap()?.prices ?? null,
      getCachedOffers: () => getCachedBootstrap()?.offers ?? null,
      getUserLanguage: () => describeLanguage(getCachedBootstrap()),
      setIdentity(next) {
        fromSession = false;
        become(next);
      },
      getIdentity: () => identity,
      getVisitorId: () => visitor,
      getCachedVisitorId: () => visitorId,
      getStorage: () => storage,
      getExperimentAssignment() {
        const { id: experimentId, assigned_variant: variant } = getCachedBootstrap()?.experiment ?? {};
        return experimentId && variant ? { experimentId, variant } : null;
      },
      activeApiOrigin: () => api.activeOrigin(),
      createApiGatewayClient: (overrides = {}) =>
        new ApiGatewayClient({
          ...options,
          ...overrides,
          paywallId,
          auth,
          userId: auth ? undefined : identity?.userId,
          onChargeSuccess(queryType) {
            balances.methods.decrementBalanceLocal(queryType);
            callSafely(overrides.onChargeSuccess, queryType);
          },
          onQuotaExceeded(error) {
            inBackground(balances.methods.refreshBalances());
            callSafely(overrides.onQuotaExceeded, error);
          },
        }),
      createTrialStore: (config) => createTrialStore(storage, paywallId, config, context),
      destroy() {
        offAuth?.();
        for (const { value } of [user, balances, content]) value.destroy();
      },
    };
    Object.assign(
      this,
      content.methods,
      user.methods,
      balances.methods,
      createCommerce(context, getCachedBootstrap),
      own,
    );
  }
}
