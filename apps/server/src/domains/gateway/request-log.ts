import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import type { Job } from "../../platform/jobs.ts";
import { captureHold } from "../credits/index.ts";

/** One call through the gateway, without its body: product spec §2, gateway request. Times in ms, cost in micro-units. */
export type GatewayRequest = {
  id: string;
  tenantId: string;
  mode: Mode;
  paywallId: string;
  providerId: string;
  customerId: string;
  /** What keeps the credits; null for a call that costs nothing. */
  holdId: string | null;
  method: string;
  path: string;
  model: string | null;
  /** What the upstream answered; null when it did not. */
  status: number | null;
  firstByteMs: number | null;
  totalMs: number | null;
  stream: boolean;
  /** The caller went away before the end. */
  aborted: boolean;
  unitsIn: number | null;
  unitsOut: number | null;
  tokenType: string;
  /** Credits charged. */
  tokens: number;
  costMicro: number | null;
  error: string | null;
  createdAt: Date;
};

const MAX_PATH = 500;

/** Writes a call down: while its answer is on its way, with what it owes by then, or when all is over. */
export async function logRequest(
  q: Queryable,
  it: GatewayRequest & { state: "running" | "done"; owed: number; seenAt: Date },
): Promise<void> {
  await q.execute(sql`
    insert into gateway_requests (id, tenant_id, mode, paywall_id, provider_id, customer_id, state, hold_id, method, path,
      model, status, first_byte_ms, total_ms, stream, aborted, units_in, units_out, token_type, owed, tokens, cost_micro,
      error, created_at, seen_at)
    values (${it.id}, ${it.tenantId}, ${it.mode}, ${it.paywallId}, ${it.providerId}, ${it.customerId}, ${it.state},
      ${it.holdId}, ${it.method}, ${it.path.slice(0, MAX_PATH)}, ${it.model}, ${it.status}, ${it.firstByteMs},
      ${it.totalMs}, ${it.stream}, ${it.aborted}, ${it.unitsIn}, ${it.unitsOut}, ${it.tokenType}, ${it.owed},
      ${it.tokens}, ${it.costMicro}, ${it.error}, ${it.createdAt}, ${it.seenAt})
    on conflict (id) do update set state = excluded.state, hold_id = excluded.hold_id, model = excluded.model,
      status = excluded.status, first_byte_ms = excluded.first_byte_ms, total_ms = excluded.total_ms,
      stream = excluded.stream, aborted = excluded.aborted, units_in = excluded.units_in, units_out = excluded.units_out, owed = excluded.owed,
      tokens = excluded.tokens, cost_micro = excluded.cost_micro, error = excluded.error, seen_at = excluded.seen_at
      where gateway_requests.state = 'running'`);
}

/** A sign of life of an answer that is still on its way, with what it owes by now. */
export async function noteProgress(q: Queryable, id: string, owed: number, now: Date): Promise<void> {
  await q.execute(sql`
    update gateway_requests set owed = ${owed}, seen_at = ${now} where id = ${id} and state = 'running'`);
}

/** A customer's own calls, newest first; `before` is the id of the last one on the page before. */
export function listRequests(
  q: Queryable,
  who: {
    tenantId: string;
    paywallId: string;
    customerId: string;
    mode: Mode;
    limit: number;
    before?: string | undefined;
  },
): Promise<GatewayRequest[]> {
  return q.query<GatewayRequest>(sql`
    select id, tenant_id "tenantId", mode, paywall_id "paywallId", provider_id "providerId", customer_id "customerId",
      hold_id "holdId", method, path, model, status, first_byte_ms "firstByteMs", total_ms "totalMs", stream, aborted,
      units_in "unitsIn", units_out "unitsOut", token_type "tokenType", tokens, cost_micro "costMicro", error,
      created_at "createdAt"
    from gateway_requests
    where tenant_id = ${who.tenantId} and customer_id = ${who.customerId} and mode = ${who.mode}
      and paywall_id = ${who.paywallId}
      and (${who.before ?? null}::text is null or (created_at, id) <
        (select created_at, id from gateway_requests
          where id = ${who.before ?? null} and customer_id = ${who.customerId}))
    order by created_at desc, id desc limit ${who.limit}`);
}

/**
 * Writes a call down before it is made, unless it would take a customer past what they may spend at its provider since
 * `since`. Calls that arrive together take turns, and what each may cost counts while it is under way.
 */
export async function reserveSpend(
  tx: Tx,
  it: GatewayRequest & { owed: number; seenAt: Date },
  limit: { max: number; since: Date },
): Promise<boolean> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`spend:${it.providerId}:${it.customerId}`}, 0))`,
  );
  const { spent } = await tx.one<{ spent: number }>(sql`
    select coalesce(sum(greatest(tokens, owed)), 0)::bigint spent from gateway_requests
    where provider_id = ${it.providerId} and customer_id = ${it.customerId} and mode = ${it.mode}
      and created_at >= ${limit.since}`);
  if (spent + it.owed > limit.max) return false;
  await logRequest(tx, { ...it, state: "running" });
  return true;
}

/** How often a running call gives a sign of life, and how long one may be missing. */
export const PROGRESS_MS = 5000;
const LOST_MS = 60_000;
const BATCH = 100;

/** Charges answers that were under way when their server died, by what they had delivered by its last sign of life. */
export function lostCallsJob(deps: Pick<Deps, "clock" | "db" | "ids" | "jobs">): Job {
  return {
    name: "gateway-lost-calls",
    everyMs: 15_000,
    async run() {
      const now = deps.clock.now();
      const lost = await deps.db.query<{ id: string; holdId: string | null; owed: number }>(sql`
        select id, hold_id "holdId", owed from gateway_requests
        where state = 'running' and seen_at < ${new Date(now.getTime() - LOST_MS)} order by seen_at limit ${BATCH}`);
      for (const { id, holdId, owed } of lost) {
        await deps.db.transaction(async (tx) => {
          const charged = holdId ? await captureHold(tx, deps, { holdId, amount: owed, now }) : null;
          await tx.execute(sql`
            update gateway_requests set state = 'done', aborted = true, error = 'server_stopped',
              tokens = ${charged?.captured ?? 0}, owed = ${charged?.captured ?? 0} where id = ${id} and state = 'running'`);
        });
      }
      return lost.length;
    },
  };
}

const KEPT_DAYS = 90;

/** Deletes calls that are older than ninety days. Returns how many went. */
export function forgetRequests(q: Queryable, now: Date): Promise<number> {
  return q.execute(sql`
    delete from gateway_requests where ctid = any (array(
      select ctid from gateway_requests where created_at < ${now}::timestamptz - ${KEPT_DAYS} * interval '1 day'
      limit ${BATCH}))`);
}
