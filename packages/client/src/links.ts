import type { CreateCheckoutParams } from "./types.ts";

/** Where hosted pages are, and whose. */
export type LinkConfig = { baseUrl: string; clientId: string };

type LinkParams = {
  /** Two letters; `en` without. */
  language?: string;
  /** Where the page sends its visitor afterwards; `/` without. */
  redirectUrl?: string;
};

export type AccountLinkParams = LinkParams & { contractId?: string };
export type ContractLinkParams = LinkParams & { contractId: string };
export type ConsumeLinkParams = LinkParams & { sku: string; episodeId?: string };

/** An address that creates a checkout when it is opened. Only what a link can carry goes into it. */
export function generateCheckoutLink(config: { apiUrl: string }, params: CreateCheckoutParams): string {
  const url = new URL(`${config.apiUrl.replace(/\/+$/, "")}/checkouts`);
  const add = (name: string, value: string | false | undefined) => {
    if (value) url.searchParams.set(name, value);
  };
  add("items", params.items && JSON.stringify(params.items));
  add("email", params.email);
  add("lang", params.language);
  add("redirect-url", params.redirectUrl);
  add("gift-mode", params.giftMode && "true");
  add("payer-email", params.payerEmail);
  add("require-address", params.requireAddress && "true");
  for (const [key, value] of Object.entries(params.metadata ?? {})) {
    url.searchParams.set(`metadata.${key}`, value);
  }
  return url.href;
}

const hosted = (config: LinkConfig, page: string, params: LinkParams, ...rest: (string | undefined)[]) => {
  const base = config.baseUrl.replace(/\/+$/, "");
  const segments = rest.filter((it) => it !== undefined).map((it) => `/${it}`);
  const url = new URL(`${base}/${page}/${encodeURIComponent(params.language || "en")}${segments.join("")}`);
  url.searchParams.set("sesamy-redirect-url", params.redirectUrl || "/");
  return url.href;
};

const subscriptions = (config: LinkConfig, params: AccountLinkParams, suffix?: string) =>
  hosted(
    config,
    "account",
    params,
    "subscriptions",
    encodeURIComponent(config.clientId),
    params.contractId ? encodeURIComponent(params.contractId) : undefined,
    suffix,
  );

/** The reader's account, or one contract in it. */
export const generateAccountLink = (config: LinkConfig, params: AccountLinkParams): string =>
  subscriptions(config, params);

export const generateChangePaymentLink = (config: LinkConfig, params: ContractLinkParams): string =>
  subscriptions(config, params, "change-payment-method");

export const generateChangePlanLink = (config: LinkConfig, params: ContractLinkParams): string =>
  subscriptions(config, params, "edit-plan");

/** Where something bought is read or listened to. */
export const generateConsumeLink = (config: LinkConfig, params: ConsumeLinkParams): string =>
  hosted(
    config,
    "consume",
    params,
    `@${encodeURIComponent(config.clientId)}`,
    encodeURIComponent(params.sku),
    params.episodeId ? encodeURIComponent(params.episodeId) : "listen",
  );

/** The same address with a token in its fragment, which signs its visitor in. The fragment it had is gone. */
export function signUrlWithAccessToken(url: string, accessToken: string): string {
  if (!url || !accessToken) return url;
  const signed = new URL(url);
  signed.hash = `access_token=${accessToken}`;
  return signed.href;
}

/** A copy of the contract whose `manageUrl` signs its visitor in; the contract itself when it has none. */
export function signContractManageUrl<T extends { manageUrl?: string }>(contract: T, accessToken: string): T {
  if (!contract.manageUrl || !accessToken) return contract;
  return { ...contract, manageUrl: signUrlWithAccessToken(contract.manageUrl, accessToken) };
}
