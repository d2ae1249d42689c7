import { addSeconds } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

export const DEFAULT_TTL_SECONDS = 3600;
export const MAX_TTL_SECONDS = 30 * 86_400;

const CONTEXT = "short-link";

/**
 * Makes a short link to `target` and returns its code: 128 bits of chance, since targets may carry tokens. Not
 * idempotent: every call makes another code.
 */
export async function createShortLink(
  tx: Tx,
  deps: Pick<Deps, "clock" | "keys" | "random">,
  input: { tenantId: string | null; target: string; ttlSeconds: number },
): Promise<string> {
  const code = deps.random.bytes(16).toString("base64url");
  const now = deps.clock.now();
  await tx.execute(sql`
    insert into short_links (hash, tenant_id, target_sealed, created_at, expires_at)
    values (${sha256(code)}, ${input.tenantId}, ${deps.keys.seal(input.target, CONTEXT)}, ${now},
      ${addSeconds(now, Math.min(input.ttlSeconds, MAX_TTL_SECONDS))})`);
  return code;
}

/** Where a code leads, or null when it is unknown or past its time. */
export async function resolveShortLink(
  q: Queryable,
  deps: Pick<Deps, "clock" | "keys">,
  code: string,
): Promise<string | null> {
  const row = await q.maybeOne<{ target: string }>(sql`
    select target_sealed target from short_links where hash = ${sha256(code)} and expires_at > ${deps.clock.now()}`);
  return row && deps.keys.open(row.target, CONTEXT);
}

const BATCH = 1000;

/** Deletes links past their time. Returns how many went. */
export const forgetShortLinks = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from short_links where hash in (select hash from short_links where expires_at <= ${now} limit ${BATCH})`);
