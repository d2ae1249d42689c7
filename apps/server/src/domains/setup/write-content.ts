import { json, sql } from "../../platform/database/index.ts";
import { type AccessList, type Grant, saveAccessList, saveGrant } from "../access-lists/index.ts";
import { pageKey, pagePattern } from "../catalogue/index.ts";
import { saveMeter } from "../meters/index.ts";
import type { Writing } from "./apply-setup.ts";

const instantOf = (value: unknown): Date | null => (typeof value === "string" ? new Date(value) : null);

export async function writeProduct({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const v = change.values as Record<string, string | number | null> & {
    urlPatterns: string[];
    tags: string[];
  };
  const keyOf = (address: unknown) => (typeof address === "string" ? pageKey(address) : null);
  await tx.execute(sql`
    insert into products as p (id, tenant_id, sku, title, description, type, access_rule, access_days, state, cover, language,
      url, url_key, url_patterns, url_likes, pass_url, pass_url_key, publisher_content_id, section, tags, published_at,
      fulfillment, created_at, updated_at)
    values (${deps.ids.next("product")}, ${tenantId}, ${change.key}, ${v.title}, ${v.description}, ${v.type},
      ${v.accessRule}, ${v.accessDays}, ${v.state}, ${v.cover}, ${v.language}, ${v.url}, ${keyOf(v.url)}, ${v.urlPatterns},
      ${v.urlPatterns.flatMap((it) => pagePattern(it) ?? [])}, ${v.passUrl}, ${keyOf(v.passUrl)}, ${v.publisherContentId},
      ${v.section}, ${v.tags}, ${instantOf(v.publishedAt)},
      ${v.fulfillment ? json(v.fulfillment) : null}, ${now}, ${now})
    on conflict (tenant_id, sku) do update set title = excluded.title, description = excluded.description,
      type = excluded.type, access_rule = excluded.access_rule, access_days = excluded.access_days,
      state = excluded.state, cover = excluded.cover, language = excluded.language, url = excluded.url,
      url_key = excluded.url_key, url_patterns = excluded.url_patterns, url_likes = excluded.url_likes,
      pass_url = excluded.pass_url, pass_url_key = excluded.pass_url_key,
      publisher_content_id = excluded.publisher_content_id, section = excluded.section, tags = excluded.tags,
      published_at = excluded.published_at, fulfillment = excluded.fulfillment, index_source = null, updated_at = excluded.updated_at, row_version = p.row_version + 1`);
}

/** What a bundle or a pass contains; all products are there by now. */
export async function writeBundle({ tx, tenantId, change }: Writing): Promise<void> {
  const members = change.action === "archive" ? [] : (change.values.contains as string[]);
  await tx.execute(sql`
    delete from product_members where tenant_id = ${tenantId}
      and parent_id = (select id from products where tenant_id = ${tenantId} and sku = ${change.key})
      and member_id in (select id from products where tenant_id = ${tenantId} and index_source is null)`);
  await tx.execute(sql`
    insert into product_members (tenant_id, parent_id, member_id)
    select ${tenantId}, p.id, m.id from products p, products m
    where p.tenant_id = ${tenantId} and p.sku = ${change.key} and m.tenant_id = ${tenantId} and m.sku = any (${members})`);
}

export async function writeMeter({ tx, deps, tenantId, change }: Writing): Promise<void> {
  const v = change.values as {
    limit: number;
    period: string;
    anonymous: boolean;
    registeredBonus: number;
    state: "active" | "disabled";
  };
  await saveMeter(tx, deps, {
    tenantId,
    key: change.key,
    maxReads: v.limit,
    period: v.period.toUpperCase() as "DAY" | "WEEK" | "MONTH",
    anonymous: v.anonymous,
    registeredBonus: v.registeredBonus,
    state: v.state,
  });
}

export async function writeAccessList({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const v = change.values as Omit<AccessList, "id" | "tenantId" | "key">;
  const { name, description, type, status, mode, excludeFromStats } = v;
  const list = { tenantId, key: change.key, name, description, type, status, mode, excludeFromStats };
  await saveAccessList(tx, deps, list, now);
}

export async function writeGrant({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const v = change.values as {
    list: string;
    email: string;
    product: string;
    option: string | null;
    status: Grant["status"];
    startsAt: string | null;
    endsAt: string | null;
    notes: string | null;
  };
  const { listId, productId, optionId } = await tx.one<{
    listId: string;
    productId: string;
    optionId: string | null;
  }>(sql`
    select l.id "listId", p.id "productId", (select o.id from purchase_options o
      where o.tenant_id = ${tenantId} and o.key = ${v.option} and o.state <> 'superseded') "optionId"
    from access_lists l, products p
    where l.tenant_id = ${tenantId} and l.key = ${v.list} and p.tenant_id = ${tenantId} and p.sku = ${v.product}`);
  await saveGrant(
    tx,
    deps,
    {
      tenantId,
      listId,
      key: change.key,
      email: v.email,
      productId,
      optionId,
      status: v.status,
      startsAt: instantOf(v.startsAt),
      endsAt: instantOf(v.endsAt),
      notes: v.notes,
    },
    now,
  );
}
