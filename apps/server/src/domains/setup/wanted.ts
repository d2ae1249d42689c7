import type { ApplyLayout, ApplyPaywall, ApplyTenant } from "@tollgate/protocol/apply";
import { sha256 } from "../../platform/crypto.ts";
import { currencyExponent, parseMajor, toMajor } from "../../platform/money.ts";
import type { Tokenization } from "../credits/index.ts";
import type { PaywallSettings, StoredBlock, StoredLayout } from "../paywalls/index.ts";
import type { Wanted } from "./setup.ts";

/** An amount spelled the one way in which amounts are compared: `9.9` and `9.90` are the same price. */
export const spellAmount = (amountMinor: number, currency: string): string =>
  toMajor(amountMinor, currency).toFixed(currencyExponent(currency));

/** How the hash of a secret is written among the values. */
export const spellSecretHash = (hash: Buffer): string => `sha256:${hash.toString("hex")}`;

const canonical = (amount: string, currency: string): string =>
  spellAmount(parseMajor(amount, currency), currency);

const without = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/** Everything one tenant's part of the file asks for, with what is left out filled in. */
export function wantedOf(tenant: ApplyTenant): Wanted[] {
  return [
    {
      kind: "tenant",
      key: tenant.slug,
      values: {
        name: tenant.name,
        currency: tenant.currency,
        locale: tenant.locale,
        timeZone: tenant.timeZone,
        brandColor: tenant.brandColor ?? null,
        supportEmail: tenant.supportEmail ?? null,
        descriptor: tenant.descriptor ?? null,
        graceDays: tenant.graceDays,
        refundPolicy: tenant.refundPolicy,
        hybridTrust: tenant.hybridTrust,
        tiers: tenant.tiers,
        gifts: tenant.gifts,
        ...(tenant.hybridSecret !== undefined && { hybridSecret: tenant.hybridSecret }),
      },
    },
    ...tenant.domains.map(
      ({ host, verified }): Wanted => ({
        kind: "domain",
        key: host,
        values: { state: verified ? "verified" : "pending" },
      }),
    ),
    ...tenant.products.map(
      (product): Wanted => ({
        kind: "product",
        key: product.sku,
        values: {
          title: product.title,
          description: product.description ?? null,
          type: product.type,
          accessRule: product.accessRule,
          accessDays: product.accessDays ?? null,
          state: "active",
          cover: product.cover ?? null,
          language: product.language ?? null,
          url: product.url ?? null,
          urlPatterns: product.urlPatterns,
          passUrl: product.passUrl ?? null,
          publisherContentId: product.publisherContentId ?? null,
          section: product.section ?? null,
          tags: product.tags,
          publishedAt: product.publishedAt ?? null,
          fulfillment: product.fulfillment
            ? { ...product.fulfillment, deliversAfterDays: product.fulfillment.deliversAfterDays ?? null }
            : null,
        },
      }),
    ),
    ...tenant.products.flatMap(({ sku, contains }): Wanted[] =>
      contains.length > 0
        ? [{ kind: "bundle", key: sku, values: { contains: [...new Set(contains)].sort(), state: "active" } }]
        : [],
    ),
    ...tenant.processors.map(
      ({ key, kind, label, mode, acquiring, state }): Wanted => ({
        kind: "processor",
        key,
        values: { kind, label: label ?? key, mode, acquiring, state },
      }),
    ),
    ...tenant.authProviders.map((it): Wanted => {
      const secret = it.provider === "apple" ? it.privateKey : it.clientSecret;
      const options = without({
        issuer: "issuer" in it ? it.issuer : undefined,
        baseUrl: "baseUrl" in it ? it.baseUrl : undefined,
        ...(it.provider === "apple" && { teamId: it.teamId, keyId: it.keyId }),
      });
      const values = { clientId: it.clientId, options, state: it.state };
      return { kind: "authProvider", key: it.provider, values: { ...values, ...(secret && { secret }) } };
    }),
    ...tenant.clients.map(
      (it): Wanted => ({
        kind: "client",
        key: it.clientId,
        values: {
          name: it.name ?? it.clientId,
          kind: it.kind,
          origins: it.kind === "browser" ? [...it.origins].sort() : [],
          scopes: [...it.scopes].sort(),
          state: it.state,
          // Only its hash is kept, so only its hash can be compared.
          ...(it.kind === "machine" &&
            it.secret !== undefined && { secret: spellSecretHash(sha256(it.secret)) }),
        },
      }),
    ),
    ...tenant.apiProviders.map(
      ({ key, apiKey, headers, name, limits, timeoutSeconds, ...values }): Wanted => ({
        kind: "apiProvider",
        key,
        values: {
          ...values,
          name: name ?? key,
          timeoutMs: timeoutSeconds * 1000,
          perMinute: limits.perMinute ?? null,
          concurrent: limits.concurrent ?? null,
          perDay: limits.perDay ?? null,
          headersSecret: spellHeaders(headers),
          ...(apiKey !== undefined && { secret: apiKey }),
        },
      }),
    ),
    ...tenant.webhooks.map(
      ({ key, url, types, mode, secret, state }): Wanted => ({
        kind: "webhook",
        key,
        // A secret that the file does not name is made once and left alone.
        values: { url, types: [...types].sort(), mode, state, ...(secret !== undefined && { secret }) },
      }),
    ),
    ...tenant.meters.map(({ key, ...values }): Wanted => ({ kind: "meter", key, values })),
    ...tenant.paywalls.flatMap((paywall) => wantedOfPaywall(paywall, tenant)),
    ...tenant.discountCodes.map((it) => wantedOfDiscountCode(it, tenant.currency)),
    ...tenant.contentSources.map(
      ({ key, ...values }): Wanted => ({
        kind: "contentSource",
        key,
        values: { ...values, section: values.section ?? null },
      }),
    ),
    ...tenant.accessLists.flatMap(wantedOfAccessList),
  ];
}

function wantedOfDiscountCode(it: ApplyTenant["discountCodes"][number], tenantCurrency: string): Wanted {
  const currency = it.amount === undefined ? null : (it.currency ?? tenantCurrency);
  return {
    kind: "discountCode",
    // However it is spelled, it is one code.
    key: it.code.toUpperCase(),
    values: {
      code: it.code,
      name: it.name ?? it.code,
      description: it.description ?? null,
      percent: it.percent ?? null,
      amount: currency === null || it.amount === undefined ? null : canonical(it.amount, currency),
      currency,
      duration: it.duration,
      cycles: it.cycles ?? null,
      validFrom: it.validFrom ?? null,
      validTo: it.validTo ?? null,
      maxRedemptions: it.maxRedemptions ?? null,
      maxPerCustomer: it.maxPerCustomer ?? null,
      products: [...new Set(it.products)].sort(),
      options: [...new Set(it.options)].sort(),
      status: it.status,
    },
  };
}

function wantedOfAccessList({ key, grants, ...list }: ApplyTenant["accessLists"][number]): Wanted[] {
  return [
    { kind: "accessList", key, values: { ...list, description: list.description ?? null } },
    ...grants.map(
      (grant): Wanted => ({
        kind: "grant",
        key: `${key}/${grant.email}/${grant.product}`,
        values: {
          ...grant,
          list: key,
          option: grant.option ?? null,
          startsAt: grant.startsAt ?? null,
          endsAt: grant.endsAt ?? null,
          notes: grant.notes ?? null,
        },
      }),
    ),
  ];
}

function wantedOfPaywall(paywall: ApplyPaywall, tenant: ApplyTenant): Wanted[] {
  const currency = paywall.currency ?? tenant.currency;
  const working = tenant.processors.filter((it) => it.state === "active").map((it) => [it.key, 100] as const);
  return [
    {
      kind: "paywall",
      key: paywall.key,
      values: {
        name: paywall.name,
        product: paywall.product,
        surface: paywall.surface,
        status: paywall.status,
        visible: paywall.visible,
        paymentMode: paywall.paymentMode,
        currency,
        domain: paywall.domain ?? null,
        meter: paywall.meter ?? null,
        processors: paywall.processors ?? Object.fromEntries(working),
        settings: settingsOf(paywall),
      },
    },
    ...wantedOptions(paywall, currency),
    ...paywall.offers.map(
      (offer): Wanted => ({
        kind: "offer",
        key: offer.key,
        values: {
          paywall: paywall.key,
          label: offer.label ?? null,
          discountPercent: offer.discountPercent,
          option: offer.option ?? null,
          durationMinutes: offer.durationMinutes ?? null,
          endsAt: offer.endsAt ?? null,
          countries: [...offer.countries].sort(),
          emails: [...offer.emails].sort(),
          priority: offer.priority,
          state: offer.state,
        },
      }),
    ),
    ...paywall.experiments.map(
      (experiment): Wanted => ({
        kind: "experiment",
        key: experiment.key,
        values: {
          paywall: paywall.key,
          kind: experiment.kind,
          state: experiment.state,
          variants: experiment.variants.map(({ key, weight, options }) => ({
            key,
            weight,
            options: options.map((option) => option.key),
          })),
        },
      }),
    ),
    { kind: "content", key: paywall.key, values: bodyInKeys(paywall) },
  ];
}

function settingsOf(paywall: ApplyPaywall): PaywallSettings {
  const { trial, targeting } = paywall;
  return without({
    brandColor: paywall.brandColor,
    customCss: paywall.customCss,
    checkoutMode: paywall.checkoutMode,
    authProviders: paywall.authProviders,
    allowAnonymous: paywall.allowAnonymous,
    allowClose: paywall.allowClose,
    titleAutoFit: paywall.titleAutoFit,
    successRedirectUrl: paywall.successRedirectUrl,
    errorRedirectUrl: paywall.errorRedirectUrl,
    checkoutShopUrl: paywall.checkoutShopUrl,
    checkoutProductName: paywall.checkoutProductName,
    runtimeMode: paywall.runtimeMode,
    trial: trial && {
      mode: trial.mode,
      payload: trial.payload,
      // Counted here, a trial survives what a visitor clears; a client that cannot reach us counts by itself.
      storage: trial.storage ?? ("server" as const),
    },
    countries: targeting?.countries.length ? targeting.countries : undefined,
    macOnly: targeting?.macosOnly || undefined,
    confirmEmail: paywall.confirmEmail,
    tokenization: paywall.tokenization && tokenizationOf(paywall.tokenization),
    publisher: paywall.publisher,
  });
}

const tokenizationOf = ({ enabled, queries }: NonNullable<ApplyPaywall["tokenization"]>): Tokenization => ({
  enabled,
  queries: queries.map((query) => without(query)),
});

function wantedOptions(paywall: ApplyPaywall, paywallCurrency: string): Wanted[] {
  const localOf = (rows: ApplyPaywall["purchaseOptions"][number]["local"]) =>
    rows.map((row) => ({
      currency: row.currency,
      amount: canonical(row.amount, row.currency),
      ...(row.countries && { countries: [...row.countries].sort() }),
    }));
  const controls = paywall.purchaseOptions.map((option, index): Wanted => {
    const currency = option.currency ?? paywallCurrency;
    return {
      kind: "option",
      key: option.key,
      values: {
        paywall: paywall.key,
        product: option.product ?? paywall.product,
        interval: option.interval,
        intervalCount: option.intervalCount,
        amount: canonical(option.amount, currency),
        currency,
        local: localOf(option.local),
        trialDays: option.trialDays,
        label: option.label ?? null,
        description: option.description ?? null,
        credits: option.credits.length > 0 ? option.credits.map((it) => without(it)) : null,
        position: index + 1,
        replaces: null,
        state: "active",
      },
    };
  });
  const byKey = new Map(controls.map((control) => [control.key, control.values]));
  const variants = paywall.experiments.flatMap((experiment) =>
    experiment.variants.flatMap((variant) =>
      variant.options.map((option): Wanted => {
        // The file's references were checked: the control is there.
        const control = byKey.get(option.replaces)!;
        return {
          kind: "option",
          key: option.key,
          values: {
            ...control,
            amount: canonical(option.amount, String(control.currency)),
            local: localOf(option.local),
            trialDays: option.trialDays ?? control.trialDays,
            label: option.label ?? control.label,
            description: option.description ?? control.description,
            replaces: option.replaces,
          },
        };
      }),
    ),
  );
  return [...controls, ...variants];
}

/** The paywall's content as it is stored, with options and offers still named by key. */
function bodyInKeys(paywall: ApplyPaywall): Wanted["values"] {
  const locales = Object.entries(paywall.locales).map(
    ([tag, { layout, options }]) =>
      [tag, without({ layout: layout && layoutInKeys(layout), prices: options })] as const,
  );
  return without({
    layout: paywall.layout && layoutInKeys(paywall.layout),
    locales: locales.length > 0 ? Object.fromEntries(locales) : undefined,
  });
}

const layoutInKeys = (layout: ApplyLayout): StoredLayout => ({
  type: "modal",
  blocks: layout.map(blockInKeys),
});

/** From the file's camelCase to the block contract's names. */
function blockInKeys(block: ApplyLayout[number]): StoredBlock {
  switch (block.type) {
    case "price_grid":
      return without({
        type: block.type,
        priceIds: block.options,
        view: block.view,
        popular_price_id: block.popular,
        popular_label: block.popularLabel,
      });
    case "cta_button":
      return without({ type: block.type, action: block.action, label: block.label, priceId: block.option });
    case "auth_panel":
      return without({
        type: block.type,
        providers: block.providers,
        allow_signup: block.allowSignup,
        allow_password_reset: block.allowPasswordReset,
        allow_email_code: block.allowEmailCode,
        hide_when_authenticated: block.hideWhenAuthenticated,
        heading: block.heading,
        subheading: block.subheading,
        submit_label: block.submitLabel,
      });
    case "features_list":
      return {
        type: block.type,
        items: block.items.map((item, i) => ({
          ...item,
          id: ("id" in item && item.id) || `feature-${i + 1}`,
        })),
      };
    case "offer_banner":
      return without({ type: block.type, offer_id: block.offer, title: block.title });
    default:
      return without({ ...block });
  }
}

/** Headers in one order, as one secret. */
export const spellHeaders = (headers: Record<string, string>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1))));
