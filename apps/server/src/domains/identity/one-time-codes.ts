import { addSeconds } from "../../platform/clock.ts";
import { safeEqual, sha256 } from "../../platform/crypto.ts";
import { json, type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

/** What a mailed proof is for. `upgrade` confirms the address that an anonymous customer gave. */
export type Purpose = "email" | "signup" | "recovery" | "upgrade";

export type CodePayload = {
  /** The password that starts to work when the address is confirmed. */
  passwordHash?: string;
  userMeta?: Record<string, string>;
  /** False: the code signs existing customers in and makes no new one. */
  createUser?: boolean;
};

export type OneTimeCode = {
  id: string;
  tenantId: string;
  paywallId: string | null;
  customerId: string | null;
  email: string;
  purpose: Purpose;
  payload: CodePayload;
  expiresAt: Date;
  consumedAt: Date | null;
};

const LIFETIME_SECONDS = 3600;
export const MAX_TRIES = 5;

const COLUMNS: Statement = {
  text: `o.id, o.tenant_id "tenantId", o.paywall_id "paywallId", o.customer_id "customerId", o.email, o.purpose,
    o.payload, o.expires_at "expiresAt", o.consumed_at "consumedAt"`,
  values: [],
  name: undefined,
};

// Six digits can be counted through; only the keyed hash keeps a copy of the table from telling them.
const codeHash = (deps: Pick<Deps, "keys">, id: string, code: string): Buffer =>
  deps.keys.pseudonym(`one-time-code:${id}:${code}`);

/** Makes the six digits and the link token of one mail. They live an hour on the tenant's clock. */
export async function createOneTimeCode(
  tx: Tx,
  deps: Pick<Deps, "config" | "ids" | "keys" | "random">,
  input: {
    tenantId: string;
    paywallId: string | null;
    customerId: string | null;
    email: string;
    purpose: Purpose;
    payload?: CodePayload;
    /** Nobody is told this code: the same work for an address that gets no mail. */
    decoy?: boolean;
    now: Date;
  },
): Promise<{ code: string; linkToken: string }> {
  const id = deps.ids.next("oneTimeCode");
  const code = deps.config.testCode ?? String(deps.random.int(1_000_000)).padStart(6, "0");
  const linkToken = deps.random.bytes(32).toString("base64url");
  const payload = { ...input.payload, ...(input.decoy ? { decoy: true } : {}) };
  await tx.execute(sql`
    insert into one_time_codes (id, tenant_id, paywall_id, customer_id, email, purpose, code_hash, link_hash, payload, created_at, expires_at)
    values (${id}, ${input.tenantId}, ${input.paywallId}, ${input.customerId}, ${input.email}, ${input.purpose},
            ${codeHash(deps, id, code)}, ${sha256(linkToken)}, ${json(payload)}, ${input.now}, ${addSeconds(input.now, LIFETIME_SECONDS)})`);
  return { code, linkToken };
}

const SIX_DIGITS = /^[0-9]{6}$/;

/** People copy digits with spaces and dashes between them. */
const digitsOf = (token: string): string | null => {
  const bare = token.replaceAll(/[\s-]/g, "");
  return SIX_DIGITS.test(bare) ? bare : null;
};

/** Whether a proof is short enough to be guessed. A link's token is not. */
export const isGuessable = (token: string): boolean => digitsOf(token) !== null;

/**
 * Uses up the code or link token that somebody shows for an address, or returns null: wrong, expired, used
 * and never sent are not told apart. Of each purpose only the newest digits count, and five tries; links of
 * earlier mails work until they expire. The try is counted before it is compared, so tries that arrive
 * together are all counted.
 */
export async function consumeOneTimeCode(
  tx: Tx,
  deps: Pick<Deps, "keys">,
  input: { tenantId: string; email: string; purposes: Purpose[]; token: string; now: Date },
): Promise<OneTimeCode | null> {
  const { tenantId, email, purposes, now } = input;
  const digits = digitsOf(input.token);
  let found: OneTimeCode | undefined;
  if (digits) {
    const candidates = await tx.query<OneTimeCode & { codeHash: Buffer }>(sql`
      update one_time_codes o set attempts = attempts + 1
      where o.id in (
          select distinct on (purpose) id from one_time_codes
          where tenant_id = ${tenantId} and email = ${email} and purpose = any(${purposes}) and not payload ? 'decoy'
          order by purpose, created_at desc, id desc)
        and o.consumed_at is null and o.expires_at > ${now} and o.attempts < ${MAX_TRIES}
      returning ${COLUMNS}, o.code_hash "codeHash"`);
    found = candidates.find((candidate) =>
      safeEqual(candidate.codeHash, codeHash(deps, candidate.id, digits)),
    );
  } else {
    const linked = await findByLink(tx, input.token.trim());
    const fits = linked?.tenantId === tenantId && linked.email === email && purposes.includes(linked.purpose);
    if (linked && fits && linked.expiresAt > now) found = linked;
  }
  return found && (await consume(tx, found, now)) ? found : null;
}

/** The mail behind a link token, locked for the transaction; whatever its state. */
export function findByLink(tx: Tx, linkToken: string): Promise<OneTimeCode | null> {
  return tx.maybeOne<OneTimeCode>(sql`
    select ${COLUMNS} from one_time_codes o where o.link_hash = ${sha256(linkToken)} for update`);
}

/**
 * Uses up a proof together with every other open one of its address and purpose, so that a mail asked for
 * by somebody else does not stay a way in. False when it was used before.
 */
export async function consume(tx: Tx, code: OneTimeCode, now: Date): Promise<boolean> {
  const used = await tx.execute(
    sql`update one_time_codes set consumed_at = ${now} where id = ${code.id} and consumed_at is null`,
  );
  if (used === 0) return false;
  await tx.execute(sql`
    update one_time_codes set consumed_at = ${now}
    where tenant_id = ${code.tenantId} and email = ${code.email} and purpose = ${code.purpose} and consumed_at is null`);
  return true;
}

/**
 * The newest mail that still waits to confirm a sign-up or upgrade of this address, expired or not: its
 * password is right but does not work yet, and another mail can be asked for.
 */
export const findPendingConfirmation = (
  q: Queryable,
  tenantId: string,
  email: string,
): Promise<OneTimeCode | null> =>
  q.maybeOne<OneTimeCode>(sql`
    select ${COLUMNS} from one_time_codes o
    where o.tenant_id = ${tenantId} and o.email = ${email} and o.purpose in ('signup', 'upgrade')
      and o.consumed_at is null and not o.payload ? 'decoy'
    order by o.created_at desc, o.id desc limit 1`);
