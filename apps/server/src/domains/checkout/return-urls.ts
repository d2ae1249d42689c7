import { type Paywall, paywallOrigin } from "../paywalls/index.ts";
import { SESSION_PLACEHOLDER } from "../processors/index.ts";

export type ReturnStatus = "paid" | "failed" | "cancelled";

const LOOKS_LIKE_PAIRS = /^[^=&#]+=[^&#]*(&[^=&#]+=[^&#]*)*$/;

/**
 * Appends the result markers of paywall API §6.4 to a return address, in its fragment. The query is kept
 * byte for byte; a fragment that holds `key=value` pairs is kept too, any other one is replaced.
 */
export function withMarkers(url: string, status: ReturnStatus, priceId: string): string {
  const hash = url.indexOf("#");
  const base = hash < 0 ? url : url.slice(0, hash);
  const fragment = hash < 0 ? "" : url.slice(hash + 1);
  const markers = `paywall_status=${status}&paywall_price_id=${encodeURIComponent(priceId)}&paywall_session_id=${SESSION_PLACEHOLDER}`;
  return `${base}#${LOOKS_LIKE_PAIRS.test(fragment) ? `${fragment}&` : ""}${markers}`;
}

export type RequestedUrls = {
  successUrl?: string | undefined;
  errorUrl?: string | undefined;
  shopUrl?: string | undefined;
};

/**
 * Where a checkout leads: what the caller asked for, else what the merchant configured, else our own pages.
 * Leaving without paying leads back to the shop, or to where failures go.
 */
export function resolveReturnUrls(
  paywall: Pick<Paywall, "host" | "num" | "settings">,
  requested: RequestedUrls,
  priceId: string,
  baseUrl: string,
): { successUrl: string; errorUrl: string; cancelUrl: string } {
  const hosted = `${paywallOrigin(paywall, baseUrl)}/paywall/${paywall.num}/checkout`;
  const { settings } = paywall;
  const success = requested.successUrl ?? settings.successRedirectUrl ?? `${hosted}/success`;
  const error = requested.errorUrl ?? settings.errorRedirectUrl ?? `${hosted}/error`;
  const cancel = requested.shopUrl ?? requested.errorUrl ?? settings.checkoutShopUrl ?? error;
  return {
    successUrl: withMarkers(success, "paid", priceId),
    errorUrl: withMarkers(error, "failed", priceId),
    cancelUrl: withMarkers(cancel, "cancelled", priceId),
  };
}
