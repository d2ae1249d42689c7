import type { ApiClient, ApiRequestInit } from "./api-client.ts";
import type { AuthClient } from "./auth-client.ts";
import { PaywallError } from "./errors.ts";
import { abortable } from "./promises.ts";
import { generateVisitorId } from "./storage.ts";
import type {
  Acquiring,
  Balance,
  CheckoutResult,
  Identity,
  PaywallBootstrap,
  PaywallPurchaseDetailed,
} from "./types.ts";

export interface CreateCheckoutInput {
  priceId: string;
  successUrl?: string;
  errorUrl?: string;
  shopUrl?: string;
  trialDays?: number | null;
  /** Needed for duration offers, whose timer the server cannot see; it checks every offer again. */
  offerId?: string;
  idempotencyKey?: string;
  ignoreActivePurchase?: boolean;
  signal?: AbortSignal;
}

export interface CancelledSubscription {
  subscription: {
    id?: string;
    status: string | null;
    canceled_at: string | null;
    cancel_at: string | null;
    cancel_at_period_end: boolean | null;
  };
}

export interface SupportTicketInput {
  subject: string;
  content: string;
  email?: string;
  files?: File[];
}

export interface TokenAdjustment {
  type: string;
  amount: number;
  signal?: AbortSignal;
}

interface Deps {
  paywallId: string;
  api: ApiClient;
  apiKey: string | undefined;
  auth: AuthClient | undefined;
  getIdentity: () => Identity | undefined;
  getCachedBootstrap: () => PaywallBootstrap | null;
  getVisitorId: () => Promise<string>;
}

export interface Commerce {
  /** Starts a checkout and returns its hosted page. Parallel calls for one price share one request. */
  createCheckout(input: CreateCheckoutInput): Promise<CheckoutResult>;
  getCustomerPortalUrl(input?: { returnUrl?: string; signal?: AbortSignal }): Promise<{ url: string }>;
  listPurchases(options?: { signal?: AbortSignal }): Promise<PaywallPurchaseDetailed[]>;
  cancelSubscription(input: {
    subscriptionId: string;
    reason: string;
    signal?: AbortSignal;
  }): Promise<CancelledSubscription>;
  createSupportTicket(input: SupportTicketInput): Promise<{ ticket: { id: number; status: string } }>;
  /** Server only. Every call counts: there is no replay protection. */
  creditTokens(input: TokenAdjustment): Promise<Balance>;
  debitTokens(input: TokenAdjustment): Promise<Balance>;
}

/** Everything that buys, changes or explains a purchase. */
export function createCommerce(deps: Deps): Commerce {
  const { api, apiKey, auth, paywallId } = deps;
  const base = `/api/v1/paywall/${paywallId}/`;
  const checkouts = new Map<string, Promise<CheckoutResult>>();
  const keyHeader: Record<string, string> = apiKey ? { "X-Api-Key": apiKey } : {};

  const post = <T>(path: string, body: unknown, init: ApiRequestInit = {}) =>
    api.request<T>(path, {
      method: "POST",
      ...init,
      headers: { ...keyHeader, ...init.headers },
      body: JSON.stringify(body),
    });

  const refuse = (): never => {
    throw new PaywallError("identity_required", "This needs a signed-in or given identity");
  };
  /** The identity a merchant's back end speaks for; a Bearer needs none. */
  const keyIdentity = (): { email?: string; userId?: string } => {
    if (auth) return {};
    const { email, userId } = deps.getIdentity() ?? {};
    return apiKey && (email || userId) ? { email, userId } : refuse();
  };

  const startCheckout = async (email: string, input: CreateCheckoutInput): Promise<CheckoutResult> => {
    const bootstrap = deps.getCachedBootstrap();
    const { settings, prices, experiment } = bootstrap ?? {};
    const { userId } = deps.getIdentity() ?? {};
    const variantKey = experiment?.assigned_variant;
    const price = prices?.find(({ id }) => String(id) === String(input.priceId));
    const body = {
      email,
      priceId: Number(input.priceId),
      offerId: input.offerId,
      successUrl: input.successUrl ?? settings?.success_redirect_url ?? undefined,
      errorUrl: input.errorUrl,
      shopUrl: input.shopUrl ?? settings?.checkout_shop_url ?? undefined,
      productName: settings?.checkout_product_name ?? undefined,
      trial_days: input.trialDays ?? undefined,
      ignoreActivePurchase: input.ignoreActivePurchase || undefined,
      userMeta: userId ? { userId } : undefined,
      localCurrency: price?.local?.currency,
      visitorId: await deps.getVisitorId(),
      experimentId: variantKey && experiment?.id,
      variantKey,
    };
    try {
      const answer = await post<{ checkoutUrl: string; acquiring?: Acquiring }>(
        `${base}start-checkout`,
        body,
        {
          headers: { "Idempotency-Key": input.idempotencyKey ?? generateVisitorId() },
        },
      );
      return { url: answer.checkoutUrl, acquiring: answer.acquiring };
    } catch (error) {
      const { status, cause, message } = error as PaywallError;
      if (status === 409 && (cause as { hasActivePurchase?: unknown } | null)?.hasActivePurchase === true)
        throw new PaywallError("already_purchased", message, { status, cause });
      throw error;
    }
  };

  const adjust =
    (op: "credit" | "debit") =>
    async ({ type, amount, signal }: TokenAdjustment): Promise<Balance> => {
      if (!apiKey) throw new PaywallError("apikey_required", "Token adjustments need an API key");
      const { email, userId } = deps.getIdentity() ?? {};
      if (!email && !userId) refuse();
      if (!type || !Number.isInteger(amount) || amount < 1)
        throw new PaywallError("invalid_argument", "A type and a positive whole amount are needed");
      const body = { email, user_id: userId, type, amount, op };
      const answer = await post<Balance>(`${base}balances`, body, { signal });
      return { type: answer.type, count: answer.count };
    };

  return {
    async createCheckout(input) {
      const email = deps.getIdentity()?.email ?? refuse();
      const slot = input.idempotencyKey ?? `price:${input.priceId}`;
      let running = checkouts.get(slot);
      if (!running) {
        running = startCheckout(email, input).finally(() => checkouts.delete(slot));
        checkouts.set(slot, running);
      }
      return abortable(running, input.signal);
    },

    async getCustomerPortalUrl({ returnUrl, signal } = {}) {
      const { email, userId } = deps.getIdentity() ?? {};
      if (!auth && !apiKey && !email) refuse();
      const body = auth?.getCachedSession()
        ? { returnUrl }
        : { email, userMeta: userId ? { userId } : undefined, returnUrl };
      return post(`${base}get-customer-portal`, body, { signal });
    },

    async listPurchases({ signal } = {}) {
      const { email, userId } = keyIdentity();
      const query = new URLSearchParams();
      if (email) query.set("email", email);
      if (userId) query.set("user_id", userId);
      const text = query.toString();
      const path = `${base}user${text && `?${text}`}`;
      const answer = await api.request<{ purchases?: PaywallPurchaseDetailed[] }>(path, {
        headers: keyHeader,
        signal,
      });
      return answer?.purchases ?? [];
    },

    async cancelSubscription({ subscriptionId, reason, signal }) {
      const body = { subscriptionId, paywallId, cancellationReason: reason, ...keyIdentity() };
      return post("/api/paywall/cancel-subscription", body, { signal });
    },

    async createSupportTicket({ subject, content, email, files }) {
      const customer_email = email ?? deps.getIdentity()?.email ?? null;
      const path = `${base}support/ticket`;
      if (!files?.length) return post(path, { subject, content, customer_email });
      const form = new FormData();
      form.set("subject", subject);
      form.set("content", content);
      if (customer_email) form.set("customer_email", customer_email);
      for (const file of files) form.append("files", file);
      return api.request(path, { method: "POST", body: form });
    },

    creditTokens: adjust("credit"),
    debitTokens: adjust("debit"),
  };
}
