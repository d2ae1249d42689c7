import { z } from "zod";
import { addSeconds } from "../../platform/clock.ts";
import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { createSafeFetch, refusalOf, type SafeFetch } from "../../platform/safe-fetch/index.ts";
import { projectGrants } from "../entitlements/index.ts";
import { signatureHeaders } from "../webhooks/index.ts";
import { accessListErrors } from "./errors.ts";
import { type AccessListRecord, type Hook, lockAccessList } from "./lists.ts";

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 16 * 1024;
const MAX_URL_CHARS = 2000;
/** Before a publisher's system that did not answer is asked again. */
const FAILED_SECONDS = 30;
const MAX_LISTS = 5;
export const HOOK_CACHE_SECONDS = { min: 60, default: 3600, max: 86_400 };

const answerSchema = z.object({
  access: z.boolean(),
  endsAt: z.iso.datetime({ offset: true }).nullish(),
});

const secretContext = (listId: string): string => `access-hook:${listId}`;

/**
 * Tells a list whom to ask. The secret that signs the questions is made with the first hook, or when a new one is
 * wanted, and is shown that once.
 *
 * @throws 404, 409 for a list of another type, 400 `hook_url_refused` for an address off the public internet
 */
export async function setHook(
  tx: Tx,
  deps: Pick<Deps, "config" | "keys" | "random">,
  input: { tenantId: string; listId: string; hook: Hook; newSecret?: boolean },
  now: Date,
): Promise<{ secret: string | null }> {
  const { listId, hook } = input;
  const list = await lockAccessList(tx, input.tenantId, listId);
  if (list.type !== "HOOK") throw accessListErrors.wrongType("HOOK");
  const refusal =
    hook.url.length > MAX_URL_CHARS
      ? "The address is too long."
      : refusalOf(hook.url, deps.config.webhookAllowedOrigins);
  if (refusal) throw accessListErrors.hookRefused(refusal);
  const secret =
    list.hook === null || input.newSecret ? `whsec_${deps.random.bytes(24).toString("base64")}` : null;
  const sealed = secret && deps.keys.seal(secret, secretContext(listId));
  await tx.execute(sql`
    update access_lists set hook = ${JSON.stringify(hook)}::jsonb, updated_at = ${now},
      hook_secret_sealed = coalesce(${sealed}, hook_secret_sealed) where id = ${listId}`);
  // Another system may know other people.
  await tx.execute(sql`delete from access_answers where list_id = ${listId}`);
  return { secret };
}

/** A customer who has proved their address; nobody is asked about anybody else. */
export type ProvenCustomer = { id: string; uuid: string; tenantId: string; email: string };

export type HookOutcome = "yes" | "no" | "failed";

/** Asks publishers' systems whether somebody has access. */
export interface AccessHooks {
  /** Asks one list's system now, whatever it said before, and writes nothing. @throws 409 without a hook */
  probe(list: AccessListRecord, who: { email: string; userId: string | null }): Promise<HookOutcome>;
  /**
   * Asks the systems of the active HOOK lists that sell this product, or one that contains it. Whoever answers yes gives
   * a right until the answer is stale, a no ends it, and no answer at all gives nothing. Answers are used again until
   * then.
   *
   * @param now the tenant's time
   */
  askAbout(
    customer: ProvenCustomer,
    what: { productId: string; mode: "test" | "live"; now: Date },
  ): Promise<void>;
}

type HookedList = { id: string; tenantId: string; hook: Hook; secretSealed: string };

export function createAccessHooks(
  deps: Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs" | "keys" | "log">,
  options: { fetch?: SafeFetch; timeoutMs?: number } = {},
): AccessHooks {
  const fetch = options.fetch ?? createSafeFetch({ allowedOrigins: deps.config.webhookAllowedOrigins });
  // Tabs ask at the same moment; one question answers all of them.
  const underWay = new Map<string, Promise<void>>();

  async function ask(
    list: HookedList,
    who: { email: string; userId: string | null },
  ): Promise<{ outcome: HookOutcome; endsAt: Date | null }> {
    const id = deps.ids.next("event");
    const { sku } = await deps.db.one<{ sku: string }>(
      sql`select sku from products where id = ${list.hook.productId}`,
    );
    const sentAt = deps.clock.now();
    const body = JSON.stringify({
      type: "access.check",
      id,
      createdAt: sentAt.toISOString(),
      listId: list.id,
      sku,
      email: who.email,
      ...(who.userId !== null && { userId: who.userId }),
    });
    const secret = deps.keys.open(list.secretSealed, secretContext(list.id));
    try {
      const response = await fetch.send({
        url: list.hook.url,
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          ...signatureHeaders(secret, { id, body, sentAt }),
        },
        body,
        timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        maxResponseBytes: MAX_ANSWER_BYTES,
      });
      if (response.status !== 200) throw new Error(`It answered ${response.status}.`);
      const answer = answerSchema.parse(JSON.parse(response.body.toString("utf8")));
      const endsAt = answer.endsAt ? new Date(answer.endsAt) : null;
      return { outcome: answer.access ? "yes" : "no", endsAt };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      deps.log.warn({ list: list.id, reason }, "a publisher's access hook gave no answer");
      return { outcome: "failed", endsAt: null };
    }
  }

  async function refresh(list: HookedList, customer: ProvenCustomer, now: Date): Promise<void> {
    const askedAt = deps.clock.now();
    const { outcome, endsAt } = await ask(list, { email: customer.email, userId: customer.uuid });
    const seconds = outcome === "failed" ? FAILED_SECONDS : list.hook.cacheSeconds;
    const until = addSeconds(now, seconds);
    await deps.db.transaction(async (tx) => {
      const written = await tx.execute(sql`
        insert into access_answers as a (tenant_id, list_id, customer_id, access, asked_at, fresh_until)
        values (${list.tenantId}, ${list.id}, ${customer.id}, ${outcome === "failed" ? null : outcome === "yes"}, ${askedAt},
          ${addSeconds(askedAt, seconds)})
        on conflict (list_id, customer_id) do update set access = excluded.access, asked_at = excluded.asked_at,
          fresh_until = excluded.fresh_until where a.asked_at <= excluded.asked_at`);
      // A later question has its answer already, or the old right lasts until its own end.
      if (written === 0 || outcome === "failed") return;
      await writeGrant(tx, list, customer, {
        granted: outcome === "yes",
        endsAt: endsAt && endsAt < until ? endsAt : until,
        now,
      });
    });
  }

  async function writeGrant(
    tx: Tx,
    list: HookedList,
    customer: ProvenCustomer,
    answer: { granted: boolean; endsAt: Date; now: Date },
  ): Promise<void> {
    const originKey = `hook:${customer.id}`;
    const { now } = answer;
    const row = answer.granted
      ? await tx.maybeOne<{ id: string }>(sql`
          insert into access_grants (id, tenant_id, list_id, origin_key, email, customer_id, product_id, option_id, status,
            ends_at, created_at, updated_at)
          values (${deps.ids.next("grant")}, ${list.tenantId}, ${list.id}, ${originKey}, ${customer.email}, ${customer.id},
            ${list.hook.productId}, ${list.hook.optionId}, 'ACTIVE', ${answer.endsAt}, ${now}, ${now})
          on conflict (list_id, origin_key) do update set email = excluded.email, customer_id = excluded.customer_id,
            product_id = excluded.product_id, option_id = excluded.option_id, status = 'ACTIVE', ends_at = excluded.ends_at,
            deleted_at = null, updated_at = excluded.updated_at
          returning id`)
      : await tx.maybeOne<{ id: string }>(sql`
          update access_grants set status = 'INACTIVE', updated_at = ${now}
          where list_id = ${list.id} and origin_key = ${originKey} and status = 'ACTIVE' returning id`);
    if (row) await projectGrants(tx, deps, { tenantId: list.tenantId, grantId: row.id, at: now });
  }

  return {
    async probe(list, who) {
      const hooked = await deps.db.maybeOne<HookedList>(sql`
        select id, tenant_id "tenantId", hook, hook_secret_sealed "secretSealed" from access_lists
        where id = ${list.id} and hook is not null`);
      if (!hooked) throw accessListErrors.noHook();
      return (await ask(hooked, who)).outcome;
    },
    askAbout(customer, { productId, mode, now }) {
      const key = `${customer.id} ${productId} ${mode}`;
      const earlier = underWay.get(key);
      if (earlier) return earlier;
      const askAll = async () => {
        // Looked up under the same key: whoever comes later sees the answers that were written.
        const lists = await staleLists(deps.db, customer, { productId, mode, at: deps.clock.now() });
        await Promise.all(lists.map((list) => refresh(list, customer, now)));
      };
      const question = askAll().finally(() => underWay.delete(key));
      underWay.set(key, question);
      return question;
    },
  };
}

/** The lists that could give this product and have no fresh answer about this customer. */
const staleLists = (
  q: Queryable,
  customer: ProvenCustomer,
  what: { productId: string; mode: string; at: Date },
): Promise<HookedList[]> =>
  q.query<HookedList>(sql`
    with recursive covering (id) as (
      select id from products where tenant_id = ${customer.tenantId} and id = ${what.productId}
      union
      select m.parent_id from product_members m join covering c on c.id = m.member_id
    )
    select l.id, l.tenant_id "tenantId", l.hook, l.hook_secret_sealed "secretSealed" from access_lists l
    where l.tenant_id = ${customer.tenantId} and l.type = 'HOOK' and l.status = 'ACTIVE' and l.mode = ${what.mode}
      and l.hook ->> 'productId' in (select id from covering)
      and not exists (select from access_answers a
        where a.list_id = l.id and a.customer_id = ${customer.id} and a.fresh_until > ${what.at})
    order by l.id limit ${MAX_LISTS}`);
