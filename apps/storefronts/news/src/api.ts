import { loadConfig } from "./config.ts";
import { authorization, forget, isSignedIn, readerId } from "./session.ts";

/** A call that did not work out. `status` is 0 where nobody answered. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const PATIENCE_MS = 20_000;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const wasSignedIn = isSignedIn();
  let response: Response;
  try {
    const { apiOrigin } = await loadConfig();
    response = await fetch(`${apiOrigin}${path}`, {
      method,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        authorization: await authorization(),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(method === "POST" && { "idempotency-key": crypto.randomUUID() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, "We cannot reach our server. Are you online?");
  }
  // Signed out elsewhere: from here on as the browser that this is.
  if (response.status === 401 && wasSignedIn) {
    forget();
    throw new ApiError(401, "You were signed out. Please sign in again.");
  }
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, sentenceIn(text));
  return (text === "" ? null : JSON.parse(text)) as T;
}

function sentenceIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    if (error?.message) return error.message;
  } catch {
    // No envelope: nothing that was meant for people.
  }
  return "Something went wrong on our side.";
}

export type Subscription = {
  id: string;
  sku: string;
  poId: string;
  title: string;
  description: string;
  price: number;
  periodText: string;
  tag: string;
  selected: boolean;
  buttonText?: string;
};

export type Paywall = {
  id: string;
  headline: string;
  currency: string;
  mainColor: string;
  features: string[];
  showLoginButton: boolean;
  footerPaymentMethods: string[];
  subscriptions: Subscription[];
  settings: {
    leaky?: { enabled: boolean; limit: number; period: "DAY" | "WEEK" | "MONTH"; registeredBonus?: number };
  };
};

export type Access =
  | { status: "allowed"; remaining: number; signedLink?: string }
  | { status: "paywall"; remaining: 0; renewsAt?: string; paywall: Paywall };

export type Contract = {
  id: string;
  name: string;
  status: string;
  isActive: boolean;
  price: number;
  currency: string;
  nextBillAt: string | null;
  nextPrice: number | null;
  willCancelAt: string | null;
  recurringInterval?: string;
  manageUrl?: string;
  paymentData?: { description: string };
  appliedDiscounts: { code: string }[];
  items: { sku: string; name: string }[];
};
export type Bill = {
  id: string;
  items: { title: string }[];
  price: number;
  currency?: string;
  status: string;
  receiptUrl?: string;
  createdAt: string;
};
export type Entitlement = { id: string; sku: string; hasAccess: boolean; expiresAt?: string };
export type Checkout = { id: string; checkoutUrl: string; status: string };

const segment = encodeURIComponent;

export const api = {
  paywall: (id: string) => call<Paywall>("GET", `/paywalls/${segment(id)}`),
  /** Whether this may be read, and what that leaves. The same question again costs nothing. */
  access: (paywallId: string, input: { publisherContentId: string; url: string }) =>
    call<Access>("POST", `/paywalls/${segment(paywallId)}/access`, {
      ...input,
      ...(isSignedIn() && { anonymousId: readerId() }),
    }),
  entitlements: (after?: Date) =>
    call<Entitlement[]>(
      "GET",
      `/entitlements${after ? `?wait-for-entitlement-after=${segment(after.toISOString())}` : ""}`,
    ),
  contracts: () => call<Contract[]>("GET", "/contracts"),
  cancel: (id: string) => call<unknown>("POST", `/contracts/${segment(id)}/cancel`),
  bills: () => call<Bill[]>("GET", "/bills"),
  startCheckout: (input: object) => call<Checkout>("POST", "/checkouts", input),
  checkout: (id: string) => call<Checkout>("GET", `/checkouts/${segment(id)}`),
  tallies: () => call<{ id: string; value: (string | number)[] }[]>("GET", "/tallies"),
  pushTally: (id: string, value: string, policies: object) =>
    call<(string | number)[]>("POST", `/tallies/${segment(id)}/push`, { value, policies }),
  putTally: (id: string, value: string[]) => call<unknown>("PUT", `/tallies/${segment(id)}`, { value }),
  shorten: (url: string, ttl: number) => call<{ shortlink: string }>("POST", "/shorten", { url, ttl }),
};

/** The text that the newspaper's own server keeps back, for a signed link that holds. */
export async function fetchText(slug: string, signedLink: string): Promise<string> {
  const response = await fetch(`./content/${segment(slug)}`, {
    headers: { "x-sesamy-signed-url": signedLink },
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => {
    throw new ApiError(0, "We cannot reach our server. Are you online?");
  });
  if (!response.ok) throw new ApiError(response.status, "The article did not come through.");
  return response.text();
}
