import { addDays } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import {
  type Page,
  type PageRequest,
  type Queryable,
  readPage,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import type { GrantRecord } from "./access-list.ts";
import { accessListErrors } from "./errors.ts";
import { addGrant, getGrant } from "./grants.ts";
import type { ProvenCustomer } from "./hooks.ts";
import { lockAccessList } from "./lists.ts";

// Without letters that are read for others.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS = 16;
export const MAX_CODES_AT_ONCE = 1000;

export type CodeTerms = {
  productId: string;
  optionId: string | null;
  /** How long each claim lasts; null is as long as the list. */
  days: number | null;
  endsAt: Date | null;
  /** How many readers may claim the code, each once. */
  maxClaims: number;
  /** Until when it may be claimed. */
  expiresAt: Date | null;
};

/** A code as it can be shown later: the code itself is known to whoever it was given to. */
export type AccessCode = {
  id: string;
  last4: string;
  sku: string;
  optionId: string | null;
  days: number | null;
  endsAt: Date | null;
  maxClaims: number;
  claims: number;
  expiresAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
};

/** Makes codes for a CLAIMED list and returns them, this once. @throws 404, 409 for a list of another type */
export async function issueCodes(
  tx: Tx,
  deps: Pick<Deps, "ids" | "random">,
  input: { tenantId: string; listId: string; count: number; terms: CodeTerms },
  now: Date,
): Promise<{ id: string; code: string }[]> {
  const { tenantId, listId, terms } = input;
  const list = await lockAccessList(tx, tenantId, listId);
  if (list.type !== "CLAIMED") throw accessListErrors.wrongType("CLAIMED");
  const made = Array.from({ length: input.count }, () => ({
    id: deps.ids.next("claimCode"),
    code: newCode(deps),
  }));
  await tx.execute(sql`
    insert into access_codes (id, tenant_id, list_id, hash, last4, product_id, option_id, days, ends_at, max_claims,
      expires_at, created_at)
    select made.id, ${tenantId}, ${listId}, made.hash, made.last4, ${terms.productId}, ${terms.optionId}, ${terms.days},
      ${terms.endsAt}, ${terms.maxClaims}, ${terms.expiresAt}, ${now}
    from unnest(${made.map(({ id }) => id)}::text[], ${made.map(({ code }) => hashOf(code))}::bytea[],
      ${made.map(({ code }) => code.slice(-4))}::text[]) as made (id, hash, last4)`);
  return made.map(({ id, code }) => ({ id, code: code.replace(/(.{4})(?=.)/g, "$1-") }));
}

export const listCodes = (
  q: Queryable,
  input: { tenantId: string; listId: string; page: PageRequest },
): Promise<Page<AccessCode>> =>
  readPage<AccessCode>(
    q,
    sql`select c.id, c.last4, p.sku, c.option_id "optionId", c.days, c.ends_at "endsAt", c.max_claims "maxClaims", c.claims,
        c.expires_at "expiresAt", c.revoked_at "revokedAt", c.created_at "createdAt"
      from access_codes c join products p on p.id = c.product_id
      where c.tenant_id = ${input.tenantId} and c.list_id = ${input.listId}`,
    input.page,
  );

/** Ends a code for whoever has not claimed it yet. What was claimed stays. @throws 404 */
export async function revokeCode(
  tx: Tx,
  input: { tenantId: string; listId: string; id: string },
  now: Date,
): Promise<void> {
  const revoked = await tx.execute(sql`
    update access_codes set revoked_at = coalesce(revoked_at, ${now})
    where tenant_id = ${input.tenantId} and list_id = ${input.listId} and id = ${input.id}`);
  if (revoked === 0) throw accessListErrors.notFound();
}

/**
 * Gives a reader the right that a code is good for. The same reader's second claim answers with the first one's grant.
 *
 * @param now the tenant's time
 * @throws 404 `claim_code_unknown` for what is unknown, revoked, late, another tenant's or of a list that is not active;
 * 409 `claim_code_used` when others were faster
 */
export async function claimCode(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { customer: ProvenCustomer; mode: Mode; code: string },
  now: Date,
): Promise<GrantRecord> {
  const { customer } = input;
  const { tenantId } = customer;
  const code = await tx.maybeOne<{
    id: string;
    listId: string;
    productId: string;
    optionId: string | null;
    days: number | null;
    endsAt: Date | null;
    left: number;
    open: boolean;
  }>(sql`
    select c.id, c.list_id "listId", c.product_id "productId", c.option_id "optionId", c.days, c.ends_at "endsAt",
      c.max_claims - c.claims "left",
      c.revoked_at is null and (c.expires_at is null or c.expires_at > ${now}) open
    from access_codes c join access_lists l on l.id = c.list_id
    where c.hash = ${hashOf(plain(input.code))} and c.tenant_id = ${tenantId} and l.status = 'ACTIVE'
      and l.mode = ${input.mode}
    for update of c`);
  if (!code) throw accessListErrors.codeUnknown();
  const originKey = `claim:${code.id}:${customer.id}`;
  const mine = await tx.maybeOne<{ id: string; deleted: boolean }>(sql`
    select id, deleted_at is not null deleted from access_grants
    where list_id = ${code.listId} and origin_key = ${originKey}`);
  // Whoever took the reader off the list meant it.
  if (mine?.deleted) throw accessListErrors.codeUnknown();
  if (mine) return getGrant(tx, { tenantId, listId: code.listId, id: mine.id });
  if (!code.open) throw accessListErrors.codeUnknown();
  if (code.left <= 0) throw accessListErrors.codeUsed();
  await tx.execute(sql`update access_codes set claims = claims + 1 where id = ${code.id}`);
  const term = code.days === null ? null : addDays(now, code.days);
  const endsAt = [term, code.endsAt].filter((it) => it !== null).sort((a, b) => a.getTime() - b.getTime())[0];
  return addGrant(
    tx,
    deps,
    {
      tenantId,
      listId: code.listId,
      originKey,
      wanted: {
        email: customer.email,
        productId: code.productId,
        optionId: code.optionId,
        status: "ACTIVE",
        startsAt: null,
        endsAt: endsAt ?? null,
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
}

/**
 * What has become of a code, for a page that claims nothing: `claimed` with the grant that this reader has by it, `used`
 * when nobody else can claim it, `open` when only claiming it will tell. `customerId` is null for whoever is not signed in.
 */
export async function lookUpCode(
  q: Queryable,
  input: { tenantId: string; mode: Mode; code: string; customerId: string | null },
): Promise<{ state: "open" | "used" } | { state: "claimed"; grant: GrantRecord }> {
  const { tenantId, mode, customerId } = input;
  const code = await q.maybeOne<{ listId: string; used: boolean; grantId: string | null }>(sql`
    select c.list_id "listId", c.claims >= c.max_claims used, g.id "grantId"
    from access_codes c join access_lists l on l.id = c.list_id
    left join access_grants g on g.list_id = c.list_id and g.deleted_at is null
      and g.origin_key = 'claim:' || c.id || ':' || ${customerId}::text
    where c.hash = ${hashOf(plain(input.code))} and c.tenant_id = ${tenantId} and l.status = 'ACTIVE'
      and l.mode = ${mode}`);
  if (!code?.grantId) return { state: code?.used ? "used" : "open" };
  const grant = await getGrant(q, { tenantId, listId: code.listId, id: code.grantId });
  return { state: "claimed", grant };
}

function newCode(deps: Pick<Deps, "random">): string {
  return Array.from({ length: CHARACTERS }, () => ALPHABET[deps.random.int(ALPHABET.length)]).join("");
}

/** As it was printed: however it is spaced, and with the letters that people take for digits. */
const plain = (code: string): string =>
  code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");

const hashOf = (code: string): Buffer => sha256(`access-code:${code}`);
