import { addSeconds } from "../../platform/clock.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import {
  type DiscountCode,
  type DiscountTarget,
  type Inapplicable,
  periodsOf,
  savedBy,
  whyInapplicable,
} from "./discount-code.ts";
import { lockDiscountCode } from "./discount-codes.ts";

/** How long a checkout that is being paid keeps its use of a limited code from others. */
const RESERVED_SECONDS = 30 * 60;

type Use = DiscountTarget & {
  tenantId: string;
  codeId: string;
  customerId: string;
  /** One period at full price, in `currency`. */
  priceMinor: number;
};

/** Who takes the code: a checkout that is about to be paid, or a contract that runs already. */
export type DiscountUser = { checkoutId: string } | { contractId: string };

/** `savedMinor` is taken off each of `periods` paid periods; null is every one. */
export type Redeemed =
  | { outcome: "applied"; code: DiscountCode; savedMinor: number; periods: number | null }
  | { outcome: "inapplicable"; reason: Inapplicable };

/**
 * Takes one use of a code, in the caller's transaction. The code's row is locked while its uses are counted, so that a
 * code with one use left is given to one of two who ask at once. A checkout only reserves its use, for half an hour, until
 * its payment turns it into one (`redeemReservation`); a contract takes it for good. The same user again gets the same use.
 */
export async function redeemDiscountCode(tx: Tx, input: Use, user: DiscountUser): Promise<Redeemed> {
  const code = await lockDiscountCode(tx, input.tenantId, input.codeId);
  const [checkoutId, contractId] = "checkoutId" in user ? [user.checkoutId, null] : [null, user.contractId];
  const earlier = await tx.maybeOne<{ savedMinor: number; periods: number | null }>(sql`
    select saved_minor "savedMinor", periods from discount_redemptions
    where code_id = ${code.id} and (checkout_id = ${checkoutId} or contract_id = ${contractId})`);
  if (earlier) return { outcome: "applied", code, ...earlier };

  const reason = whyInapplicable(code, input) ?? (await whyUsedUp(tx, code, input));
  if (reason) return { outcome: "inapplicable", reason };
  const savedMinor = savedBy(code, input.priceMinor);
  const periods = periodsOf(code);
  await tx.execute(sql`
    insert into discount_redemptions (tenant_id, code_id, customer_id, checkout_id, contract_id, percent_bp, amount_minor,
      currency, saved_minor, periods, created_at, redeemed_at)
    values (${input.tenantId}, ${code.id}, ${input.customerId}, ${checkoutId}, ${contractId}, ${code.percentBp},
      ${code.amountMinor}, ${input.currency}, ${savedMinor}, ${periods}, ${input.now},
      ${contractId === null ? null : input.now})`);
  return { outcome: "applied", code, savedMinor, periods };
}

/**
 * Why a code that fits takes nothing off any more, or null: its uses are taken. Without a lock this is only what a page
 * may show; `redeemDiscountCode` decides.
 */
export async function whyUsedUp(
  q: Queryable,
  code: Pick<DiscountCode, "id" | "maxRedemptions" | "maxPerCustomer">,
  /** The session that asks may have reserved a use before. */
  by: { customerId: string | null; sessionId?: string | undefined; now: Date },
): Promise<"exhausted" | "used_before" | null> {
  if (code.maxRedemptions === null && code.maxPerCustomer === null) return null;
  const uses = await q.one<{ all: number; own: number }>(sql`
    select count(*)::int "all", (count(*) filter (where r.customer_id = ${by.customerId}))::int own
    from discount_redemptions r left join checkouts c on c.id = r.checkout_id
    where r.code_id = ${code.id} and c.session_id is distinct from coalesce(${by.sessionId ?? null}, '-') and (r.redeemed_at is not null or c.state = 'processing'
      or (c.state = 'open' and r.created_at > ${addSeconds(by.now, -RESERVED_SECONDS)}))`);
  if (code.maxPerCustomer !== null && uses.own >= code.maxPerCustomer) return "used_before";
  return code.maxRedemptions !== null && uses.all >= code.maxRedemptions ? "exhausted" : null;
}

/**
 * What a checkout reserved becomes its contract's. The price was agreed, so a code that has run out meanwhile is honoured.
 * Does nothing for a checkout without a code; a repeat changes nothing.
 */
export async function redeemReservation(
  tx: Tx,
  input: { checkoutId: string; contractId: string; at: Date },
): Promise<void> {
  await tx.execute(sql`
    update discount_redemptions set contract_id = ${input.contractId}, redeemed_at = ${input.at}
    where checkout_id = ${input.checkoutId} and contract_id is null`);
}

/** A discount as it was agreed on a contract. */
export type AppliedDiscount = {
  contractId: string;
  /** Of the code. */
  id: string;
  code: string;
  name: string;
  description: string | null;
  percentBp: number | null;
  amountMinor: number | null;
  currency: string;
  savedMinor: number;
  periods: number | null;
  redeemedAt: Date;
};

/** The discounts by code of these contracts, oldest first, whether they still last or not. */
export const listAppliedDiscounts = (q: Queryable, contractIds: string[]): Promise<AppliedDiscount[]> =>
  q.query<AppliedDiscount>(sql`
    select r.contract_id "contractId", d.id, d.code, d.name, d.description, r.percent_bp "percentBp",
      r.amount_minor "amountMinor", r.currency, r.saved_minor "savedMinor", r.periods, r.redeemed_at "redeemedAt"
    from discount_redemptions r join discount_codes d on d.id = r.code_id
    where r.contract_id = any (${contractIds}) order by r.redeemed_at, r.id`);
