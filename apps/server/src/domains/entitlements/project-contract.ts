import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Mode, recordEvent } from "../../platform/events.ts";
import { type ContractFacts, type Right, rightOf } from "./entitlement.ts";
import { eventOf, type RightSource, writeRight } from "./write-right.ts";

export type ContractSource = ContractFacts & {
  id: string;
  tenantId: string;
  mode: Mode;
  customerId: string;
  productId: string;
  optionId: string;
  paywallId: string;
  /** What it was sold with, each with its own rule. */
  moreItems: {
    productId: string;
    optionId: string;
    accessRule: ContractFacts["accessRule"];
    accessDays: number | null;
  }[];
};

/** Contracts `k` with everything that their right depends on. */
export const CONTRACT_SOURCE: Statement = {
  text: `select k.id, k.tenant_id "tenantId", k.mode, k.customer_id "customerId", k.product_id "productId",
      k.option_id "optionId", k.paywall_id "paywallId", k.state, k.created_at "createdAt",
      k.cancel_at_period_end "cancelAtPeriodEnd", k.cancel_at "cancelAt", k.end_reason "endReason",
      k.ended_at "endedAt", k.grace_until_at "graceUntilAt", p.access_rule "accessRule", p.access_days "accessDays",
      exists (select from bills b where b.contract_id = k.id and b.dispute_state = 'open') disputed,
      k.is_gift "isGift", (select coalesce(jsonb_agg(jsonb_build_object('productId', m.id, 'optionId', it->>'optionId',
          'accessRule', m.access_rule, 'accessDays', m.access_days) order by nth), '[]')
        from jsonb_array_elements(k.more_items) with ordinality as items (it, nth)
        join products m on m.id = it->>'productId') "moreItems"
    from contracts k join products p on p.id = k.product_id`,
  values: [],
  name: undefined,
};

const getSource = (q: Queryable, contractId: string): Promise<ContractSource> =>
  q.one<ContractSource>(sql`${CONTRACT_SOURCE} where k.id = ${contractId}`);

/** Every right of a contract: to what was bought, and to what was bought with it. */
export function rightsOfContract(contract: ContractSource): { source: RightSource; right: Right | null }[] {
  const products = [contract, ...contract.moreItems];
  const allProductIds = products.map(({ productId }) => productId);
  return products.map(({ productId, optionId, accessRule, accessDays }) => ({
    source: { ...contract, kind: "contract", productId, optionId, allProductIds },
    right: rightOf({ ...contract, accessRule, accessDays }),
  }));
}

/** Writes the right that a contract gives now, and tells when it begins or ends. A repeat changes nothing. */
export async function projectContract(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { contractId: string; at: Date },
): Promise<void> {
  const source = await getSource(tx, input.contractId);
  for (const { source: of, right } of rightsOfContract(source)) {
    const type = eventOf(await writeRight(tx, deps, of, right, input.at));
    if (!type) continue;
    await recordEvent(tx, deps, {
      type,
      tenantId: source.tenantId,
      mode: source.mode,
      objectId: source.id,
      paywallId: source.paywallId,
      customerId: source.customerId,
      occurredAt: input.at,
      data: { contractId: source.id, productId: of.productId, reason: right?.reason ?? null },
    });
  }
}
