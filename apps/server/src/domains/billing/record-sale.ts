import { json, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import { openGift, redeemReservation } from "../growth/index.ts";
import { endUnprovenAccess, linkToPaywall, trustAddress } from "../identity/index.ts";
import type { Connection, MethodNews, PaymentNews, SubscriptionSnapshot } from "../processors/index.ts";
import { applyMethod, applyPayment } from "./apply-payment.ts";
import type { Contract } from "./contract.ts";
import { queueIntent } from "./intents.ts";
import { lockContract } from "./queries.ts";
import { recordContractEvent, settleContract } from "./settle-contract.ts";

export type SaleDeps = Pick<Deps, "clock" | "ids" | "jobs" | "keys" | "random">;

/** What billing needs of the checkout that is being completed: the terms as they were agreed. */
type SoldCheckout = {
  id: string;
  tenantId: string;
  mode: Mode;
  paywallId: string;
  customerId: string;
  buyer: "customer" | "merchant" | "guest";
  productId: string;
  optionId: string;
  currency: string;
  subtotalMinor: number;
  percentBp: number | null;
  offerId: string | null;
  visitorId: string | null;
  experimentId: string | null;
  variantKey: string | null;
  userMeta: Record<string, string>;
  addressSealed: string | null;
  replacesContractIds: string[];
  contractId: string | null;
  payerId: string | null;
  isGift: boolean;
  recipientEmail: string | null;
  moreItems: unknown[];
  attribution: Record<string, unknown>;
  metadata: Record<string, string>;
  interval: string | null;
  intervalCount: number;
};

const lockCheckout = (tx: Tx, connection: Connection, id: string): Promise<SoldCheckout | null> =>
  tx.maybeOne<SoldCheckout>(sql`
    select c.id, c.tenant_id "tenantId", c.mode, c.paywall_id "paywallId", c.customer_id "customerId", c.buyer,
      c.product_id "productId", c.option_id "optionId", c.currency, c.subtotal_minor "subtotalMinor",
      c.percent_bp "percentBp", c.offer_id "offerId", c.visitor_id "visitorId", c.experiment_id "experimentId",
      c.variant_key "variantKey", c.user_meta "userMeta", c.address_sealed "addressSealed",
      c.replaces_contract_ids "replacesContractIds", c.contract_id "contractId", c.payer_id "payerId", c.is_gift "isGift",
      c.recipient_email "recipientEmail", c.more_items "moreItems", c.attribution, c.metadata, o.interval,
      o.interval_count "intervalCount"
    from checkouts c join purchase_options o on o.id = c.option_id
    where c.id = ${id} and c.tenant_id = ${connection.tenantId} and c.connection_id = ${connection.id} for update of c`);

export type Sale = {
  checkoutId: string;
  sessionRef: string;
  subscription: SubscriptionSnapshot;
  payment: PaymentNews;
  method: MethodNews | undefined;
  occurredAt: Date;
};

/**
 * One sale, whole: contract, bill with its number, transaction, entitlement, trial, the checkout's end and
 * every event, in the caller's transaction. Null when no checkout of ours is behind it. The same sale again
 * finds its contract and changes nothing.
 */
export async function recordSale(
  tx: Tx,
  deps: SaleDeps,
  connection: Connection,
  sale: Sale,
): Promise<Contract | null> {
  const checkout = await lockCheckout(tx, connection, sale.checkoutId);
  if (!checkout) return null;
  if (checkout.contractId) return lockContract(tx, checkout.tenantId, checkout.contractId);
  const contract = await openContract(tx, deps, connection, checkout, sale);
  await tx.execute(sql`
    update checkouts set state = 'completed', completed_at = ${sale.occurredAt}, contract_id = ${contract.id},
      external_id = coalesce(external_id, ${sale.sessionRef}), address_sealed = null, close_reason = null
    where id = ${checkout.id}`);
  await redeemReservation(tx, { checkoutId: checkout.id, contractId: contract.id, at: sale.occurredAt });
  // An unproven e-mail inherits no purchase: whoever registered it may not be who pays now.
  if (checkout.buyer !== "customer") await endUnprovenAccess(tx, deps, checkout);
  await trustBuyersAddress(tx, deps, checkout, sale.occurredAt);
  await linkToPaywall(tx, { ...checkout, addOnly: true, now: sale.occurredAt });
  if (sale.method) await applyMethod(tx, deps, contract, sale.method);
  if (sale.subscription.trialEndAt) await startTrial(tx, deps, contract, sale);
  await tellSale(tx, deps, contract, sale);
  await settleContract(tx, deps, contract, { snapshot: sale.subscription, at: sale.occurredAt });
  await replaceEarlier(tx, deps, contract, checkout.replacesContractIds);
  if (checkout.isGift) {
    const { tenantId, mode, productId, optionId, recipientEmail } = checkout;
    const gift = { tenantId, mode, productId, optionId, recipientEmail, payerId: checkout.customerId };
    await openGift(tx, deps, {
      ...gift,
      checkoutId: checkout.id,
      contractId: contract.id,
      at: sale.occurredAt,
    });
  }
  return contract;
}

async function openContract(
  tx: Tx,
  deps: SaleDeps,
  connection: Connection,
  checkout: SoldCheckout,
  sale: Sale,
): Promise<Contract> {
  const id = deps.ids.next("contract");
  const { subscription } = sale;
  const recurring = subscription.duration === "RECURRING";
  const metadata: Record<string, string> = { ...checkout.userMeta, ...checkout.metadata };
  for (const key of ["visitorId", "experimentId", "variantKey", "offerId"] as const) {
    const value = checkout[key];
    if (value) metadata[key] = value;
  }
  await tx.execute(sql`
    insert into contracts (id, tenant_id, mode, paywall_id, customer_id, checkout_id, product_id, option_id, duration,
      state, currency, price_minor, percent_bp, interval, interval_count, anchor_day, period_start_at, period_end_at,
      trial_start_at, trial_end_at, connection_id, external_id, external_version, snapshot, visitor_id, offer_id,
      experiment_id, variant_key, metadata, payer_id, is_gift, more_items, attribution, created_at)
    values (${id}, ${checkout.tenantId}, ${checkout.mode}, ${checkout.paywallId}, ${checkout.customerId},
      ${checkout.id}, ${checkout.productId}, ${checkout.optionId}, ${subscription.duration}, ${subscription.status},
      ${checkout.currency}, ${checkout.subtotalMinor}, ${checkout.percentBp},
      ${recurring ? checkout.interval : null}, ${recurring ? checkout.intervalCount : 1}, ${subscription.anchorDay},
      ${subscription.periodStartAt}, ${subscription.periodEndAt}, ${subscription.trialStartAt},
      ${subscription.trialEndAt}, ${connection.id}, ${subscription.externalId}, ${subscription.version},
      ${json(subscription)}, ${checkout.visitorId}, ${checkout.offerId}, ${checkout.experimentId},
      ${checkout.variantKey}, ${json(metadata)}, ${checkout.payerId}, ${checkout.isGift}, ${json(checkout.moreItems)},
      ${json(checkout.attribution)}, ${sale.occurredAt})`);
  const contract = await lockContract(tx, checkout.tenantId, id);
  if (!contract) throw new Error("a contract vanished while it was being written");
  await applyPayment(tx, deps, contract, sale.payment);
  return contract;
}

/** A payment proves that its address is the buyer's; a started checkout would prove nothing. */
async function trustBuyersAddress(tx: Tx, deps: SaleDeps, checkout: SoldCheckout, now: Date): Promise<void> {
  if (!checkout.addressSealed) return;
  const address = deps.keys.open(checkout.addressSealed, `checkout-address:${checkout.id}`);
  await trustAddress(tx, deps, {
    tenantId: checkout.tenantId,
    customerId: checkout.customerId,
    address,
    now,
  });
}

/** A trial is given once per person and card: a card that had one pays from today. */
async function startTrial(tx: Tx, deps: SaleDeps, contract: Contract, sale: Sale): Promise<void> {
  const fingerprint = sale.method?.fingerprint ?? null;
  if (fingerprint) {
    // Two sales with one card at the same moment must see each other.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`trial:${contract.tenantId}:${contract.productId}:${fingerprint}`}, 0))`,
    );
  }
  const { used } = await tx.one<{ used: boolean }>(sql`
    select exists (select from card_trials t join contracts k on k.id = t.contract_id
      where t.tenant_id = ${contract.tenantId} and t.product_id = ${contract.productId} and k.mode = ${contract.mode}
        and (t.fingerprint = ${fingerprint} or t.customer_id = ${contract.customerId})) used`);
  await tx.execute(sql`
    insert into card_trials (tenant_id, product_id, customer_id, contract_id, fingerprint, started_at, expires_at)
    values (${contract.tenantId}, ${contract.productId}, ${contract.customerId}, ${contract.id}, ${fingerprint},
      ${sale.subscription.trialStartAt ?? sale.occurredAt}, ${sale.subscription.trialEndAt})`);
  if (used) await queueIntent(tx, deps, { contract, kind: "end_trial" });
}

async function tellSale(tx: Tx, deps: SaleDeps, contract: Contract, sale: Sale): Promise<void> {
  const at = sale.occurredAt;
  const charge = await tx.one<{ id: string; billId: string }>(sql`
    select id, bill_id "billId" from transactions
    where connection_id = ${contract.connectionId} and processor_ref = ${sale.payment.externalId}`);
  const payment = { id: charge.id, amountMinor: sale.payment.amountMinor, currency: sale.payment.currency };
  const extra = { payment, billId: charge.billId };
  await recordContractEvent(tx, deps, contract, "checkout.completed", at, extra);
  if (contract.duration === "PERPETUAL") {
    await recordContractEvent(tx, deps, contract, "payment.completed", at, extra);
  } else {
    await recordContractEvent(tx, deps, contract, "subscription.created", at, extra);
    if (contract.state === "trialing") await recordContractEvent(tx, deps, contract, "trial.started", at);
  }
}

/** With `ignoreActivePurchase`, what the customer had before ends now that the new purchase is paid. */
async function replaceEarlier(
  tx: Tx,
  deps: SaleDeps,
  contract: Contract,
  earlierIds: string[],
): Promise<void> {
  const earlier = await tx.query<{ id: string; tenantId: string; connectionId: string }>(sql`
    update contracts set replaced_by_id = ${contract.id}, cancel_reason = 'replaced'
    where tenant_id = ${contract.tenantId} and customer_id = ${contract.customerId} and id = any (${earlierIds})
      and id <> ${contract.id} and duration = 'RECURRING' and state not in ('canceled', 'expired', 'incomplete_expired')
    returning id, tenant_id "tenantId", connection_id "connectionId"`);
  for (const it of earlier) await queueIntent(tx, deps, { contract: it, kind: "cancel_now" });
}
