import type { Tokenization } from "../credits/index.ts";
import type { PublisherSettings } from "./publisher-settings.ts";

/** What a merchant sets on a paywall; names as the 3.x wire's `settings` where it has them. */
export type PaywallSettings = {
  brandColor?: string;
  customCss?: string;
  checkoutMode?: "guest" | "preauth";
  authProviders?: ("google" | "apple" | "github" | "facebook")[];
  allowAnonymous?: boolean;
  allowClose?: boolean;
  titleAutoFit?: boolean;
  successRedirectUrl?: string;
  /** Where a failed or cancelled checkout goes back to when the caller names no URL. */
  errorRedirectUrl?: string;
  checkoutShopUrl?: string;
  checkoutProductName?: string;
  runtimeMode?: string;
  trial?: { mode: "time" | "opens"; payload: number; storage: "client" | "server" };
  /** Countries and TIER1..TIER3 that see the paywall; empty or absent means everybody. */
  countries?: string[];
  /** Extension channel: show to macOS only. Paywall API §3.9. */
  macOnly?: boolean;
  /** False lets sign-up answer with tokens at once. Default true. */
  confirmEmail?: boolean;
  /** Which credits it counts; absent when it counts none. */
  tokenization?: Tokenization;
  /** What only publishers' pages show of it. */
  publisher?: PublisherSettings;
};

export type Paywall = {
  id: string;
  num: number;
  tenantId: string;
  key: string;
  name: string;
  surface: "app" | "publisher";
  status: "draft" | "published" | "archived";
  visible: boolean;
  paymentMode: "test" | "live";
  currency: string;
  settings: PaywallSettings;
  defaultProductId: string;
  /** What lets readers in for nothing, or null. */
  meterId: string | null;
  /** The verified custom domain's host (with port, if any), or null. */
  host: string | null;
  liveVersionId: string | null;
  /** Grows with every change of it. */
  rowVersion: number;
};

/**
 * The origin that hosted pages and mailed links of a paywall use: its verified custom domain, else this
 * server's own. A domain on localhost is served without TLS.
 */
export function paywallOrigin(paywall: Pick<Paywall, "host">, baseUrl: string): string {
  if (!paywall.host) return baseUrl;
  const local = /^(localhost|127\.0\.0\.1)(:|$)/.test(paywall.host);
  return `${local ? "http" : "https"}://${paywall.host}`;
}

const MAX_CSS_BYTES = 5120;
/**
 * What loads (every function that can fetch, imports, fonts), what once ran, what leaves a `<style>` or the
 * paywall's own elements, and the backslash, which can spell all of these differently.
 */
const UNSAFE_CSS =
  /@(import|font-face|namespace|charset|property|document)|<\/?(style|script)|<!--|javascript:|(url|src|image|image-set|cross-fade|element|expression)\s*\(|-moz-binding|behavior\s*:|:host|::slotted|\\/i;

/**
 * Why a merchant's style sheet may not be sent to their visitors, or null. It must neither load nor run anything.
 * The SDK applies its own, narrower list of properties to whatever it is sent.
 */
export function refuseCss(css: string): string | null {
  if (Buffer.byteLength(css) > MAX_CSS_BYTES) return `must not be larger than ${MAX_CSS_BYTES} bytes`;
  // A comment between the letters of a word is no way around the list.
  const found = UNSAFE_CSS.exec(css) ?? UNSAFE_CSS.exec(css.replace(/\/\*[\s\S]*?(\*\/|$)/g, ""));
  return found ? `must not contain ${found[0]}` : null;
}
