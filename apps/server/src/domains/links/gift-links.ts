import { windowStart } from "../../platform/calendar.ts";
import { addDays } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { type Mode, recordEvent } from "../../platform/events.ts";
import { checkAccess } from "../entitlements/index.ts";
import { findTenant, type Tenant, tenantNow } from "../tenants/index.ts";

/** Articles that a reader may give in a calendar month, how many may open each, and for how long. */
export const USUAL_GIFTS = { perMonth: 10, opens: 5, days: 14 };

/** One article, given to others by a reader who may read it. Times are the tenant's. */
export type GiftLink = {
  id: string;
  url: string;
  publisherContentId: string | null;
  /** What the address ends with; whoever has it may open the gift. */
  code: string;
  maxOpens: number;
  opens: number;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
};

type Row = Omit<GiftLink, "code"> & { codeSealed: string };

const COLUMNS: Statement = {
  text: `id, url, publisher_content_id "publisherContentId", code_sealed "codeSealed", max_opens "maxOpens", opens,
    created_at "createdAt", expires_at "expiresAt", revoked_at "revokedAt"`,
  values: [],
  name: undefined,
};

const CONTEXT = "gift-link";
const withCode = (deps: Pick<Deps, "keys">, { codeSealed, ...gift }: Row): GiftLink => ({
  ...gift,
  code: deps.keys.open(codeSealed, CONTEXT),
});

type Giver = { tenant: Tenant; customerId: string; mode: Mode };

/**
 * Gives an article away. Giving one that is given already gives the same link again and costs nothing; the allowance is
 * exact, however many are made at once.
 *
 * @throws 403 for a page that the giver has no right to, and when the month's allowance is used up
 */
export async function createGiftLink(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs" | "keys" | "random">,
  giver: Giver,
  page: { url: string; publisherContentId: string | null },
): Promise<{ gift: GiftLink; created: boolean; remaining: number }> {
  const { tenant, customerId } = giver;
  const now = tenantNow(deps.clock, tenant);
  const policy = { ...USUAL_GIFTS, ...tenant.giftPolicy };
  if (policy.perMonth === 0) throw new AppError("gifts_off", 403, "Articles cannot be given here.");
  if (!(await mayGive(tx, giver, page.url, now))) {
    throw new AppError("insufficient_permissions", 403, "Only who has a right to an article can give it.");
  }
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`gifts:${customerId}`}, 0))`);
  const monthAt = windowStart(now, "MONTH", tenant.timeZone);
  const { given } = await tx.one<{ given: number }>(sql`
    select count(*) given from gift_links where customer_id = ${customerId} and month_at = ${monthAt}`);
  const same = await tx.maybeOne<Row>(sql`
    select ${COLUMNS} from gift_links where customer_id = ${customerId} and url = ${page.url} and revoked_at is null
      and expires_at > ${now} and opens < max_opens order by id desc limit 1`);
  if (same) {
    return { gift: withCode(deps, same), created: false, remaining: Math.max(0, policy.perMonth - given) };
  }
  if (given >= policy.perMonth) {
    throw new AppError("gift_allowance_used", 403, "All articles of this month have been given.", {
      details: { perMonth: policy.perMonth },
    });
  }
  const id = deps.ids.next("giftLink");
  const code = deps.random.bytes(16).toString("base64url");
  const row = await tx.one<Row>(sql`
    insert into gift_links (id, tenant_id, customer_id, code_hash, code_sealed, url, publisher_content_id, max_opens, month_at,
      created_at, expires_at)
    values (${id}, ${tenant.id}, ${customerId}, ${sha256(code)}, ${deps.keys.seal(code, CONTEXT)}, ${page.url},
      ${page.publisherContentId}, ${policy.opens}, ${monthAt}, ${now}, ${addDays(now, policy.days)})
    returning ${COLUMNS}`);
  await recordEvent(tx, deps, {
    type: "gift_link.created",
    tenantId: tenant.id,
    mode: giver.mode,
    objectId: id,
    customerId,
    occurredAt: now,
    data: { url: page.url, maxOpens: row.maxOpens, expiresAt: row.expiresAt.toISOString() },
  });
  return { gift: withCode(deps, row), created: true, remaining: policy.perMonth - given - 1 };
}

const mayGive = async (q: Queryable, giver: Giver, url: string, now: Date): Promise<boolean> => {
  const { tenant, customerId, mode } = giver;
  return (await checkAccess(q, { tenantId: tenant.id, customerId, mode, now, url })).granted;
};

/** What a customer has given, newest first. */
export async function listGiftLinks(
  q: Queryable,
  deps: Pick<Deps, "keys">,
  customerId: string,
): Promise<GiftLink[]> {
  const rows = await q.query<Row>(
    sql`select ${COLUMNS} from gift_links where customer_id = ${customerId} order by id desc limit 500`,
  );
  return rows.map((row) => withCode(deps, row));
}

/** Takes a gift back; what was opened stays open for as long as its own link lives. False when there is no such gift. */
export async function revokeGiftLink(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  giver: Giver,
  id: string,
): Promise<boolean> {
  const now = tenantNow(deps.clock, giver.tenant);
  const { customerId } = giver;
  const gift = await tx.maybeOne<{ revokedAt: Date | null }>(sql`
    select revoked_at "revokedAt" from gift_links where id = ${id} and customer_id = ${customerId} for update`);
  if (!gift) return false;
  if (gift.revokedAt) return true;
  await tx.execute(sql`update gift_links set revoked_at = ${now} where id = ${id}`);
  await recordEvent(tx, deps, {
    type: "gift_link.revoked",
    tenantId: giver.tenant.id,
    mode: giver.mode,
    objectId: id,
    customerId,
    occurredAt: now,
    data: {},
  });
  return true;
}

export type OpenedGift =
  /** The gift's page may be read, until `expiresAt` on the tenant's clock. */
  | { outcome: "opened"; tenant: Tenant; url: string; publisherContentId: string | null; secondsLeft: number }
  /** It was a gift once, or for others: used up, over, taken back, or its giver may not read the page any more. */
  | { outcome: "closed"; url: string };

/**
 * Opens a gift in a browser. The same browser opens it again for nothing; of many at once only as many get through as
 * may. Null for an unknown code. `browser` is a secret of that browser, null for one that only looks (a preview).
 */
export async function openGiftLink(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: {
    code: string;
    browser: string | null;
    country: string | null;
    modeOf: (tenantId: string) => Promise<Mode>;
  },
): Promise<OpenedGift | null> {
  const gift = await tx.maybeOne<{
    id: string;
    tenantId: string;
    customerId: string;
    url: string;
    publisherContentId: string | null;
    maxOpens: number;
    opens: number;
    expiresAt: Date;
    revokedAt: Date | null;
  }>(sql`
    select id, tenant_id "tenantId", customer_id "customerId", url, publisher_content_id "publisherContentId",
      max_opens "maxOpens", opens, expires_at "expiresAt", revoked_at "revokedAt"
    from gift_links where code_hash = ${sha256(input.code)} for update`);
  const tenant = gift && (await findTenant(tx, gift.tenantId));
  if (!gift || tenant?.status !== "active") return null;
  const now = tenantNow(deps.clock, tenant);
  const closed = { outcome: "closed", url: gift.url } as const;
  if (input.browser === null || gift.revokedAt || gift.expiresAt <= now) return closed;
  const mode = await input.modeOf(tenant.id);
  const giver = { tenant, customerId: gift.customerId, mode };
  if (!(await mayGive(tx, giver, gift.url, now))) return closed;
  const browserHash = sha256(`${gift.id} ${input.browser}`);
  const before = await tx.maybeOne(
    sql`select 1 from gift_link_opens where gift_id = ${gift.id} and browser_hash = ${browserHash}`,
  );
  if (!before) {
    if (gift.opens >= gift.maxOpens) return closed;
    await tx.execute(sql`
      insert into gift_link_opens (gift_id, browser_hash, opened_at, country)
      values (${gift.id}, ${browserHash}, ${now}, ${input.country})`);
    await tx.execute(sql`update gift_links set opens = opens + 1 where id = ${gift.id}`);
    await recordEvent(tx, deps, {
      type: "gift_link.opened",
      tenantId: tenant.id,
      mode,
      objectId: gift.id,
      customerId: gift.customerId,
      occurredAt: now,
      data: { opens: gift.opens + 1, maxOpens: gift.maxOpens, country: input.country },
    });
  }
  const { url, publisherContentId } = gift;
  const secondsLeft = (gift.expiresAt.getTime() - now.getTime()) / 1000;
  return { outcome: "opened", tenant, url, publisherContentId, secondsLeft };
}

const BATCH = 1000;
/** Longer than a month, for which gifts are counted. */
const KEPT = "62 days";

/** Deletes gifts that have long been over. Returns how many went. */
export const forgetGiftLinks = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from gift_links where id = any (array(
      select g.id from gift_links g join tenants t on t.id = g.tenant_id
      where g.expires_at < ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond' - ${KEPT}::interval
      limit ${BATCH}))`);
