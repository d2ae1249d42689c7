import type { BillingContext } from "./context.ts";
import { PaywallError } from "./errors.ts";
import { generateVisitorId } from "./storage.ts";
import type {
  Acquiring,
  Balance,
  CheckoutResult,
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
  signal?: AbortSignal;
}

export interface TokenAdjustment {
  type: string;
  amount: number;
  signal?: AbortSignal;
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

/** Hosts navigate to it: one that begins with `javascript:` would run in their page. */
function webAddress(url: string): string {
  if (!/^https?:/i.test(url)) throw new PaywallError("unknown", "The server's answer was no web address");
  return url;
}

/** Everything that buys, changes or explains a purchase. */
export function createCommerce(
  context: BillingContext,
  getCachedBootstrap: () => PaywallBootstrap | null,
): Commerce {
  const { apiKey, auth, paywallId, identity } = context;
  const keyHeader: Record<string, string> = apiKey ? { "X-Api-Key": apiKey } : {};

  const post = <T>(path: string, body: unknown, signal?: AbortSignal, headers = keyHeader) =>
    context.ask<T>(path, { method: "POST", headers, body: JSON.stringify(body), signal });

  const refuse = (): never => {
    throw new PaywallError("identity_required", "This needs a signed-in or given identity");
  };
  /** The identity a merchant's back end speaks for; a Bearer needs none. */
  const spokenFor = (): { email?: string; userId?: string } => {
    if (auth) return {};
    const { email, userId } = identity() ?? {};
    return apiKey && (email || userId) ? { email, userId } : refuse();
  };
  const userMeta = () => {
    const userId = identity()?.userId;
    return userId ? { userId } : undefined;
  };

  const startCheckout = async (
    email: string,
    input: CreateCheckoutInput,
    signal: AbortSignal,
  ): Promise<CheckoutResult> => {
    const { settings, prices, experiment } = getCachedBootstrap() ?? {};
    const variantKey = experiment?.assigned_variant;
    const { priceId, offerId, errorUrl, ignoreActivePurchase } = input;
    const body = {
      email,
      priceId: Number(priceId),
      offerId,
      successUrl: input.successUrl ?? settings?.success_redirect_url ?? undefined,
      errorUrl,
      shopUrl: input.shopUrl ?? settings?.checkout_shop_url ?? undefined,
      productName: settings?.checkout_product_name ?? undefined,
      trial_days: input.trialDays ?? undefined,
      ignoreActivePurchase: ignoreActivePurchase || undefined,
      userMeta: userMeta(),
      localCurrency: prices?.find(({ id }) => String(id) === String(priceId))?.local?.currency,
      visitorId: await context.visitor(),
      experimentId: variantKey && experiment?.id,
      variantKey,
    };
    const headers = { ...keyHeader, "Idempotency-Key": input.idempotencyKey ?? generateVisitorId() };
    try {
      const { checkoutUrl: url, acquiring } = await post<{ checkoutUrl: string; acquiring?: Acquiring }>(
        "start-checkout",
        body,
        signal,
        headers,
      );
      return { url: webAddress(url), acquiring };
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
      const { email, userId } = identity() ?? {};
      if (!email && !userId) refuse();
      if (!type || !Number.isInteger(amount) || amount < 1)
        throw new PaywallError("invalid_argument", "A type and a positive whole amount are needed");
      const { count } = await post<Balance>("balances", { email, user_id: userId, type, amount, op }, signal);
      return { type, count };
    };

  return {
    async createCheckout(input) {
      const email = identity()?.email ?? refuse();
      const { idempotencyKey, priceId, signal } = input;
      return context.share(
        `checkout${idempotencyKey ?? `:${priceId}`}`,
        (shared) => startCheckout(email, input, shared),
        signal,
      );
    },

    async getCustomerPortalUrl({ returnUrl, signal } = {}) {
      const email = identity()?.email;
      if (!auth && !apiKey && !email) refuse();
      const who = auth?.getCachedSession() ? {} : { email, userMeta: userMeta() };
      const answer = await post<{ url: string }>("get-customer-portal", { ...who, returnUrl }, signal);
      webAddress(answer.url);
      return answer;
    },

    async listPurchases({ signal } = {}) {
      const { email, userId } = spokenFor();
      const query = String(
        new URLSearchParams({ ...(email && { email }), ...(userId && { user_id: userId }) }),
      );
      const headers = auth ? {} : keyHeader;
      const path = `user${query && `?${query}`}`;
      const { purchases = [] } = await context.ask<{ purchases?: PaywallPurchaseDetailed[] }>(path, {
        headers,
        signal,
      });
      return purchases;
    },

    async cancelSubscription({ subscriptionId, reason, signal }) {
      const body = { subscriptionId, paywallId, cancellationReason: reason, ...spokenFor() };
      return post("/api/paywall/cancel-subscription", body, signal, auth ? {} : keyHeader);
    },

    async createSupportTicket({ subject, content, email, files, signal }) {
      const ticket = { subject, content, customer_email: email ?? identity()?.email ?? null };
      if (!files?.length) return post("support/ticket", ticket, signal, {});
      const body = new FormData();
      for (const [name, value] of Object.entries(ticket)) if (value !== null) body.set(name, value);
      for (const file of files) body.append("files", file);
      return context.ask("support/ticket", { method: "POST", body, signal });
    },

    creditTokens: adjust("credit"),
    debitTokens: adjust("debit"),
  };
}
