import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";

export type NewCheckout = {
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
  discountMinor: number;
  totalMinor: number;
  trialDays: number;
  offerId: string | null;
  percentBp: number | null;
  connectionId: string;
  successUrl: string;
  errorUrl: string;
  shopUrl: string;
  productName: string;
  visitorId: string | null;
  experimentId: string | null;
  variantKey: string | null;
  userMeta: Record<string, string>;
  addressSealed: string | null;
  country: string | null;
  termsHash: Buffer;
  replacesContractIds: string[];
  createdAt: Date;
  expiresAt: Date;
  /** What only a publisher's checkout has. */
  session?: {
    id: string;
    payerId: string | null;
    isGift: boolean;
    recipientEmail: string | null;
    moreItems: { productId: string; optionId: string; priceMinor: number }[];
    attribution: Record<string, string>;
    metadata: Record<string, string>;
  };
};

export async function insertCheckout(tx: Tx, c: NewCheckout): Promise<void> {
  await tx.execute(sql`
    insert into checkouts (id, tenant_id, mode, paywall_id, customer_id, buyer, product_id, option_id, currency, subtotal_minor,
      discount_minor, total_minor, trial_days, offer_id, percent_bp, connection_id, success_url, error_url, shop_url,
      product_name, visitor_id, experiment_id, variant_key, user_meta, address_sealed, country, terms_hash,
      replaces_contract_ids, session_id, payer_id, is_gift, recipient_email, more_items, attribution, metadata, created_at,
      expires_at)
    values (${c.id}, ${c.tenantId}, ${c.mode}, ${c.paywallId}, ${c.customerId}, ${c.buyer}, ${c.productId}, ${c.optionId},
      ${c.currency}, ${c.subtotalMinor}, ${c.discountMinor}, ${c.totalMinor}, ${c.trialDays}, ${c.offerId},
      ${c.percentBp}, ${c.connectionId}, ${c.successUrl}, ${c.errorUrl}, ${c.shopUrl}, ${c.productName},
      ${c.visitorId}, ${c.experimentId}, ${c.variantKey}, ${json(c.userMeta)}, ${c.addressSealed}, ${c.country},
      ${c.termsHash}, ${c.replacesContractIds}, ${c.session?.id ?? null}, ${c.session?.payerId ?? null}, ${c.session?.isGift ?? false},
      ${c.session?.recipientEmail ?? null}, ${json(c.session?.moreItems ?? [])}, ${json(c.session?.attribution ?? {})},
      ${json(c.session?.metadata ?? {})}, ${c.createdAt}, ${c.expiresAt})`);
}

/** An open checkout on the same terms, made lately by the same customer: a second click gets it again. */
export const findRepeatableCheckout = (
  q: Queryable,
  input: {
    tenantId: string;
    paywallId: string;
    customerId: string;
    termsHash: Buffer;
    since: Date;
    now: Date;
  },
): Promise<{ id: string; checkoutUrl: string; acquiring: string } | null> =>
  q.maybeOne(sql`
    select c.id, c.checkout_url "checkoutUrl", n.acquiring
    from checkouts c join processor_connections n on n.id = c.connection_id
    where c.tenant_id = ${input.tenantId} and c.customer_id = ${input.customerId} and c.paywall_id = ${input.paywallId}
      and c.state = 'open' and c.terms_hash = ${input.termsHash} and c.checkout_url is not null
      and c.created_at > ${input.since} and c.expires_at > ${input.now} and n.state = 'active'
    order by c.created_at desc, c.id desc limit 1`);

/** The processor that a customer's last checkout on a paywall went to, in one mode. */
export async function findLastConnectionId(
  q: Queryable,
  input: { tenantId: string; paywallId: string; customerId: string; mode: Mode },
): Promise<string | null> {
  const row = await q.maybeOne<{ connectionId: string }>(sql`
    select connection_id "connectionId" from checkouts
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and paywall_id = ${input.paywallId}
      and mode = ${input.mode}
    order by created_at desc, id desc limit 1`);
  return row?.connectionId ?? null;
}

/** Whether the customer ever had a card trial of a product, in one mode. */
export async function hadCardTrial(
  q: Queryable,
  input: { tenantId: string; customerId: string; productId: string; mode: Mode },
): Promise<boolean> {
  const { had } = await q.one<{ had: boolean }>(sql`
    select exists (select from card_trials t join contracts k on k.id = t.contract_id
      where t.tenant_id = ${input.tenantId} and t.customer_id = ${input.customerId}
        and t.product_id = ${input.productId} and k.mode = ${input.mode}) had`);
  return had;
}

/** Whether a product may be bought again while one has it. */
export async function isRepeatable(q: Queryable, productId: string): Promise<boolean> {
  const { repeatable } = await q.one<{ repeatable: boolean }>(
    sql`select type = 'credit_pack' repeatable from products where id = ${productId}`,
  );
  return repeatable;
}

/** The subscriptions that a purchase with `ignoreActivePurchase` would replace. */
export async function listReplaceable(
  q: Queryable,
  input: { tenantId: string; customerId: string; productId: string; mode: Mode },
): Promise<string[]> {
  const rows = await q.query<{ id: string }>(sql`
    select id from contracts
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and product_id = ${input.productId}
      and mode = ${input.mode} and duration = 'RECURRING' and state in ('trialing', 'active', 'past_due', 'unpaid', 'paused')
    order by id`);
  return rows.map((it) => it.id);
}

export const saveSession = (
  q: Queryable,
  checkoutId: string,
  session: { externalId: string; url: string },
): Promise<number> =>
  q.execute(sql`
    update checkouts set external_id = ${session.externalId}, checkout_url = ${session.url} where id = ${checkoutId}`);

/** Closes a checkout for which there is no session; one that was paid meanwhile stays as it is. */
export const closeCheckout = (q: Queryable, checkoutId: string, reason: string): Promise<number> =>
  q.execute(sql`
    update checkouts set state = 'canceled', close_reason = ${reason} where id = ${checkoutId} and state = 'open'`);
