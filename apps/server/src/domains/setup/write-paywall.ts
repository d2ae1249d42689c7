import { json, type Queryable, sql } from "../../platform/database/index.ts";
import { parseMajor } from "../../platform/money.ts";
import {
  archivePurchaseOption,
  createPurchaseOption,
  type Interval,
  type OptionDraft,
  revisePurchaseOption,
} from "../catalogue/index.ts";
import type { Allowance } from "../credits/index.ts";
import { type PaywallBody, publishVersion, renameReferences } from "../paywalls/index.ts";
import type { Writing } from "./apply-setup.ts";

type Lookup = (q: Queryable, tenantId: string, key: string) => Promise<string>;

const idOfProduct: Lookup = async (q, tenantId, sku) =>
  (await q.one<{ id: string }>(sql`select id from products where tenant_id = ${tenantId} and sku = ${sku}`))
    .id;
const idOfPaywall: Lookup = async (q, tenantId, key) =>
  (await q.one<{ id: string }>(sql`select id from paywalls where tenant_id = ${tenantId} and key = ${key}`))
    .id;
const idOfOption: Lookup = async (q, tenantId, key) =>
  (
    await q.one<{ id: string }>(sql`
      select id from purchase_options where tenant_id = ${tenantId} and key = ${key} and state <> 'superseded'`)
  ).id;

export async function writePaywall({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const v = change.values;
  const product = await idOfProduct(tx, tenantId, String(v.product));
  const domain =
    v.domain === null
      ? null
      : (
          await tx.one<{ id: string }>(
            sql`select id from domains where tenant_id = ${tenantId} and host = ${v.domain}`,
          )
        ).id;
  const meter = await tx.maybeOne<{ id: string }>(
    sql`select id from meters where tenant_id = ${tenantId} and key = ${v.meter ?? null}`,
  );
  const { id } = await tx.one<{ id: string }>(sql`
    insert into paywalls as p (id, tenant_id, key, name, surface, status, visible, payment_mode, currency, settings,
      default_product_id, domain_id, meter_id, created_at, updated_at)
    values (${deps.ids.next("paywall")}, ${tenantId}, ${change.key}, ${v.name}, ${v.surface}, ${v.status}, ${v.visible},
      ${v.paymentMode}, ${v.currency}, ${json(v.settings)}, ${product}, ${domain}, ${meter?.id ?? null}, ${now}, ${now})
    on conflict (tenant_id, key) do update set name = excluded.name, surface = excluded.surface, status = excluded.status,
      visible = excluded.visible, payment_mode = excluded.payment_mode, currency = excluded.currency,
      settings = excluded.settings, default_product_id = excluded.default_product_id, domain_id = excluded.domain_id,
      meter_id = excluded.meter_id, updated_at = excluded.updated_at, row_version = p.row_version + 1
    returning id`);
  await tx.execute(sql`delete from paywall_connections where paywall_id = ${id}`);
  for (const [key, weight] of Object.entries(v.processors as Record<string, number>)) {
    await tx.execute(sql`
      insert into paywall_connections (tenant_id, paywall_id, connection_id, weight)
      select ${tenantId}, ${id}, c.id, ${weight} from processor_connections c where c.tenant_id = ${tenantId} and c.key = ${key}`);
  }
}

type OptionValues = {
  paywall: string;
  product: string;
  interval: Interval;
  intervalCount: number;
  amount: string;
  currency: string;
  local: { currency: string; amount: string; countries?: string[] }[];
  trialDays: number;
  label: string | null;
  description: string | null;
  credits: Allowance[] | null;
  position: number;
  replaces: string | null;
};

export async function writeOption({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  if (change.action === "archive" && change.id) return archivePurchaseOption(tx, tenantId, change.id, now);
  const v = change.values as OptionValues;
  const draft: OptionDraft = {
    key: change.key,
    productId: await idOfProduct(tx, tenantId, v.product),
    paywallId: await idOfPaywall(tx, tenantId, v.paywall),
    kind: v.interval === "lifetime" ? "one_time" : "recurring",
    interval: v.interval,
    intervalCount: v.intervalCount,
    amountMinor: parseMajor(v.amount, v.currency),
    currency: v.currency,
    local: v.local.map(({ amount, ...row }) => ({ ...row, amountMinor: parseMajor(amount, row.currency) })),
    trialDays: v.trialDays,
    label: v.label,
    description: v.description,
    credits: v.credits,
    sort: v.position,
    replacesId: v.replaces === null ? null : await idOfOption(tx, tenantId, v.replaces),
  };
  if (change.id) await revisePurchaseOption(tx, deps, { tenantId, optionId: change.id, draft, now });
  else await createPurchaseOption(tx, deps, { tenantId, draft, now });
}

export async function writeOffer({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const v = change.values as {
    paywall: string;
    label: string | null;
    discountPercent: number;
    option: string | null;
    durationMinutes: number | null;
    endsAt: string | null;
    countries: string[];
    emails: string[];
    priority: number;
    state: string;
  };
  const paywall = await idOfPaywall(tx, tenantId, v.paywall);
  const option = v.option === null ? null : await idOfOption(tx, tenantId, v.option);
  const timer = v.endsAt ? "end_date" : v.durationMinutes ? "duration" : "none";
  await tx.execute(sql`
    insert into offers (id, tenant_id, paywall_id, key, label, percent_bp, option_id, timer, minutes, ends_at, countries,
      emails, priority, state, created_at, updated_at)
    values (${deps.ids.next("offer")}, ${tenantId}, ${paywall}, ${change.key}, ${v.label},
      ${Math.round(v.discountPercent * 100)}, ${option}, ${timer}, ${v.durationMinutes}, ${v.endsAt}, ${v.countries},
      ${v.emails}, ${v.priority}, ${v.state}, ${now}, ${now})
    on conflict (tenant_id, key) do update set paywall_id = excluded.paywall_id, label = excluded.label,
      percent_bp = excluded.percent_bp, option_id = excluded.option_id, timer = excluded.timer,
      minutes = excluded.minutes, ends_at = excluded.ends_at, countries = excluded.countries, emails = excluded.emails,
      priority = excluded.priority, state = excluded.state, updated_at = excluded.updated_at`);
}

export async function writeExperiment({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const v = change.values as {
    paywall: string;
    kind: string;
    state: string;
    variants: { key: string; weight: number; options: string[] }[];
  };
  const paywall = await idOfPaywall(tx, tenantId, v.paywall);
  const variants = [];
  for (const { key, weight, options } of v.variants) {
    const optionIds = [];
    for (const option of options) optionIds.push(await idOfOption(tx, tenantId, option));
    variants.push({ key, weight, optionIds });
  }
  const startedAt = v.state === "running" ? now : null;
  const stoppedAt = v.state === "stopped" || v.state === "archived" ? now : null;
  await tx.execute(sql`
    insert into experiments as e (id, tenant_id, paywall_id, key, kind, state, variants, started_at, stopped_at, created_at)
    values (${deps.ids.next("experiment")}, ${tenantId}, ${paywall}, ${change.key}, ${v.kind}, ${v.state},
      ${json(variants)}, ${startedAt}, ${stoppedAt}, ${now})
    on conflict (tenant_id, key) do update set paywall_id = excluded.paywall_id, kind = excluded.kind,
      state = excluded.state, variants = excluded.variants, started_at = coalesce(e.started_at, excluded.started_at),
      stopped_at = excluded.stopped_at`);
}

export async function writeContent({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const paywallId = await idOfPaywall(tx, tenantId, change.key);
  const options = await tx.query<{ key: string; num: number }>(sql`
    select key, num from purchase_options where paywall_id = ${paywallId} and state = 'active'`);
  const offers = await tx.query<{ key: string; id: string }>(sql`
    select key, id from offers where paywall_id = ${paywallId}`);
  const numByKey = new Map(options.map((option) => [option.key, String(option.num)]));
  const idByKey = new Map(offers.map((offer) => [offer.key, offer.id]));
  const body = renameReferences(change.values as PaywallBody, {
    option: (key) => numByKey.get(key) ?? null,
    offer: (key) => idByKey.get(key) ?? null,
  });
  await publishVersion(tx, deps, { tenantId, paywallId, body, now });
}
