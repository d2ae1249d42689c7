import { addSeconds } from "../../platform/clock.ts";
import { json, type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError, defineErrors } from "../../platform/errors.ts";
import { takeLimit } from "../../platform/limits.ts";
import {
  type DiscountCode,
  findDiscountCode,
  type Inapplicable,
  periodsOf,
  redeemDiscountCode,
  savedBy,
  whyInapplicable,
  whyUsedUp,
} from "../growth/index.ts";
import { queueIntent } from "./intents.ts";
import { lockContract } from "./queries.ts";
import { type BillingDeps, recordContractEvent } from "./settle-contract.ts";
import {
  type ContractStatement,
  nextBillOf,
  readContracts,
  type StatementScope,
  standingDiscountMinor,
} from "./statement.ts";

/** A proposed change of a contract: its effect is shown first, and happens when it is confirmed. */
export type Amendment = {
  id: string;
  tenantId: string;
  contractId: string;
  type: "DISCOUNT";
  state: "pending" | "applied" | "rejected" | "expired";
  /** As it was typed. */
  code: string;
  /** Of the code, while it applies. */
  discountCodeId: string | null;
  codeName: string | null;
  discountMinor: number | null;
  cycles: number | null;
  /** Why it does not apply. */
  reason: string | null;
  nextBill: { totalMinor: number; currency: string; date?: string } | null;
  createdAt: Date;
  expiresAt: Date;
};

export const amendmentErrors = defineErrors({
  amendment_rejected: { status: 409, message: "This change was not possible when it was asked for." },
  amendment_expired: { status: 409, message: "This change was shown too long ago. Please ask for it again." },
  amendment_changed: { status: 409, message: "What was shown is no longer so. Please ask for it again." },
});

const AMENDMENT: Statement = {
  text: `a.id, a.tenant_id "tenantId", a.contract_id "contractId", a.type, a.state, a.code,
    a.discount_code_id "discountCodeId", a.code_name "codeName", a.discount_minor "discountMinor", a.cycles, a.reason,
    a.next_bill "nextBill", a.created_at "createdAt", a.expires_at "expiresAt"`,
  values: [],
  name: undefined,
};

const OPEN_SECONDS = 3600;
/** Every try says whether there is such a code. */
const TRIES_AN_HOUR = 30;

type Owner = StatementScope & { customerId: string };
type Why = Inapplicable | "unknown_code" | "not_renewing" | "payment_overdue" | "discounted_already";
type Verdict = { code: DiscountCode; savedMinor: number; periods: number | null } | { why: Why };

/** @throws `over_request_rate_limit` (429) after thirty in an hour */
export async function takeAmendmentLimit(q: Queryable, customerId: string, now: Date): Promise<void> {
  const limit = { key: `amendment:${customerId}`, max: TRIES_AN_HOUR, windowSeconds: 3600 };
  const verdict = await takeLimit(q, limit, now);
  if (verdict.allowed) return;
  throw new AppError("over_request_rate_limit", 429, "Too many codes were tried. Please wait.", {
    retryAfterSeconds: verdict.retryAfterSeconds,
  });
}

/**
 * Proposes a discount code for a running contract and says what the next bill would be. A code that does not apply makes an
 * amendment as well, rejected from the start. Changes nothing of the contract. Null when the customer has no such contract.
 */
export async function proposeDiscount(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids">,
  input: { owner: Owner; contractId: string; code: string; now: Date },
): Promise<Amendment | null> {
  const { owner, contractId, now } = input;
  const [contract] = await readContracts(tx, { ...owner, contractId }, deps.clock.now());
  if (!contract) return null;
  const verdict = await judge(tx, contract, input.code, now);
  const next = nextBillOf(contract);
  const applies = "code" in verdict;
  const totalMinor = applies ? contract.fullPriceMinor - verdict.savedMinor : next?.totalMinor;
  const nextBill = next &&
    totalMinor !== undefined && { totalMinor, currency: contract.currency, date: next.at.toISOString() };
  const id = deps.ids.next("amendment");
  await tx.execute(sql`
    insert into amendments (id, tenant_id, contract_id, type, state, code, discount_code_id, code_name, discount_minor,
      cycles, reason, next_bill, created_at, expires_at)
    values (${id}, ${owner.tenantId}, ${contractId}, 'DISCOUNT', ${applies ? "pending" : "rejected"}, ${input.code},
      ${applies ? verdict.code.id : null}, ${applies ? verdict.code.name : null}, ${applies ? verdict.savedMinor : null},
      ${applies ? verdict.periods : null}, ${applies ? null : verdict.why}, ${nextBill ? json(nextBill) : null}, ${now},
      ${addSeconds(now, OPEN_SECONDS)})`);
  return tx.one<Amendment>(sql`select ${AMENDMENT} from amendments a where a.id = ${id}`);
}

async function judge(q: Queryable, contract: ContractStatement, text: string, now: Date): Promise<Verdict> {
  const code = await findDiscountCode(q, contract.tenantId, text);
  if (!code) return { why: "unknown_code" };
  if (contract.state === "past_due" || contract.state === "unpaid") return { why: "payment_overdue" };
  if (!nextBillOf(contract)) return { why: "not_renewing" };
  // A code is for the full price and does not add to another discount.
  if (standingDiscountMinor(contract) > 0) return { why: "discounted_already" };
  if (contract.discounts.some(({ id }) => id === code.id)) return { why: "used_before" };
  const why =
    whyInapplicable(code, await targetOf(q, contract, now)) ??
    (await whyUsedUp(q, code, { customerId: contract.customerId, now }));
  if (why) return { why };
  return { code, savedMinor: savedBy(code, contract.fullPriceMinor), periods: periodsOf(code) };
}

async function targetOf(q: Queryable, contract: ContractStatement, now: Date) {
  const { productId, optionKey } = await q.one<{ productId: string; optionKey: string }>(sql`
    select k.product_id "productId", o.key "optionKey" from contracts k join purchase_options o on o.id = k.option_id
    where k.id = ${contract.id}`);
  return { productId, optionKey, currency: contract.currency, now };
}

export type Confirmed = { intentId: string | null };

/**
 * Makes a proposed change. The code's use is taken, the contract's discount is on record, and the processor is asked to
 * charge less from the next bill on, all in this transaction or not at all; `intentId` is that errand. A repeat changes
 * nothing and has none. Null when the customer has no such amendment (of the contract, where one is named).
 *
 * @throws `amendment_rejected`, `amendment_expired`; `amendment_changed` when the code or the contract is no longer as shown
 */
export async function confirmAmendment(
  tx: Tx,
  deps: BillingDeps,
  input: { owner: Owner; amendmentId: string; contractId?: string | undefined; now: Date },
): Promise<Confirmed | null> {
  const { owner, amendmentId, contractId = null, now } = input;
  const found = await tx.maybeOne<{ contractId: string }>(sql`
    select a.contract_id "contractId" from amendments a join contracts k on k.id = a.contract_id
    where a.id = ${amendmentId} and a.tenant_id = ${owner.tenantId} and k.customer_id = ${owner.customerId}
      and k.mode = ${owner.mode} and (${contractId}::text is null or a.contract_id = ${contractId})`);
  // The contract's lock comes first, as everywhere; behind it two confirmations take turns.
  const locked = found && (await lockContract(tx, owner.tenantId, found.contractId));
  if (!locked) return null;
  const amendment = await tx.one<Amendment>(
    sql`select ${AMENDMENT} from amendments a where a.id = ${amendmentId} for update`,
  );
  if (amendment.state === "applied") return { intentId: null };
  if (amendment.state === "rejected") throw amendmentErrors.amendment_rejected();
  if (amendment.state === "expired" || amendment.expiresAt <= now) throw amendmentErrors.amendment_expired();
  const [contract] = await readContracts(tx, { ...owner, contractId: locked.id }, deps.clock.now());
  const verdict = contract && (await judge(tx, contract, amendment.code, now));
  if (!contract || !verdict || "why" in verdict || verdict.code.id !== amendment.discountCodeId) {
    throw amendmentErrors.amendment_changed({ why: verdict && "why" in verdict ? verdict.why : undefined });
  }
  const redeemed = await redeemDiscountCode(
    tx,
    {
      ...(await targetOf(tx, contract, now)),
      tenantId: owner.tenantId,
      codeId: verdict.code.id,
      customerId: owner.customerId,
      priceMinor: contract.fullPriceMinor,
    },
    { contractId: contract.id },
  );
  const isAsShown =
    redeemed.outcome === "applied" &&
    redeemed.savedMinor === amendment.discountMinor &&
    redeemed.periods === amendment.cycles;
  if (!isAsShown) throw amendmentErrors.amendment_changed();
  await tx.execute(
    sql`update amendments set state = 'applied', applied_at = ${now} where id = ${amendment.id}`,
  );
  await recordContractEvent(tx, deps, locked, "amendment.applied", now, { reason: "discount" });
  const payload = { discountMinor: redeemed.savedMinor, periods: redeemed.periods };
  return { intentId: await queueIntent(tx, deps, { contract: locked, kind: "discount", payload }) };
}
