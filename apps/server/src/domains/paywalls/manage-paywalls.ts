import {
  isUniqueViolation,
  json,
  mapPage,
  type Page,
  type PageRequest,
  type Queryable,
  readPage,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { parseRef } from "../../platform/ids.ts";
import { findTenant } from "../tenants/index.ts";
import { recordPaywallChanged } from "./changes.ts";
import type { Paywall } from "./paywall.ts";
import { publishVersion } from "./publish-version.ts";
import { PAYWALL_SELECT, type PaywallOfTenant } from "./queries.ts";

type Recorder = Pick<Deps, "clock" | "ids" | "jobs">;

/** Whoever's paywall it is, also one that is not shown yet; null for an unknown or a deleted one. */
export async function findAnyPaywall(q: Queryable, ref: string): Promise<PaywallOfTenant | null> {
  const parsed = parseRef("paywall", ref);
  if (!parsed) return null;
  const paywall = await q.maybeOne<Paywall>(
    "num" in parsed
      ? sql`${PAYWALL_SELECT} where p.num = ${parsed.num}`
      : sql`${PAYWALL_SELECT} where p.id = ${parsed.id}`,
  );
  if (!paywall || paywall.status === "archived") return null;
  const tenant = await findTenant(q, paywall.tenantId);
  return tenant && { paywall, tenant };
}

/** A tenant's paywalls, newest first, without deleted ones. */
export const listPaywallsOf = async (
  q: Queryable,
  tenant: PaywallOfTenant["tenant"],
  page: PageRequest,
): Promise<Page<PaywallOfTenant>> =>
  mapPage(
    await readPage<Paywall>(
      q,
      sql`${PAYWALL_SELECT} where p.tenant_id = ${tenant.id} and p.status <> 'archived'`,
      page,
    ),
    (paywall) => ({ paywall, tenant }),
  );

export const ownsPaywall = async (q: Queryable, tenantId: string, id: string): Promise<boolean> =>
  (await q.maybeOne(sql`
    select 1 from paywalls where tenant_id = ${tenantId} and id = ${id} and status <> 'archived'`)) !== null;

/** All that a merchant decides about a paywall through the Management API. */
export type PaywallDraft = Pick<
  Paywall,
  "name" | "status" | "currency" | "settings" | "defaultProductId" | "meterId"
>;

/**
 * Makes a publisher's paywall, which sells through every processor of its mode that the tenant has, and which no
 * apply file takes away.
 *
 * @throws `paywall_key_taken` (409)
 */
export async function createPaywall(
  tx: Tx,
  deps: Recorder,
  input: { tenantId: string; key: string; mode: Paywall["paymentMode"]; draft: PaywallDraft; now: Date },
): Promise<string> {
  const { tenantId, key, mode, draft: d, now } = input;
  const id = deps.ids.next("paywall");
  try {
    await tx.execute(sql`
      insert into paywalls (id, tenant_id, key, name, surface, status, payment_mode, currency, settings,
        default_product_id, meter_id, from_file, created_at, updated_at)
      values (${id}, ${tenantId}, ${key}, ${d.name}, 'publisher', ${d.status}, ${mode}, ${d.currency},
        ${json(d.settings)}, ${d.defaultProductId}, ${d.meterId}, false, ${now}, ${now})`);
  } catch (error) {
    if (!isUniqueViolation(error, "paywalls_tenant_id_key_key")) throw error;
    const details = { field: "key" };
    throw new AppError("paywall_key_taken", 409, `There is a paywall ${key} already.`, { details });
  }
  await tx.execute(sql`
    insert into paywall_connections (tenant_id, paywall_id, connection_id, weight)
    select ${tenantId}, ${id}, c.id, 100 from processor_connections c
    where c.tenant_id = ${tenantId} and c.mode = ${mode} and c.state = 'active'`);
  await publishVersion(tx, deps, { tenantId, paywallId: id, body: {}, now });
  return id;
}

/** Gives a paywall new values; its version grows, and pages show the new ones at once. */
export async function updatePaywall(
  tx: Tx,
  deps: Recorder,
  input: { tenantId: string; paywallId: string; draft: PaywallDraft; now: Date },
): Promise<void> {
  const { tenantId, paywallId, draft: d, now } = input;
  await tx.execute(sql`
    update paywalls set name = ${d.name}, status = ${d.status}, currency = ${d.currency}, settings = ${json(d.settings)},
      default_product_id = ${d.defaultProductId}, meter_id = ${d.meterId}
    where tenant_id = ${tenantId} and id = ${paywallId}`);
  await touchPaywall(tx, deps, { tenantId, paywallId, now });
}

/** Something that a paywall shows has changed: its version grows, and everybody who keeps a rendering hears of it. */
export async function touchPaywall(
  tx: Tx,
  deps: Recorder,
  input: { tenantId: string; paywallId: string; now: Date },
): Promise<void> {
  await tx.execute(sql`
    update paywalls set updated_at = ${input.now}, row_version = row_version + 1
    where tenant_id = ${input.tenantId} and id = ${input.paywallId}`);
  await recordPaywallChanged(tx, deps, input);
}
