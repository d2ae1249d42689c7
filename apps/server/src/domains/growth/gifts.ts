import { addInterval, type CalendarInterval } from "../../platform/calendar.ts";
import { sha256 } from "../../platform/crypto.ts";
import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Mode, recordEvent } from "../../platform/events.ts";
import { addGrant, createAccessList, deleteGrant } from "../access-lists/index.ts";

/** Something that was paid for somebody else. */
export type Gift = {
  id: string;
  tenantId: string;
  mode: Mode;
  contractId: string;
  payerId: string;
  productId: string;
  optionId: string;
  /** Null is "whoever has the link". */
  recipientEmail: string | null;
  grantId: string | null;
  listId: string | null;
  createdAt: Date;
  claimedAt: Date | null;
  /** Refunded or disputed: it gives nothing any more. */
  isRevoked: boolean;
  codeSealed: string;
};

type GiftDeps = Pick<Deps, "clock" | "ids" | "jobs" | "keys" | "random">;

const GIFT: Statement = {
  text: `select g.id, g.tenant_id "tenantId", k.mode, g.contract_id "contractId", g.payer_id "payerId",
      g.product_id "productId", g.option_id "optionId", g.recipient_email "recipientEmail", g.grant_id "grantId",
      a.list_id "listId", g.created_at "createdAt", g.claimed_at "claimedAt",
      coalesce(k.end_reason in ('refund', 'dispute'), false) "isRevoked", g.code_sealed "codeSealed"
    from gifts g join contracts k on k.id = g.contract_id left join access_grants a on a.id = g.grant_id`,
  values: [],
  name: undefined,
};

const hashOf = (code: string): Buffer => sha256(`gift:${code}`);
const sealedFor = (id: string): string => `gift:${id}`;

/** Where a gift is claimed; whoever has the address has the gift. */
export const giftLink = (
  deps: Pick<Deps, "config" | "keys">,
  gift: Pick<Gift, "id" | "codeSealed">,
): string => `${deps.config.baseUrl}/gift/${deps.keys.open(gift.codeSealed, sealedFor(gift.id))}`;

/**
 * What a paid checkout for somebody else becomes, in the transaction of its payment. With a recipient's address it is
 * theirs at once, waiting for them to prove the address; otherwise it waits for whoever claims it by its link.
 */
export async function openGift(
  tx: Tx,
  deps: GiftDeps,
  input: {
    tenantId: string;
    mode: Mode;
    checkoutId: string;
    contractId: string;
    payerId: string;
    productId: string;
    optionId: string;
    recipientEmail: string | null;
    at: Date;
  },
): Promise<void> {
  const id = deps.ids.next("gift");
  const code = deps.random.bytes(20).toString("base64url");
  await tx.execute(sql`
    insert into gifts (id, tenant_id, checkout_id, contract_id, payer_id, product_id, option_id, code_hash, code_sealed,
      recipient_email, created_at)
    values (${id}, ${input.tenantId}, ${input.checkoutId}, ${input.contractId}, ${input.payerId}, ${input.productId},
      ${input.optionId}, ${hashOf(code)}, ${deps.keys.seal(code, sealedFor(id))}, ${input.recipientEmail}, ${input.at})`);
  await recordEvent(tx, deps, {
    type: "gift.purchased",
    tenantId: input.tenantId,
    mode: input.mode,
    objectId: id,
    customerId: input.payerId,
    occurredAt: input.at,
    data: { giftId: id },
  });
  if (input.recipientEmail !== null) {
    await claimGift(tx, deps, { tenantId: input.tenantId, code, email: input.recipientEmail, now: input.at });
  }
}

/** The gift behind a link's code, or null. */
export const findGift = (q: Queryable, code: string): Promise<Gift | null> =>
  q.maybeOne<Gift>(sql`${GIFT} where g.code_hash = ${hashOf(code)}`);

export const findGiftById = (q: Queryable, id: string): Promise<Gift | null> =>
  q.maybeOne<Gift>(sql`${GIFT} where g.id = ${id}`);

/** The gift that a checkout session's payment made, or null. */
export const findGiftOfSession = (q: Queryable, sessionId: string): Promise<Gift | null> =>
  q.maybeOne<Gift>(sql`
    ${GIFT} join checkouts c on c.id = g.checkout_id where c.session_id = ${sessionId} order by g.created_at limit 1`);

export type ClaimResult =
  | { outcome: "claimed"; gift: Gift; endsAt: Date | null }
  | { outcome: "unknown" | "used" | "revoked" };

/**
 * Gives a gift to an address, for the term that was paid for, from now on. It waits there until somebody proves the
 * address. One claim wins; the same address again is answered as the first time.
 */
export async function claimGift(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; code: string; email: string; now: Date },
): Promise<ClaimResult> {
  const { tenantId, now } = input;
  const email = input.email.trim().toLowerCase();
  const gift = await tx.maybeOne<Gift>(sql`
    ${GIFT} where g.tenant_id = ${tenantId} and g.code_hash = ${hashOf(input.code)} for update of g`);
  if (!gift) return { outcome: "unknown" };
  if (gift.isRevoked) return { outcome: "revoked" };
  const endsAt = await endOf(tx, gift, gift.claimedAt ?? now);
  if (gift.claimedAt) {
    return gift.recipientEmail === email ? { outcome: "claimed", gift, endsAt } : { outcome: "used" };
  }
  const grant = await addGrant(
    tx,
    deps,
    {
      tenantId,
      listId: await giftList(tx, deps, tenantId, gift.mode, now),
      originKey: `gift:${gift.id}`,
      wanted: {
        email,
        productId: gift.productId,
        optionId: gift.optionId,
        status: "ACTIVE",
        startsAt: now,
        endsAt,
        notes: null,
        publisherUserId: null,
        publisherPurchaseId: null,
        person: {},
        extra: {},
        excludeFromStats: false,
      },
    },
    now,
  );
  await tx.execute(sql`
    update gifts set recipient_email = ${email}, grant_id = ${grant.id}, claimed_at = ${now} where id = ${gift.id}`);
  await recordEvent(tx, deps, {
    type: "gift.redeemed",
    tenantId,
    mode: gift.mode,
    objectId: gift.id,
    occurredAt: now,
    data: { giftId: gift.id },
  });
  return { outcome: "claimed", gift: { ...gift, recipientEmail: email, claimedAt: now }, endsAt };
}

/** Takes a gift back whose money went back. A repeat changes nothing. */
export async function revokeGift(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { contractId: string; at: Date },
): Promise<void> {
  const gift = await tx.maybeOne<Gift>(
    sql`${GIFT} where g.contract_id = ${input.contractId} for update of g`,
  );
  if (!gift?.grantId || !gift.listId) return;
  const { live } = await tx.one<{ live: boolean }>(
    sql`select deleted_at is null live from access_grants where id = ${gift.grantId}`,
  );
  if (live) {
    await deleteGrant(tx, deps, { tenantId: gift.tenantId, listId: gift.listId, id: gift.grantId }, input.at);
  }
}

/** A gift never renews: it lasts one period of what was paid, or for good. */
async function endOf(q: Queryable, gift: Gift, from: Date): Promise<Date | null> {
  const option = await q.one<{ interval: string | null; count: number; timeZone: string }>(sql`
    select o.interval, o.interval_count "count", t.time_zone "timeZone"
    from purchase_options o join tenants t on t.id = o.tenant_id where o.id = ${gift.optionId}`);
  if (option.interval === null || option.interval === "lifetime") return null;
  return addInterval(from, option.interval as CalendarInterval, option.count, { timeZone: option.timeZone });
}

/** The list that gifts are on, made with the first of them. */
async function giftList(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  tenantId: string,
  mode: Mode,
  now: Date,
): Promise<string> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`gifts:${tenantId}:${mode}`}, 0))`);
  const list = await tx.maybeOne<{ id: string }>(sql`
    select id from access_lists where tenant_id = ${tenantId} and mode = ${mode} and name = 'Gifts' and type = 'BASIC_API'
      and key is null and status = 'ACTIVE' order by created_at limit 1`);
  if (list) return list.id;
  const values = { name: "Gifts", description: "What was paid for somebody else." };
  const made = { ...values, type: "BASIC_API", status: "ACTIVE", excludeFromStats: false } as const;
  return (await createAccessList(tx, deps, { ...made, tenantId, mode }, now)).id;
}
