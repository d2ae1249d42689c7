import { addSeconds } from "../../platform/clock.ts";
import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

/** What a file answered last, so that it need not be sent again. */
export type Validator = { etag?: string; lastModified?: string };

/** Where a tenant's articles are found. */
export type ContentSource = {
  id: string;
  tenantId: string;
  key: string;
  kind: "sitemap" | "feed";
  url: string;
  /** Of articles that name none. */
  section: string | null;
  everyMinutes: number;
  state: "active" | "disabled";
  dueAt: Date;
  checkedAt: Date | null;
  /** What the last look found. */
  pages: number;
  /** A sentence for the publisher; null after a good look. */
  error: string | null;
  failures: number;
  validators: Record<string, Validator>;
};

const COLUMNS = {
  text: `id, tenant_id "tenantId", key, kind, url, section, every_minutes "everyMinutes", state, due_at "dueAt",
    checked_at "checkedAt", pages, error, failures, validators`,
  values: [],
  name: undefined,
};

/** A tenant's sources, by key. */
export const listContentSources = (q: Queryable, tenantId: string): Promise<ContentSource[]> =>
  q.query<ContentSource>(
    sql`select ${COLUMNS} from content_sources where tenant_id = ${tenantId} order by key`,
  );

/** Makes a source, or gives the one with this key new values; another address is looked at soon, and anew. Idempotent. */
export async function saveContentSource(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids">,
  input: Pick<ContentSource, "tenantId" | "key" | "kind" | "url" | "section" | "everyMinutes" | "state">,
): Promise<void> {
  const now = deps.clock.now();
  await tx.execute(sql`
    insert into content_sources as s (id, tenant_id, key, kind, url, section, every_minutes, state, due_at, created_at)
    values (${deps.ids.next("contentSource")}, ${input.tenantId}, ${input.key}, ${input.kind}, ${input.url},
      ${input.section}, ${input.everyMinutes}, ${input.state}, ${now}, ${now})
    on conflict (tenant_id, key) do update set kind = excluded.kind, url = excluded.url, section = excluded.section,
      every_minutes = excluded.every_minutes, state = excluded.state,
      due_at = case when (s.kind, s.url, s.state) = (excluded.kind, excluded.url, excluded.state) then s.due_at
                    else excluded.due_at end,
      validators = case when (s.kind, s.url) = (excluded.kind, excluded.url) then s.validators else '{}' end`);
}

/** Has a source looked at as soon as possible, from the beginning. False when there is no such source at work. */
export async function checkContentSourceNow(
  tx: Tx,
  deps: Pick<Deps, "clock" | "jobs">,
  tenantId: string,
  key: string,
): Promise<boolean> {
  const found = await tx.execute(sql`
    update content_sources set due_at = ${deps.clock.now()}, validators = '{}'
    where tenant_id = ${tenantId} and key = ${key} and state = 'active'`);
  tx.afterCommit(() => deps.jobs.wake(SOURCE_JOB));
  return found === 1;
}

export const SOURCE_JOB = "content-sources";
/** Longer than any look takes; a process that dies meanwhile gives the source back. */
const LEASE_SECONDS = 15 * 60;

/** Takes one source that is due; others on other nodes take others. */
export const claimSource = (q: Queryable, now: Date): Promise<ContentSource | null> =>
  q.maybeOne<ContentSource>(sql`
    update content_sources set due_at = ${addSeconds(now, LEASE_SECONDS)}
    where id = (
      select s.id from content_sources s join tenants t on t.id = s.tenant_id
      where s.state = 'active' and t.status = 'active' and s.due_at <= ${now}
      order by s.due_at limit 1 for update of s skip locked)
    returning ${COLUMNS}`);

/** Gives back a source whose look was broken off by us. */
export const releaseSource = (q: Queryable, source: ContentSource, now: Date): Promise<number> =>
  q.execute(sql`update content_sources set due_at = ${now} where id = ${source.id}`);

/** Writes down what a look found and when the next one is. */
export const finishLook = (
  q: Queryable,
  source: ContentSource,
  look: {
    checkedAt: Date;
    dueAt: Date;
    pages: number;
    error: string | null;
    validators: Record<string, Validator>;
  },
): Promise<number> =>
  q.execute(sql`
    update content_sources set checked_at = ${look.checkedAt}, pages = ${look.pages}, error = ${look.error},
      failures = case when ${look.error}::text is null then 0 else failures + 1 end, validators = ${json(look.validators)},
      -- Somebody may have changed it, or asked for another look, meanwhile.
      due_at = case when url = ${source.url} and due_at > ${look.checkedAt} then ${look.dueAt} else due_at end
    where id = ${source.id}`);
