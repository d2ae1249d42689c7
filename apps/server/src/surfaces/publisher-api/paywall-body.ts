import { applyPublisherPaywall } from "@tollgate/protocol/apply";
import { listProducts, listPurchaseOptions, type PurchaseOption } from "../../domains/catalogue/index.ts";
import type { Meter } from "../../domains/meters/index.ts";
import type { PaywallOfTenant, PublisherSettings } from "../../domains/paywalls/index.ts";
import type { Queryable } from "../../platform/database/index.ts";
import { toMajor } from "../../platform/money.ts";

/** Settings with every default filled in, also for paywalls that were made without any. */
export const publisherSettingsOf = (
  paywall: Pick<PaywallOfTenant["paywall"], "settings">,
): PublisherSettings => applyPublisherPaywall.parse(paywall.settings.publisher ?? {});

/** `#abc` is `#aabbcc`: pages' components know only the long form. */
const longColor = (color: string): string =>
  color.length === 4 ? `#${[...color.slice(1)].map((it) => it + it).join("")}` : color;

/** A paywall as publishers' pages know it (publisher API §5.4). */
export async function renderPublisherPaywall(
  q: Queryable,
  { paywall, tenant }: PaywallOfTenant,
  meter: Meter | null,
) {
  const [options, products] = await Promise.all([
    listPurchaseOptions(q, paywall.id),
    listProducts(q, tenant.id),
  ]);
  const own = publisherSettingsOf(paywall);
  const color = paywall.settings.brandColor ?? tenant.brandColor ?? "#000000";
  const selected = options.find((it) => own.options[it.key]?.selected) ?? options[0];
  return {
    id: paywall.id,
    vendorId: tenant.slug,
    name: paywall.name,
    status: "ACTIVE",
    version: paywall.rowVersion,
    currency: paywall.currency,
    headline: own.headline,
    logoUrl: own.logoUrl ?? "",
    mainColor: longColor(color),
    features: own.features,
    showLoginButton: own.showLoginButton,
    footerPaymentMethods: own.footerPaymentMethods,
    settings: {
      template: own.template,
      useDefaultLogo: own.useDefaultLogo ?? own.logoUrl === undefined,
      useDefaultCurrency: own.useDefaultCurrency ?? paywall.currency === tenant.currency,
      useDefaultColor: own.useDefaultColor ?? paywall.settings.brandColor === undefined,
      styling: own.styling,
      displayOptions: own.displayOptions,
      ...(own.loginFields && { loginFields: own.loginFields }),
      leaky: {
        enabled: meter !== null,
        limit: meter?.maxReads ?? 0,
        period: meter?.period ?? "MONTH",
        anonymous: meter?.anonymous ?? false,
        // Ours, beyond the contract, so that pages can say what signing in gives.
        registeredBonus: meter?.registeredBonus ?? 0,
      },
    },
    subscriptions: options.map((option) => {
      const product = products.find(({ id }) => id === option.productId);
      const { selected: _, ...texts } = own.options[option.key] ?? {};
      return {
        ...texts,
        id: option.id,
        poId: option.id,
        sku: product?.sku ?? "",
        title: texts.title ?? option.label ?? product?.title ?? "",
        description: texts.description ?? option.description ?? "",
        price: toMajor(option.amountMinor, option.currency),
        discountCode: texts.discountCode ?? "",
        periodText: texts.periodText ?? periodText(option),
        tag: texts.tag ?? "",
        selected: option === selected,
      };
    }),
    singlePurchase: own.singlePurchase,
    ...(own.subscriptionsUrl && { subscriptionsUrl: own.subscriptionsUrl }),
  };
}

/** In English, where the publisher says nothing. */
function periodText({ interval, intervalCount }: PurchaseOption): string {
  if (interval === null || interval === "lifetime") return "";
  return intervalCount === 1 ? `per ${interval}` : `every ${intervalCount} ${interval}s`;
}
