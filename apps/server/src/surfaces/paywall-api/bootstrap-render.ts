import type {
  Experiment,
  Price,
  Settings,
  Offer as WireOffer,
} from "@tollgate/protocol/paywall-api/bootstrap";
import { localPriceFor, type PurchaseOption } from "../../domains/catalogue/index.ts";
import { countedTypes } from "../../domains/credits/index.ts";
import { isApplicable, type Offer } from "../../domains/growth/index.ts";
import { offeredProviders } from "../../domains/identity/index.ts";
import { decideVisibility, paywallOrigin } from "../../domains/paywalls/index.ts";
import { sha256 } from "../../platform/crypto.ts";
import { type DeviceClass, languageOf, tierOf } from "../../platform/geo/index.ts";
import { toMajor } from "../../platform/money.ts";
import type { BootstrapContent } from "./bootstrap-content.ts";
import { renderLayout } from "./bootstrap-layout.ts";

/** Everything about a caller that changes what a paywall shows. */
export type BootstrapAudience = {
  country: string | null;
  device: DeviceClass;
  email: string | null;
  /** The tenant's time. */
  now: Date;
};

export type RenderedBootstrap = {
  version: string;
  /** The payload's JSON text, `version` first and without `user`. */
  json: string;
  /** The tenant's time from which the same audience would see something else; null when time alone changes nothing. */
  validUntil: Date | null;
};

/**
 * Renders the payload of paywall API §3.2 without its `user`. The version is a hash of exactly what is sent,
 * so that two callers who see different prices, languages or offers never share one.
 */
export function renderBootstrap(content: BootstrapContent, audience: BootstrapAudience): RenderedBootstrap {
  const offers = offersFor(content, audience);
  const payload = {
    settings: renderSettings(content, audience),
    prices: content.options.map((option) => renderPrice(option, audience.country)),
    offers: offers.flatMap((offer) => renderOffer(offer, content)),
    ...renderBody(content),
    experiment: renderExperiment(content, audience.country),
  };
  const text = JSON.stringify(payload);
  const version = `sha256:${sha256(text).toString("hex")}`;
  const ends = offers.flatMap((offer) => (offer.endsAt ? [offer.endsAt.getTime()] : []));
  return {
    version,
    json: `{"version":${JSON.stringify(version)},${text.slice(1)}`,
    validUntil: ends.length > 0 ? new Date(Math.min(...ends)) : null,
  };
}

/** The offers that this caller may see, best first. */
export function offersFor(content: BootstrapContent, audience: BootstrapAudience): Offer[] {
  const tier = tierOf(audience.country, content.tenant.tiers);
  return content.offers.filter((offer) => isApplicable(offer, { ...audience, tier }));
}

function renderSettings(content: BootstrapContent, audience: BootstrapAudience): Settings {
  const { paywall, tenant } = content;
  const { settings } = paywall;
  const authProviders = offeredProviders(settings.authProviders, content.providers);
  return {
    id: String(paywall.num),
    name: paywall.name,
    brand_color: settings.brandColor ?? tenant.brandColor,
    custom_css: settings.customCss ?? null,
    // An unknown country says nothing about the language, and null lets the client show the base content.
    locale_default: audience.country === null ? null : languageOf(audience.country),
    custom_domain: customDomain(paywall.host),
    ...(settings.runtimeMode && { runtime_mode: settings.runtimeMode as Settings["runtime_mode"] }),
    is_test_mode: paywall.paymentMode === "test",
    checkout_mode: settings.checkoutMode ?? "guest",
    ...(authProviders.length > 0 && { auth_providers: authProviders }),
    allow_anonymous: settings.allowAnonymous ?? false,
    allow_close: settings.allowClose ?? true,
    title_auto_fit: settings.titleAutoFit ?? false,
    success_redirect_url: settings.successRedirectUrl ?? null,
    checkout_shop_url: settings.checkoutShopUrl ?? null,
    checkout_product_name: settings.checkoutProductName ?? null,
    trial: settings.trial ?? null,
    visibility: decideVisibility(paywall, audience, tenant.tiers),
  };
}

/**
 * The primary host whichever host was asked, since clients refuse to run against any other. Null switches
 * their check off, as development over http needs.
 */
const customDomain = (host: string | null): string | null =>
  host && paywallOrigin({ host }, "").startsWith("https://") ? host : null;

function renderPrice(option: PurchaseOption, country: string | null): Price {
  const local = localPriceFor(option, { country });
  return {
    id: String(option.num),
    currency: option.currency,
    amount: toMajor(option.amountMinor, option.currency),
    interval: option.interval,
    interval_count: option.interval === "lifetime" || option.interval === null ? null : option.intervalCount,
    trial_days: option.trialDays || null,
    label: option.label,
    description: option.description,
    local: local && { currency: local.currency, amount: toMajor(local.amountMinor, local.currency) },
    ...(option.credits && { credits: option.credits.map(({ type, count }) => ({ type, count })) }),
  };
}

/** An offer for an option that is not sold any more is left out: without a price it would seem to be for all. */
function renderOffer(offer: Offer, content: BootstrapContent): WireOffer[] {
  const priceId = offer.optionKey === null ? null : content.numOfKey(offer.optionKey);
  if (offer.optionKey !== null && priceId === null) return [];
  return [
    {
      id: offer.id,
      discount_percent: offer.percentBp / 100,
      expires_at: offer.endsAt?.toISOString() ?? null,
      duration_minutes: offer.timer === "duration" ? offer.minutes : null,
      price_id: priceId,
      label: offer.label,
    },
  ];
}

function renderBody({ body, providers, paywall }: BootstrapContent) {
  const context = { providers, queries: countedTypes(paywall.settings.tokenization) };
  const locales = Object.entries(body.locales ?? {}).map(
    ([tag, { layout, prices }]) =>
      [tag, { ...(layout && { layout: renderLayout(layout, context) }), ...(prices && { prices }) }] as const,
  );
  return {
    ...(body.layout && { layout: renderLayout(body.layout, context) }),
    ...(locales.length > 0 && { locales: Object.fromEntries(locales) }),
  };
}

function renderExperiment(content: BootstrapContent, country: string | null): Experiment | null {
  const { experiment } = content;
  if (!experiment) return null;
  return {
    id: experiment.id,
    kind: experiment.kind,
    variants: experiment.variants.map(({ key, weight, options }) => ({
      key,
      weight,
      ...(options.length > 0 && {
        prices: options.map(({ option, replacesId }) => ({
          ...renderPrice(option, country),
          replaces: content.numOfId(replacesId),
        })),
      }),
    })),
  };
}
