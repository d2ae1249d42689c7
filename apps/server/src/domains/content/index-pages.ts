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
import { AppError } from "../../platform/errors.ts";
import { recordEvent } from "../../platform/events.ts";
import { pageKey } from "../catalogue/index.ts";

/** By whose word an article is known; who knows it better comes first. */
export const INDEX_SOURCES = ["push", "feed", "sitemap", "checkout"] as const;
export type IndexSource = (typeof INDEX_SOURCES)[number];

/** What is said about an article. What is left out stays as it is. */
export type PageFacts = {
  url: string;
  sku?: string | undefined;
  publisherContentId?: string | undefined;
  title?: string | undefined;
  description?: string | undefined;
  section?: string | undefined;
  language?: string | undefined;
  cover?: string | undefined;
  tags?: string[] | undefined;
  publishedAt?: Date | undefined;
  /** Skus of the passes and bundles that open it; replaces those that an earlier push named. */
  passes?: string[] | undefined;
};

/** `kept`: somebody wrote it into the catalogue by hand, so nothing was changed. */
export type Indexed = {
  productId: string;
  sku: string;
  url: string;
  result: "created" | "updated" | "unchanged" | "kept";
};

type Known = {
  id: string;
  sku: string;
  urlKey: string | null;
  contentId: string | null;
  source: IndexSource | null;
  state: string;
  facts: Facts;
};

type Facts = {
  title: string;
  description: string | null;
  section: string | null;
  language: string | null;
  cover: string | null;
  tags: string[];
  published_at: string | null;
  url: string | null;
  publisher_content_id: string | null;
};

const TITLE_CHARS = 300;
const FREE_ID = /^[\w.-]{1,150}$/;

/**
 * Makes articles known: to `checkAccess`, to `matchPage` and to the product lists. An article is recognised by its sku,
 * its content id or its address, in this order, so that one that has moved stays itself. What somebody wrote into the
 * catalogue by hand is never changed, and a source that knows less fills gaps only. Repeating it changes nothing.
 *
 * @throws `conflict` (409) for a push whose names belong to a product of the catalogue, or to different articles; 400 for
 *   a pass that is not there. The caller has checked that the pages are the tenant's.
 */
export async function indexPages(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; source: IndexSource; pages: readonly PageFacts[]; now: Date },
): Promise<Indexed[]> {
  const { tenantId, source, now } = input;
  const pages = input.pages.map((page) => ({ ...page, key: pageKey(page.url) }));
  // Two sources at once must not make one article twice.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`content-index:${tenantId}`}, 0))`);
  const known = await findKnown(tx, tenantId, pages);
  const done: Indexed[] = [];
  for (const page of pages) {
    if (page.key === null) continue;
    const named = namedBy(known, page, page.key);
    if (source === "push") refuseConflict(named, page);
    const existing = named.sku ?? named.content ?? named.page;
    const indexed = await write(tx, deps, { tenantId, source, now, page, key: page.key, existing, known });
    if (page.passes && indexed.result !== "kept")
      await putIntoPasses(tx, tenantId, indexed.productId, page.passes);
    done.push(indexed);
  }
  const count = (result: Indexed["result"]) => done.filter((it) => it.result === result).length;
  const [created, updated] = [count("created"), count("updated")];
  if (created + updated > 0 || pages.some((it) => it.passes)) {
    await recordEvent(tx, deps, {
      type: "content.indexed",
      tenantId,
      occurredAt: now,
      data: { source, created, updated },
    });
  }
  return done;
}

async function findKnown(
  q: Queryable,
  tenantId: string,
  pages: readonly (PageFacts & { key: string | null })[],
): Promise<Known[]> {
  const keys = pages.flatMap((it) => it.key ?? []);
  const contents = pages.flatMap((it) => it.publisherContentId ?? []);
  const skus = pages.flatMap((it) => [it.sku ?? [], skuOf(it, it.key ?? "")].flat());
  return q.query<Known>(sql`
    select id, sku, url_key "urlKey", publisher_content_id "contentId", index_source source, state,
      jsonb_build_object('title', title, 'description', description, 'section', section, 'language', language, 'cover', cover,
        'tags', tags, 'published_at', to_char(published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'url', url,
        'publisher_content_id', publisher_content_id) facts
    from products where tenant_id = ${tenantId}
      and (url_key = any (${keys}) or publisher_content_id = any (${contents}) or sku = any (${skus}))
    order by index_source is not null, id`);
}

const namedBy = (known: readonly Known[], page: PageFacts, key: string) => ({
  sku: known.find((it) => page.sku !== undefined && it.sku === page.sku),
  content: known.find(
    (it) => page.publisherContentId !== undefined && it.contentId === page.publisherContentId,
  ),
  page: known.find((it) => it.urlKey === key),
});

function refuseConflict(named: ReturnType<typeof namedBy>, page: PageFacts): void {
  const found = [named.sku, named.content, named.page].filter((it) => it !== undefined);
  if (new Set(found.map((it) => it.id)).size > 1) {
    throw new AppError("conflict", 409, `The names of ${page.url} belong to different products.`);
  }
  if (named.sku && named.sku.source === null) {
    throw new AppError("conflict", 409, `The sku ${named.sku.sku} is a product of the catalogue.`);
  }
}

/** What an article is called until somebody says more. */
const titleOf = (url: string): string => {
  const path = new URL(url).pathname.replace(/\/+$/, "").replace(/\.\w{1,5}$/, "");
  let slug = path.slice(path.lastIndexOf("/") + 1);
  try {
    slug = decodeURIComponent(slug);
  } catch {
    // As it is written, then.
  }
  const words = slug.replaceAll(/[-_+]+/g, " ").trim();
  return (words ? words[0]?.toUpperCase() + words.slice(1) : new URL(url).host)
    .toWellFormed()
    .slice(0, TITLE_CHARS);
};

/** `article:` and the content id, or a name made of the address. */
function skuOf({ sku, publisherContentId }: PageFacts, key: string): string {
  if (sku !== undefined) return sku;
  const id =
    publisherContentId !== undefined && FREE_ID.test(publisherContentId)
      ? publisherContentId
      : sha256(key).toString("base64url").slice(0, 22);
  return `article:${id}`;
}

const rank = (source: IndexSource): number => INDEX_SOURCES.indexOf(source);

/** The facts as they are to be; a source that knows less than the one before adds what is missing. */
function merge(old: Facts | null, page: PageFacts, knowsLess: boolean): Facts {
  const given = {
    title: page.title?.trim().slice(0, TITLE_CHARS) || undefined,
    description: page.description,
    section: page.section,
    language: page.language,
    cover: page.cover,
    tags: page.tags,
    published_at: page.publishedAt?.toISOString(),
    url: page.url,
    publisher_content_id: page.publisherContentId,
  };
  const pick = <K extends keyof Facts>(name: K, fallback: Facts[K]): Facts[K] => {
    const mine = given[name] as Facts[K] | undefined;
    const before = old?.[name];
    const isThere = before !== null && before !== undefined && (!Array.isArray(before) || before.length > 0);
    if (knowsLess && isThere) return before as Facts[K];
    return mine ?? before ?? fallback;
  };
  return {
    title: pick("title", titleOf(page.url)),
    description: pick("description", null),
    section: pick("section", null),
    language: pick("language", null),
    cover: pick("cover", null),
    tags: pick("tags", []),
    published_at: pick("published_at", null),
    url: pick("url", page.url),
    publisher_content_id: pick("publisher_content_id", null),
  };
}

async function write(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  it: {
    tenantId: string;
    source: IndexSource;
    now: Date;
    page: PageFacts;
    key: string;
    existing: Known | undefined;
    known: Known[];
  },
): Promise<Indexed> {
  const { tenantId, source, now, page, key, existing, known } = it;
  if (existing?.source === null) {
    return { productId: existing.id, sku: existing.sku, url: existing.facts.url ?? page.url, result: "kept" };
  }
  const knowsLess = existing != null && existing.source !== null && rank(source) > rank(existing.source);
  const facts = merge(existing?.facts ?? null, page, knowsLess);
  const urlKey = facts.url === null ? key : pageKey(facts.url);
  const told = { url: facts.url ?? page.url };
  if (existing) {
    const same = JSON.stringify(facts) === JSON.stringify(merge(existing.facts, { url: told.url }, true));
    // An article that is announced again is there again.
    const isBack = source === "push" && existing.state === "archived";
    if (same && !isBack) return { productId: existing.id, sku: existing.sku, ...told, result: "unchanged" };
    await tx.execute(sql`
      update products set title = ${facts.title}, description = ${facts.description}, section = ${facts.section},
        language = ${facts.language}, cover = ${facts.cover}, tags = ${facts.tags}, published_at = ${facts.published_at},
        url = ${facts.url}, url_key = ${urlKey}, publisher_content_id = ${facts.publisher_content_id},
        state = case when ${isBack} then 'active' else state end,
        index_source = ${knowsLess ? existing.source : source}, indexed_at = ${now}, updated_at = ${now},
        row_version = row_version + 1
      where id = ${existing.id}`);
    Object.assign(existing, { facts, urlKey, contentId: facts.publisher_content_id });
    return { productId: existing.id, sku: existing.sku, ...told, result: "updated" };
  }
  // A content id may be somebody else's sku.
  const wanted = skuOf(page, key);
  const taken = known.some((other) => other.sku === wanted);
  const sku = taken ? skuOf({ url: page.url }, `${key} ${wanted}`) : wanted;
  const id = deps.ids.next("product");
  await tx.execute(sql`
    insert into products (id, tenant_id, sku, title, description, type, section, language, cover, tags, published_at, url,
      url_key, publisher_content_id, index_source, indexed_at, created_at, updated_at)
    values (${id}, ${tenantId}, ${sku}, ${facts.title}, ${facts.description}, 'article', ${facts.section}, ${facts.language},
      ${facts.cover}, ${facts.tags}, ${facts.published_at}, ${facts.url}, ${urlKey}, ${facts.publisher_content_id},
      ${source}, ${now}, ${now}, ${now})`);
  known.push({ id, sku, urlKey, contentId: facts.publisher_content_id, source, state: "active", facts });
  return { productId: id, sku, ...told, result: "created" };
}

/** @throws 400 for a pass that the tenant does not have */
async function putIntoPasses(
  tx: Tx,
  tenantId: string,
  memberId: string,
  skus: readonly string[],
): Promise<void> {
  const wanted = [...new Set(skus)];
  const passes = await tx.query<{ id: string; sku: string }>(sql`
    select id, sku from products where tenant_id = ${tenantId} and sku = any (${wanted}) and index_source is null`);
  const missing = wanted.find((sku) => !passes.some((it) => it.sku === sku));
  if (missing !== undefined) {
    throw new AppError("validation_error", 400, `There is no pass or bundle with the sku ${missing}.`, {
      details: { field: "passes" },
    });
  }
  await tx.execute(
    sql`delete from product_members where tenant_id = ${tenantId} and member_id = ${memberId}`,
  );
  await tx.execute(sql`
    insert into product_members (tenant_id, parent_id, member_id)
    select ${tenantId}, parent, ${memberId} from unnest(${passes.map((it) => it.id)}::text[]) parent`);
}

/** Takes an article off the index. Whoever bought it keeps it. False when there is no such article. */
export const unindexPage = async (tx: Tx, tenantId: string, sku: string, now: Date): Promise<boolean> =>
  (await tx.execute(sql`
    update products set state = 'archived', updated_at = ${now}, row_version = row_version + 1
    where tenant_id = ${tenantId} and sku = ${sku} and index_source is not null and state <> 'archived'`)) ===
  1;

/** An article of the index, as somebody who looks after it sees it. */
export type KnownArticle = {
  id: string;
  sku: string;
  url: string;
  title: string;
  publisherContentId: string | null;
  section: string | null;
  publishedAt: Date | null;
  source: IndexSource;
  indexedAt: Date;
  state: string;
};

/** What the index knows of a tenant, newest first. */
export const listIndexedPages = (
  q: Queryable,
  filter: { tenantId: string; source: IndexSource | null; search: string },
  page: PageRequest,
): Promise<Page<KnownArticle>> =>
  readPage<KnownArticle>(
    q,
    sql`
      select id, sku, url, title, publisher_content_id "publisherContentId", section, published_at "publishedAt",
        index_source source, indexed_at "indexedAt", state
      from products where tenant_id = ${filter.tenantId} and index_source is not null
        and (${filter.source}::text is null or index_source = ${filter.source})
        and position(lower(${filter.search}) in lower(concat_ws(' ', sku, title, url))) > 0`,
    page,
  );
