import { emptyUser, type PaywallUser, type PurchaseStatus } from "@tollgate/protocol/paywall-api/index";
import { addDays } from "../../platform/clock.ts";
import { prepared, type Queryable, type Statement } from "../../platform/database/index.ts";
import { REFRESH_AFTER_DAYS, TRUST_DAYS } from "../identity/index.ts";
import { containing } from "./covering.ts";
import { wireStatus } from "./purchases.ts";

type Row = {
  hybridTrust: "none" | "recent" | "signed" | "legacy";
  clockOffsetMs: number;
  customerId: string | null;
  lastSeenAt: Date | null;
  hasAccess: boolean;
  hadPreviousTrial: boolean;
  contracts:
    | {
        id: string;
        state: string;
        duration: string;
        end: string | null;
        cancels: boolean;
        trialStart: string | null;
        trialEnd: string | null;
      }[]
    | null;
};

// What `readState` asks, from paywall to purchases, for the customer that the join `c` finds.
const question = (lastSeenAt: string, joins: string) =>
  prepared(`
    select t.hybrid_trust "hybridTrust", t.clock_offset_ms "clockOffsetMs", c.id "customerId",
      ${lastSeenAt} "lastSeenAt",
      exists (select from entitlements e
        where e.customer_id = c.id and e.mode = p.payment_mode
          and (e.product_id = p.default_product_id or e.product_id in (${containing("p.default_product_id")}))
          and e.tenant_id = p.tenant_id and e.state in ('active', 'grace') and e.valid_from_at <= n.now
          and (e.valid_to_at is null or e.valid_to_at > n.now)) "hasAccess",
      exists (select from card_trials d join contracts k on k.id = d.contract_id
        where d.customer_id = c.id and d.tenant_id = p.tenant_id and k.mode = p.payment_mode
          and (d.product_id = p.default_product_id or k.paywall_id = p.id)) "hadPreviousTrial",
      (select json_agg(json_build_object('id', k.id, 'state', k.state, 'duration', k.duration,
          'end', k.period_end_at, 'cancels', k.cancel_at_period_end, 'trialStart', k.trial_start_at,
          'trialEnd', k.trial_end_at) order by k.created_at desc, k.id desc)
        from contracts k
        where k.customer_id = c.id and k.tenant_id = p.tenant_id and k.mode = p.payment_mode and not k.is_gift
          and (k.paywall_id = p.id or k.product_id = p.default_product_id)) contracts
    from paywalls p join tenants t on t.id = p.tenant_id
    cross join lateral (select $2::timestamptz + t.clock_offset_ms * interval '1 millisecond' as now) n
    ${joins}
    where p.id = $1 and p.tenant_id = $3 and p.status = 'published' and t.status = 'active'`);

const byEmail = question(
  "a.last_seen_at",
  `left join customers c on c.tenant_id = $3 and c.email = $4 and c.merged_into_id is null
    left join trusted_addresses a
      on a.tenant_id = $3 and a.customer_id = c.id and a.address_hash = $5`,
);
const bySession = question(
  "null::timestamptz",
  `join sessions s on s.id = $4 and s.tenant_id = $3 and s.revoked_at is null
    join customers c on c.id = s.customer_id and c.merged_into_id is null`,
);

/** Who is asked about: an e-mail without proof, from an address; or a session, once its token was verified. */
export type StateCaller = { email: string; addressHash: Buffer } | { sessionId: string };

/**
 * The answer to `user-state` in one prepared statement, because everybody who waits for a payment asks it
 * every five seconds. It reads other areas' tables for that reason alone, and says what paywall, tenant,
 * identity and `readUserState` would say one after the other; a test holds it to that.
 * Null when they must be asked instead: whatever is refused, or a trust that is due to be renewed.
 */
export async function readStateAtOnce(
  q: Queryable,
  input: { paywallId: string; tenantId: string; caller: StateCaller; realNow: Date },
): Promise<PaywallUser | null> {
  const { paywallId, tenantId, caller, realNow } = input;
  const statement: Statement =
    "email" in caller
      ? byEmail(paywallId, realNow, tenantId, caller.email, caller.addressHash)
      : bySession(paywallId, realNow, tenantId, caller.sessionId);
  const row = await q.maybeOne<Row>(statement);
  if (!row) return null;
  const now = new Date(realNow.getTime() + row.clockOffsetMs);
  if ("email" in caller) {
    if (row.hybridTrust === "none" || row.hybridTrust === "signed") return null;
    if (row.customerId === null) return emptyUser();
    if (row.hybridTrust === "recent") {
      if (!row.lastSeenAt || row.lastSeenAt <= addDays(now, -TRUST_DAYS)) return emptyUser();
      if (row.lastSeenAt <= addDays(now, -REFRESH_AFTER_DAYS)) return null;
    }
  }
  return toAnswer(row, now);
}

const iso = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());

function toAnswer(row: Row, now: Date): PaywallUser {
  const contracts = row.contracts ?? [];
  const trial = contracts.find(
    (it) =>
      it.state === "trialing" &&
      it.trialStart !== null &&
      it.trialEnd !== null &&
      new Date(it.trialEnd) > now,
  );
  return {
    has_active_subscription: row.hasAccess,
    purchases: contracts.map((it) => ({
      id: it.id,
      status: wireStatus(it) as PurchaseStatus,
      current_period_end: iso(it.end),
      cancel_at_period_end: it.cancels,
    })),
    trial: trial ? { started_at: iso(trial.trialStart), expires_at: iso(trial.trialEnd) } : null,
    had_previous_trial: row.hadPreviousTrial,
  };
}
