import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { LocalPrice } from "../catalogue/index.ts";
import { listContentSources } from "../content/index.ts";
import { listSealedProviders, openSecrets } from "../gateway/index.ts";
import { providerSecretContext } from "../identity/index.ts";
import { USUAL_GIFTS } from "../links/index.ts";
import { getLiveBody, renameReferences } from "../paywalls/index.ts";
import { hybridContext, type Tenant } from "../tenants/index.ts";
import { secretContext } from "../webhooks/index.ts";
import type { Current, Kind, Values } from "./setup.ts";
import { spellAmount, spellHeaders, spellSecretHash } from "./wanted.ts";

type Row<T> = T & { id: string; key: string };

/** Everything the database has of a tenant, in the terms of the file. */
export async function currentOf(q: Queryable, deps: Pick<Deps, "keys">, tenant: Tenant): Promise<Current[]> {
  const things: Current[] = [currentTenant(deps, tenant)];
  const add = (
    kind: Kind,
    rows: Row<Values>[],
    extra: (row: Row<Values>) => Partial<Current> = () => ({}),
  ) => {
    for (const row of rows) {
      const { id, key, sold: _, ...values } = row;
      things.push({ kind, id, key, values, ...extra(row) });
    }
  };
  const t = tenant.id;
  add(
    "domain",
    await q.query(sql`
      select id, host key, case state when 'pending_dns' then 'pending' when 'removed' then 'removed' else 'verified' end state
      from domains where tenant_id = ${t}`),
  );
  await addContent(q, t, things);
  add(
    "processor",
    await q.query(sql`
      select id, key, kind, label, mode, acquiring, state from processor_connections where tenant_id = ${t}`),
  );
  for (const provider of await listSealedProviders(q, t)) {
    const {
      id,
      key,
      tenantId: _t,
      headersSealed: _h,
      apiKeySealed: _a,
      pathRules,
      defaultBody,
      ...rest
    } = provider;
    const { headers, apiKey } = openSecrets(deps, provider);
    const values = { ...rest, paths: pathRules, body: defaultBody };
    const secrets = { headersSecret: spellHeaders(headers), secret: apiKey };
    things.push({ kind: "apiProvider", id, key, values: { ...values, ...secrets } });
  }
  const webhooks = await q.query<
    Row<{ url: string; types: string[]; mode: string; state: string; sealed: string | null }>
  >(sql`
    select id, key, url, types, mode, state, secret_sealed sealed from webhook_endpoints
    where tenant_id = ${t} and state <> 'deleted'`);
  for (const { id, key, types, sealed, ...values } of webhooks) {
    const secret = sealed && deps.keys.open(sealed, secretContext(id));
    things.push({ kind: "webhook", id, key, values: { ...values, types: [...types].sort(), secret } });
  }
  const providers = await q.query<{ key: string; sealed: string; values: Values }>(sql`
    select provider key, secret_sealed sealed,
      jsonb_build_object('clientId', client_id, 'options', options, 'state', state) values
    from auth_providers where tenant_id = ${t} order by provider`);
  for (const { key, sealed, values } of providers) {
    const secret = deps.keys.open(sealed, providerSecretContext(t, key));
    things.push({ kind: "authProvider", id: key, key, values: { ...values, secret } });
  }
  const clients = await q.query<
    Row<Values> & { hash: Buffer | null; origins: string[]; scopes: string[] }
  >(sql`
    select id, client_id key, name, kind, origins, scopes, state, secret_hash hash from oauth_clients
    where tenant_id = ${t} order by client_id`);
  for (const { id, key, hash, origins, scopes, ...rest } of clients) {
    const lists = { origins: [...origins].sort(), scopes: [...scopes].sort() };
    things.push({
      kind: "client",
      id,
      key,
      values: { ...rest, ...lists, secret: hash && spellSecretHash(hash) },
    });
  }
  await addPaywalls(q, t, add, things);
  await addDiscountCodes(q, t, things);
  for (const { id, key, kind, url, section, everyMinutes, state } of await listContentSources(q, t)) {
    things.push({ kind: "contentSource", id, key, values: { kind, url, section, everyMinutes, state } });
  }
  const elsewhere = new Set(await madeElsewhere(q, t));
  return things.map((it) => (elsewhere.has(it.id) ? { ...it, elsewhere: true } : it));
}

/** Ids of what a back end made through the Management API. */
async function madeElsewhere(q: Queryable, tenantId: string): Promise<string[]> {
  const rows = await q.query<{ id: string }>(sql`
    select id from products where tenant_id = ${tenantId} and not from_file
    union all select id from purchase_options where tenant_id = ${tenantId} and not from_file
    union all select id from paywalls where tenant_id = ${tenantId} and not from_file
    union all select id from meters where tenant_id = ${tenantId} and not from_file
    union all select id from webhook_endpoints where tenant_id = ${tenantId} and not from_file`);
  return rows.map(({ id }) => id);
}

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Products and what they contain, meters, access lists and those of their grants that a file made. */
async function addContent(q: Queryable, tenantId: string, things: Current[]): Promise<void> {
  const add = (kind: Kind, rows: Row<Values>[]) => {
    for (const { id, key, ...values } of rows) things.push({ kind, id, key, values });
  };
  const products = await q.query<Row<Values> & { publishedAt: Date | null }>(sql`
    select id, sku key, title, description, type, access_rule "accessRule", access_days "accessDays", state, cover, language,
      url, url_patterns "urlPatterns", pass_url "passUrl", publisher_content_id "publisherContentId", section, tags,
      published_at "publishedAt", fulfillment
    from products where tenant_id = ${tenantId} and index_source is null`);
  add(
    "product",
    products.map((row) => ({ ...row, publishedAt: isoOf(row.publishedAt) })),
  );
  add(
    "bundle",
    await q.query(sql`
      select p.id, p.sku key, jsonb_agg(m.sku order by m.sku collate "C") contains, 'active' state
      from product_members x join products p on p.id = x.parent_id join products m on m.id = x.member_id
      where x.tenant_id = ${tenantId} and m.index_source is null group by p.id`),
  );
  add(
    "meter",
    await q.query(sql`
      select id, key, max_reads "limit", lower(period) period, anonymous, registered_bonus "registeredBonus", state
      from meters where tenant_id = ${tenantId}`),
  );
  add(
    "accessList",
    await q.query(sql`
      select id, key, name, description, type, status, mode, exclude_from_stats "excludeFromStats"
      from access_lists where tenant_id = ${tenantId} and key is not null`),
  );
  const grants = await q.query<Row<Values> & { startsAt: Date | null; endsAt: Date | null }>(sql`
    select g.id, g.key, l.key list, g.email, p.sku product, o.key "option", g.status, g.starts_at "startsAt",
      g.ends_at "endsAt", g.notes
    from access_grants g join access_lists l on l.id = g.list_id join products p on p.id = g.product_id
      left join purchase_options o on o.id = g.option_id
    where g.tenant_id = ${tenantId} and g.key is not null and l.key is not null`);
  add(
    "grant",
    grants.map((row) => ({ ...row, startsAt: isoOf(row.startsAt), endsAt: isoOf(row.endsAt) })),
  );
}

/** The codes that a file made; those that were made otherwise are left alone. */
async function addDiscountCodes(q: Queryable, tenantId: string, things: Current[]): Promise<void> {
  const codes = await q.query<
    Row<Values> & {
      amountMinor: number | null;
      currency: string | null;
      percentBp: number | null;
      validFrom: Date | null;
      validTo: Date | null;
    }
  >(sql`
    select d.id, upper(d.code) key, d.code, d.name, d.description, d.percent_bp "percentBp", d.amount_minor "amountMinor",
      d.currency, d.duration, d.cycles, d.valid_from_at "validFrom", d.valid_to_at "validTo",
      d.max_redemptions "maxRedemptions", d.max_per_customer "maxPerCustomer", d.status, d.option_keys "options",
      array(select p.sku from products p where p.id = any (d.product_ids) order by p.sku collate "C") products
    from discount_codes d where d.tenant_id = ${tenantId} and d.from_file`);
  for (const { id, key, percentBp, amountMinor, validFrom, validTo, ...rest } of codes) {
    const values = {
      ...rest,
      percent: percentBp === null ? null : percentBp / 100,
      amount: amountMinor === null || rest.currency === null ? null : spellAmount(amountMinor, rest.currency),
      validFrom: isoOf(validFrom),
      validTo: isoOf(validTo),
    };
    things.push({ kind: "discountCode", id, key, values });
  }
}

const currentTenant = (deps: Pick<Deps, "keys">, tenant: Tenant): Current => ({
  kind: "tenant",
  id: tenant.id,
  key: tenant.slug,
  values: {
    name: tenant.name,
    currency: tenant.currency,
    locale: tenant.locale,
    timeZone: tenant.timeZone,
    brandColor: tenant.brandColor,
    supportEmail: tenant.supportEmail,
    descriptor: tenant.descriptor,
    graceDays: tenant.graceDays,
    refundPolicy: tenant.refundPolicy,
    hybridTrust: tenant.hybridTrust,
    tiers: tenant.tiers,
    gifts: { ...USUAL_GIFTS, ...tenant.giftPolicy },
    hybridSecret:
      tenant.hybridSecretSealed && deps.keys.open(tenant.hybridSecretSealed, hybridContext(tenant.id)),
  },
});

type OptionRow = Row<{
  num: number;
  amountMinor: number;
  currency: string;
  local: LocalPrice[];
  state: string;
  sold: boolean;
  paywallId: string;
}>;

async function addPaywalls(
  q: Queryable,
  tenantId: string,
  add: (kind: Kind, rows: Row<Values>[]) => void,
  things: Current[],
): Promise<void> {
  const paywalls = await q.query<Row<Values>>(sql`
    select p.id, p.key, p.name, s.sku product, p.surface, p.status, p.visible, p.payment_mode "paymentMode", p.currency,
      d.host "domain", m.key meter, p.settings,
      coalesce((select jsonb_object_agg(c.key, x.weight) from paywall_connections x
        join processor_connections c on c.id = x.connection_id where x.paywall_id = p.id), '{}') processors
    from paywalls p join products s on s.id = p.default_product_id left join domains d on d.id = p.domain_id
      left join meters m on m.id = p.meter_id
    where p.tenant_id = ${tenantId} order by p.num`);
  add("paywall", paywalls);

  const options = await q.query<OptionRow>(sql`
    select o.id, o.num, o.key, p.key paywall, o.paywall_id "paywallId", s.sku product, o.interval,
      o.interval_count "intervalCount", o.amount_minor "amountMinor", o.currency, o.local, o.trial_days "trialDays",
      o.label, o.description, o.credits, o.sort position, r.key replaces, o.state,
      exists (select 1 from contracts c where c.option_id = o.id) sold
    from purchase_options o join products s on s.id = o.product_id left join paywalls p on p.id = o.paywall_id
      left join purchase_options r on r.id = o.replaces_id
    where o.tenant_id = ${tenantId} order by o.num`);
  for (const { id, num: _, key, sold, paywallId: __, amountMinor, local, ...rest } of options) {
    if (rest.state === "superseded") continue;
    const values = {
      ...rest,
      amount: spellAmount(amountMinor, rest.currency),
      local: local.map(({ amountMinor: minor, ...row }) => ({
        ...row,
        amount: spellAmount(minor, row.currency),
      })),
    };
    things.push({ kind: "option", id, key, values, sold });
  }

  const offers = await q.query<
    Row<Values> & {
      paywallId: string;
      percentBp: number;
      endsAt: Date | null;
      countries: string[];
      emails: string[];
    }
  >(sql`
    select f.id, f.key, p.key paywall, f.paywall_id "paywallId", f.label, f.percent_bp "percentBp", o.key "option",
      f.minutes "durationMinutes", f.ends_at "endsAt", f.countries, f.emails, f.priority, f.state
    from offers f join paywalls p on p.id = f.paywall_id left join purchase_options o on o.id = f.option_id
    where f.tenant_id = ${tenantId} order by f.id`);
  for (const { id, key, paywallId: _, percentBp, endsAt, countries, emails, ...rest } of offers) {
    const values = {
      ...rest,
      discountPercent: percentBp / 100,
      endsAt: endsAt?.toISOString() ?? null,
      countries: [...countries].sort(),
      emails: [...emails].sort(),
    };
    things.push({ kind: "offer", id, key, values });
  }

  const keyById = new Map(options.map((option) => [option.id, option.key]));
  const experiments = await q.query<
    Row<Values> & { variants: { key: string; weight: number; optionIds: string[] }[] }
  >(sql`
    select e.id, e.key, p.key paywall, e.kind, e.state, e.variants
    from experiments e join paywalls p on p.id = e.paywall_id where e.tenant_id = ${tenantId} order by e.id`);
  for (const { id, key, variants, ...rest } of experiments) {
    const named = variants.map(({ optionIds, ...variant }) => ({
      ...variant,
      options: optionIds.map((it) => keyById.get(it) ?? it),
    }));
    things.push({ kind: "experiment", id, key, values: { ...rest, variants: named } });
  }

  const keyByNum = new Map(options.map((option) => [String(option.num), option.key]));
  const offerKeyById = new Map(offers.map((offer) => [offer.id, offer.key]));
  for (const paywall of paywalls) {
    const body = renameReferences(await getLiveBody(q, paywall.id), {
      option: (num) => keyByNum.get(num) ?? num,
      offer: (id) => offerKeyById.get(id) ?? id,
    });
    things.push({ kind: "content", id: paywall.id, key: paywall.key, values: body });
  }
}
