import {
  generateAccountLink,
  generateChangePaymentLink,
  generateChangePlanLink,
  generateCheckoutLink,
  generateConsumeLink,
  signContractManageUrl,
} from "./links.ts";
import { path, query } from "./paths.ts";
import { createTransport, type SDKConfig } from "./transport.ts";
import type {
  Access,
  Amendment,
  Bill,
  Checkout,
  Contract,
  CreateAmendment,
  CreateCheckoutParams,
  Entitlement,
  EntitlementQuery,
  Fulfillment,
  PaymentIssue,
  Paywall,
  Product,
  Profile,
  Subscription,
  Tally,
  TallyInsert,
  TallyValue,
  Transaction,
  Vendor,
} from "./types.ts";

type Done = { success: boolean };

/**
 * The publisher API as readers use it, in a page or on a server that speaks for one reader. Everything that is refused
 * rejects with an `APIError`; answers other than 2xx and 4xx are asked for again after one, two and three seconds.
 */
export function client(config: SDKConfig) {
  const send = createTransport(config);
  const write = <T>(method: "POST" | "PUT" | "PATCH", where: string, body: unknown) =>
    send<T>(where, { method, body: JSON.stringify(body) });

  /** Null for readers without a token of their own: an address that signs in needs one. */
  const accessToken = async (): Promise<string | null> =>
    /^bearer (.*)$/i.exec(await config.tokenProvider())?.[1] ?? null;

  return {
    profile: {
      /** The caller's own: their id, or `me`. */
      get: async (userId: string) => send<Profile>(path`/profile/${userId}`),
      update: async (userId: string, data: Partial<Profile>) =>
        write<Profile>("PATCH", path`/profile/${userId}`, data),
      checkSpotifyLink: async () => send<{ isSpotifyLinked: boolean }>("/profile/spotify-link"),
      unlinkSpotify: async () => send<Done>("/profile/unlink-spotify", { method: "POST" }),
      delete: async (): Promise<void> => {
        await send("/profile", { method: "DELETE" });
      },
    },
    entitlements: {
      list: async (filter: EntitlementQuery = {}) =>
        send<Entitlement[]>(
          `/entitlements${query({
            type: filter.type || undefined,
            sku: filter.sku || undefined,
            "purchase-option-id": filter.purchaseOptionId || undefined,
            "wait-for-entitlement-after": filter.waitForEntitlementAfter || undefined,
          })}`,
        ),
      get: async (id: string) => send<Entitlement>(path`/entitlements/${id}`),
      getAccess: async (id: string) => send<Access>(path`/entitlements/${id}/access`),
    },
    /** Deprecated by `contracts`. */
    subscriptions: {
      list: async () => send<Subscription[]>("/subscriptions"),
      get: async (id: string) => send<Subscription>(path`/subscriptions/${id}`),
    },
    products: {
      get: async (sku: string) => send<Product>(path`/products/${sku}`),
      /** The entitlements that a promotional rule gives for it, or has given already. */
      autoOnboard: async (sku: string) =>
        send<Entitlement[]>(path`/products/${sku}/auto-onboard`, { method: "POST" }),
    },
    contracts: {
      /** With a bearer token, every `manageUrl` signs its visitor in. */
      list: async () => {
        const contracts = await send<Contract[]>("/contracts");
        const token = await accessToken();
        return token ? contracts.map((it) => signContractManageUrl(it, token)) : contracts;
      },
      get: async (id: string) => {
        const contract = await send<Contract>(path`/contracts/${id}`);
        const token = await accessToken();
        return token ? signContractManageUrl(contract, token) : contract;
      },
      /** Stops renewal; what is paid for stays until its end. */
      cancel: async (id: string) => send<Done>(path`/contracts/${id}/cancel`, { method: "POST" }),
      createAmendment: async (contractId: string, amendment: CreateAmendment) =>
        write<Amendment>("POST", path`/contracts/${contractId}/amendments`, amendment),
      confirmAmendment: async (contractId: string, amendmentId: string) =>
        send<Done>(path`/contracts/${contractId}/amendments/${amendmentId}/confirm`, { method: "POST" }),
    },
    userMetadata: {
      get: async () => send<Record<string, unknown>>("/user-metadata"),
      /** The value is sent as it is; text that is a JSON object or array comes back parsed. */
      set: async (key: string, value: string): Promise<void> => {
        await send(path`/user-metadata/${key}`, { method: "PUT", body: value });
      },
      delete: async (key: string): Promise<void> => {
        await send(path`/user-metadata/${key}`, { method: "DELETE" });
      },
    },
    tallies: {
      list: async () => send<Tally[]>("/tallies"),
      get: async (id: string) => send<Tally>(path`/tallies/${id}`),
      update: async (id: string, data: Partial<Tally>) => write<Tally>("PUT", path`/tallies/${id}`, data),
      create: async (data: Partial<Tally>) => write<Tally>("POST", "/tallies", data),
      /** False when it could not be deleted, whatever the reason. */
      delete: async (id: string): Promise<boolean> => {
        try {
          await send(path`/tallies/${id}`, { method: "DELETE" });
          return true;
        } catch {
          return false;
        }
      },
      /** The whole list as it is afterwards. */
      push: async (id: string, data: TallyInsert) =>
        write<TallyValue>("POST", path`/tallies/${id}/push`, data),
    },
    tags: {
      list: async () => send<string[]>("/tags"),
      add: async (tag: string): Promise<void> => {
        await write("POST", "/tags", { tag });
      },
      remove: async (tag: string): Promise<void> => {
        await send(path`/tags/${tag}`, { method: "DELETE" });
      },
    },
    checkouts: {
      generateLink: generateCheckoutLink,
      create: async (data: CreateCheckoutParams) => write<Checkout>("POST", "/checkouts", data),
      get: async (id: string) => send<Checkout>(path`/checkouts/${id}`),
      update: async (id: string, data: Partial<Checkout>) =>
        write<Checkout>("PATCH", path`/checkouts/${id}`, data),
    },
    links: {
      generateCheckoutLink,
      generateAccountLink,
      generateChangePaymentLink,
      generateChangePlanLink,
      generateConsumeLink,
    },
    bills: {
      list: async () => send<Bill[]>("/bills"),
      get: async (id: string) => send<Bill>(path`/bills/${id}`),
    },
    fulfillments: {
      list: async () => send<Fulfillment[]>("/fulfillments"),
      create: async (data: { sku: string; itemId: string; [field: string]: unknown }) =>
        write<Fulfillment>("POST", "/fulfillments", data),
    },
    paywalls: {
      /** By id, or by an http(s) address; one of another site is asked without our credentials. */
      get: async (paywallIdOrUrl: string) =>
        send<Paywall>(
          /^https?:\/\//i.test(paywallIdOrUrl) ? paywallIdOrUrl : path`/paywalls/${paywallIdOrUrl}`,
        ),
    },
    paymentIssues: {
      list: async () => send<PaymentIssue[]>("/payment-issues"),
    },
    proxy: {
      /**
       * The HTML of a publisher's page, or of its first element that matches. `Authorization` among the headers of this
       * call takes the place of the token provider's: this is where an entitlement's own token goes.
       */
      content: async (
        url: string,
        selector?: string,
        cache?: string,
        options?: { headers?: Record<string, string> },
      ) =>
        send<string>(
          `/proxy${query({ url, selector: selector || undefined, cache: cache || undefined })}`,
          options?.headers ? { headers: options.headers } : {},
        ),
    },
    transactions: {
      /** `text` is looked for in ids, contract ids, bill ids and currencies. */
      list: async (text?: string) => send<Transaction[]>(`/transactions${query({ q: text || undefined })}`),
    },
    vendor: {
      get: async () => send<Vendor>("/vendor"),
      list: async () => send<Vendor[]>("/vendors"),
    },
  };
}

export type ClientSDK = ReturnType<typeof client>;
