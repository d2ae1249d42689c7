import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Mode, recordEvent } from "../../platform/events.ts";
import { type ContractFacts, type EntitlementState, type Right, rightOf } from "./entitlement.ts";

type Source = ContractFacts & {
  id: string;
  tenantId: string;
  mode: Mode;
  customerId: string;
  productId: string;
  optionId: string;
  paywallId: string;
};

const SOURCE: Statement = {
  text: `select k.id, k.tenant_id "tenantId", k.mode, k.customer_id "customerId", k.product_id "productId",
      k.option_id "optionId", k.paywall_id "paywallId", k.state, k.created_at "createdAt",
      k.cancel_at_period_end "cancelAtPeriodEnd", k.cancel_at "cancelAt", k.end_reason "endReason",
      k.ended_at "endedAt", k.grace_until_at "graceUntilAt", p.access_rule "accessRule", p.access_days "accessDays",
      exists (select from bills b where b.contract_id = k.id and b.dispute_state = 'open') disputed
    from contracts k join products p on p.id = k.product_id`,
  values: [],
  name: undefined,
};

const getSource = (q: Queryable, contractId: string): Promise<Source> =>
  q.one<Source>(sql`${SOURCE} where k.id = ${contractId}`);

type ProjectDeps = Pick<Deps, "clock" | "ids" | "jobs">;

async function write(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  source: Source,
  right: Right | null,
  at: Date,
): Promise<void> {
  if (!right) {
    await tx.execute(
      sql`delete from entitlements where source_kind = 'contract' and source_id = ${source.id}`,
    );
    return;
  }
  await tx.execute(sql`
    insert into entitlements (id, tenant_id, mode, customer_id, product_id, source_kind, source_id, option_id, state,
      valid_from_at, valid_to_at, reason, created_at, updated_at)
    values (${deps.ids.next("entitlement")}, ${source.tenantId}, ${source.mode}, ${source.customerId}, ${source.productId},
      'contract', ${source.id}, ${source.optionId}, ${right.state}, ${right.validFromAt}, ${right.validToAt},
      ${right.reason}, ${at}, ${at})
    on conflict (customer_id, source_kind, source_id, product_id) do update set
      state = excluded.state, valid_from_at = excluded.valid_from_at, valid_to_at = excluded.valid_to_at,
      reason = excluded.reason, option_id = excluded.option_id, updated_at = excluded.updated_at
    where (entitlements.state, entitlements.valid_from_at, entitlements.valid_to_at, entitlements.reason)
      is distinct from (excluded.state, excluded.valid_from_at, excluded.valid_to_at, excluded.reason)`);
}

const EVENT_OF: Partial<Record<EntitlementState, string>> = {
  revoked: "entitlement.revoked",
  expired: "entitlement.expired",
};

/** Writes the right that a contract gives now, and tells when it begins or ends. A repeat changes nothing. */
export async function projectContract(
  tx: Tx,
  deps: ProjectDeps,
  input: { contractId: string; at: Date },
): Promise<void> {
  const source = await getSource(tx, input.contractId);
  const right = rightOf(source);
  const earlier = await tx.maybeOne<{ id: string; state: EntitlementState }>(sql`
    select id, state from entitlements
    where customer_id = ${source.customerId} and source_kind = 'contract' and source_id = ${source.id}
      and product_id = ${source.productId} for update`);
  await write(tx, deps, source, right, input.at);
  if (!right || earlier?.state === right.state) return;
  const type = earlier ? EVENT_OF[right.state] : "entitlement.created";
  if (!type) return;
  await recordEvent(tx, deps, {
    type,
    tenantId: source.tenantId,
    mode: source.mode,
    objectId: source.id,
    paywallId: source.paywallId,
    customerId: source.customerId,
    occurredAt: input.at,
    data: { contractId: source.id, productId: source.productId, reason: right.reason },
  });
}

/**
 * Rebuilds a tenant's entitlements from its contracts, in silence: rows that should not be are deleted, rows
 * that differ are corrected. Returns how many were not as they should be, which ought to be none.
 */
export async function rebuildEntitlements(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: { tenantId: string; at: Date },
): Promise<number> {
  const fingerprint = () =>
    tx.query<{ key: string; row: string }>(sql`
      select customer_id || source_kind || source_id || product_id key,
        concat_ws('|', state, valid_from_at, coalesce(valid_to_at::text, '-'), coalesce(reason, '-')) "row"
      from entitlements where tenant_id = ${input.tenantId} and source_kind = 'contract'`);
  const before = new Map((await fingerprint()).map((it) => [it.key, it.row]));
  const sources = await tx.query<Source>(
    sql`${SOURCE} where k.tenant_id = ${input.tenantId} order by k.id for update of k`,
  );
  await tx.execute(sql`
    delete from entitlements e where e.tenant_id = ${input.tenantId} and e.source_kind = 'contract'
      and not exists (select from contracts k where k.id = e.source_id and k.customer_id = e.customer_id
        and k.product_id = e.product_id)`);
  for (const source of sources) await write(tx, deps, source, rightOf(source), input.at);
  const after = new Map((await fingerprint()).map((it) => [it.key, it.row]));
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).length;
}
