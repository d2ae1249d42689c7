import { addSeconds } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { projectGrants } from "../entitlements/index.ts";
import { readCsv } from "./csv.ts";
import { accessListErrors } from "./errors.ts";
import { type GrantRow, type Reading, type RowError, readGrantRows } from "./grant-rows.ts";
import { getAccessList, lockAccessList } from "./lists.ts";

const FRESH_SECONDS = 24 * 3600;
const SAMPLES = 10;
const SHOWN_ERRORS = 50;
const CSV_TYPES = new Set(["CSV_FILE", "CSV_FILE_OLD", "CSV_TRANSACTIONS"]);

/** What using a file would do to its list. */
export type UploadSummary = {
  columns: string[];
  rows: number;
  counts: { added: number; changed: number; removed: number; unchanged: number; errors: number };
  /** At most ten of each. */
  samples: { added: Sample[]; changed: Sample[]; removed: Sample[] };
  /** At most fifty, by line. */
  errors: RowError[];
};
type Sample = { email: string; sku: string; publisherPurchaseId: string | null; line: number | null };

export type Upload = {
  id: string;
  listId: string;
  state: "previewed" | "applied";
  summary: UploadSummary;
  createdAt: Date;
  expiresAt: Date;
  appliedAt: Date | null;
};

type Resolved = Omit<GrantRow, "poId"> & { productId: string; optionId: string | null };
type Held = Omit<Resolved, "line"> & { id: string; status: string };
type Diff = {
  added: Resolved[];
  changed: { id: string; row: Resolved }[];
  removed: Held[];
  unchanged: number;
};

/**
 * Reads a file and says what it would change. Nothing counts before it is applied; the preview lives for a day.
 *
 * @throws 404, 409 for a list that is no file's, 400 `csv_refused`
 */
export async function previewUpload(
  deps: Pick<Deps, "clock" | "db" | "ids">,
  input: { tenantId: string; listId: string; text: string; reading: Reading },
): Promise<Upload> {
  const { tenantId, listId } = input;
  await csvList(deps.db, tenantId, listId);
  const table = await readCsv(input.text);
  const { rows, errors } = readGrantRows(table, input.reading);
  const resolved = await resolve(deps.db, tenantId, rows, errors);
  errors.sort((a, b) => a.line - b.line);
  const diff = compare(resolved, await held(deps.db, listId));
  const summary: UploadSummary = {
    columns: table.columns,
    rows: table.rows.length,
    counts: {
      added: diff.added.length,
      changed: diff.changed.length,
      removed: diff.removed.length,
      unchanged: diff.unchanged,
      errors: errors.length,
    },
    samples: {
      added: diff.added.slice(0, SAMPLES).map(sampleOf),
      changed: diff.changed.slice(0, SAMPLES).map(({ row }) => sampleOf(row)),
      removed: diff.removed.slice(0, SAMPLES).map(sampleOf),
    },
    errors: errors.slice(0, SHOWN_ERRORS),
  };
  const createdAt = deps.clock.now();
  const expiresAt = addSeconds(createdAt, FRESH_SECONDS);
  const id = deps.ids.next("job");
  await deps.db.execute(sql`
    insert into access_list_uploads (id, tenant_id, list_id, rows, diff_hash, summary, created_at, expires_at)
    values (${id}, ${tenantId}, ${listId}, ${json(resolved)}, ${hashOf(diff)}, ${json(summary)}, ${createdAt}, ${expiresAt})`);
  return { id, listId, state: "previewed", summary, createdAt, expiresAt, appliedAt: null };
}

/** @throws 404 for what is unknown, of another list, or forgotten */
export async function getUpload(
  q: Queryable,
  ref: { tenantId: string; listId: string; id: string },
): Promise<Upload> {
  const upload = await q.maybeOne<Upload>(sql`
    select id, list_id "listId", state, summary, created_at "createdAt", expires_at "expiresAt", applied_at "appliedAt"
    from access_list_uploads where tenant_id = ${ref.tenantId} and list_id = ${ref.listId} and id = ${ref.id}`);
  if (!upload) throw accessListErrors.notFound();
  return upload;
}

/**
 * Makes the list what the file says: adds, changes, and makes inactive whoever is no longer in it. A second time changes
 * nothing and answers the same.
 *
 * @throws 404, 409 `preview_outdated` when it would now do something else than the preview said, 409 `csv_has_errors`,
 * 409 `preview_expired`
 */
export async function applyUpload(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  ref: { tenantId: string; listId: string; id: string },
  now: Date,
): Promise<Upload> {
  const { tenantId, listId } = ref;
  await lockAccessList(tx, tenantId, listId);
  await csvList(tx, tenantId, listId);
  const upload = await getUpload(tx, ref);
  if (upload.state === "applied") return upload;
  if (upload.summary.counts.errors > 0) throw accessListErrors.rowsWithErrors(upload.summary.counts.errors);
  const { rows, hash } = await tx.one<{ rows: Resolved[] | null; hash: Buffer }>(
    sql`select rows, diff_hash hash from access_list_uploads where id = ${ref.id}`,
  );
  if (!rows || upload.expiresAt <= deps.clock.now()) throw accessListErrors.previewGone();
  const diff = compare(rows, await held(tx, listId));
  if (!hashOf(diff).equals(hash)) throw accessListErrors.previewOutdated();

  const added = diff.added.map((row) => ({ ...row, id: deps.ids.next("grant") }));
  const changed = diff.changed.map(({ id, row }) => ({ ...row, id }));
  const removed = diff.removed.map(({ id }) => id);
  await tx.execute(sql`
    insert into access_grants (id, tenant_id, list_id, email, product_id, option_id, status, starts_at, ends_at, notes,
      publisher_user_id, publisher_purchase_id, person, extra, created_at, updated_at)
    select r.id, ${tenantId}, ${listId}, r.email, r."productId", r."optionId", 'ACTIVE', r."startsAt", r."endsAt", r.notes,
      r."publisherUserId", r."publisherPurchaseId", r.person, r.extra, ${now}, ${now}
    from ${recordset(added)}`);
  await tx.execute(sql`
    update access_grants g set customer_id = case when g.email = r.email then g.customer_id end, email = r.email,
      product_id = r."productId", option_id = r."optionId", status = 'ACTIVE', starts_at = r."startsAt", ends_at = r."endsAt",
      notes = r.notes, publisher_user_id = r."publisherUserId", publisher_purchase_id = r."publisherPurchaseId",
      person = r.person, extra = r.extra, updated_at = ${now}
    from ${recordset(changed)} where g.id = r.id`);
  await tx.execute(
    sql`update access_grants set status = 'INACTIVE', updated_at = ${now} where id = any (${removed})`,
  );
  const touched = [...added, ...changed].map(({ id }) => id).concat(removed);
  await projectGrants(tx, deps, { tenantId, grantIds: touched, at: now });

  // Whose rows these were is on the list now; a second copy would only be something to lose.
  const summary = { ...upload.summary, samples: { added: [], changed: [], removed: [] } };
  const appliedAt = deps.clock.now();
  await tx.execute(sql`
    update access_list_uploads set state = 'applied', rows = null, summary = ${json(summary)}, applied_at = ${appliedAt}
    where id = ${ref.id}`);
  return { ...upload, summary, state: "applied", appliedAt };
}

const BATCH = 500;

/** Deletes previews that nobody used in time. Returns how many went. */
export const forgetUploads = (q: Queryable, now: Date): Promise<number> =>
  q.execute(sql`
    delete from access_list_uploads where id in (
      select id from access_list_uploads where rows is not null and expires_at <= ${now} limit ${BATCH})`);

async function csvList(q: Queryable, tenantId: string, listId: string): Promise<void> {
  const { type } = await getAccessList(q, tenantId, listId);
  if (!CSV_TYPES.has(type)) throw accessListErrors.wrongType("CSV_FILE");
}

const recordset = (
  rows: (Resolved & { id: string })[],
) => sql`jsonb_to_recordset(${json(rows)}::jsonb) as r (id text,
  email text, "productId" text, "optionId" text, "startsAt" timestamptz, "endsAt" timestamptz, notes text,
  "publisherUserId" text, "publisherPurchaseId" text, person jsonb, extra jsonb)`;

/** Finds what the rows name among the tenant's own products; rows that name something else become errors. */
async function resolve(
  q: Queryable,
  tenantId: string,
  rows: GrantRow[],
  errors: RowError[],
): Promise<Resolved[]> {
  const skus = [...new Set(rows.map(({ sku }) => sku))];
  const products = await q.query<{ sku: string; id: string; options: string[] }>(sql`
    select p.sku, p.id, array(select o.id from purchase_options o where o.product_id = p.id) options
    from products p where p.tenant_id = ${tenantId} and p.sku = any (${skus})`);
  const bySku = new Map(products.map((it) => [it.sku, it]));
  return rows.flatMap(({ poId, ...row }) => {
    const product = bySku.get(row.sku);
    const message = !product
      ? `There is no product with the sku ${row.sku}.`
      : poId !== "" && !product.options.includes(poId)
        ? `${row.sku} has no purchase option ${poId}.`
        : null;
    if (!product || message !== null) {
      errors.push({ line: row.line, message: message ?? "" });
      return [];
    }
    return [{ ...row, productId: product.id, optionId: poId || null }];
  });
}

/** What files put on a list before; what the set-up file names is not theirs. */
const held = async (q: Queryable, listId: string): Promise<Held[]> =>
  (
    await q.query<Held & { starts: Date | null; ends: Date | null }>(sql`
      select g.id, g.status, g.email, p.sku, g.product_id "productId", g.option_id "optionId", g.starts_at starts,
        g.ends_at ends, g.publisher_user_id "publisherUserId", g.publisher_purchase_id "publisherPurchaseId", g.person,
        g.notes, g.extra
      from access_grants g join products p on p.id = g.product_id
      where g.list_id = ${listId} and g.key is null and g.deleted_at is null order by g.id`)
  ).map(({ starts, ends, ...row }) => ({
    ...row,
    startsAt: starts?.toISOString() ?? null,
    endsAt: ends?.toISOString() ?? null,
  }));

type Named = {
  email: string;
  productId: string;
  optionId: string | null;
  publisherPurchaseId: string | null;
};
const identityOf = (row: Named): string =>
  row.publisherPurchaseId === null
    ? `row ${row.email} ${row.productId} ${row.optionId}`
    : `purchase ${row.publisherPurchaseId}`;

/** Equal texts for equal content, in whatever order its parts come back from the database. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) =>
    typeof it === "object" && it !== null && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  );
const contentOf = (row: Omit<Held, "id" | "status" | "line"> | Resolved): string =>
  canonical([
    row.email,
    row.productId,
    row.optionId,
    row.startsAt,
    row.endsAt,
    row.publisherUserId,
    row.publisherPurchaseId,
    row.notes,
    row.person,
    row.extra,
  ]);

/** What would have to change for the list to be what the file says. A pure function. */
function compare(rows: Resolved[], before: Held[]): Diff {
  const left = new Map<string, Held>();
  // Several may be the same to a file (added by hand, say); one of them stays, and better one that counts.
  for (const it of before) {
    const known = left.get(identityOf(it));
    if (known?.status !== "ACTIVE") left.set(identityOf(it), it);
  }
  const diff: Diff = { added: [], changed: [], removed: [], unchanged: 0 };
  const kept = new Set<string>();
  for (const row of rows) {
    const was = left.get(identityOf(row));
    if (was) kept.add(was.id);
    if (!was) diff.added.push(row);
    else if (was.status !== "ACTIVE" || contentOf(was) !== contentOf(row))
      diff.changed.push({ id: was.id, row });
    else diff.unchanged += 1;
  }
  diff.removed = before.filter((it) => it.status === "ACTIVE" && !kept.has(it.id));
  return diff;
}

const hashOf = (diff: Diff): Buffer =>
  sha256(
    JSON.stringify([
      diff.added.map(contentOf),
      diff.changed.map(({ id, row }) => [id, contentOf(row)]),
      diff.removed.map(({ id }) => id),
      diff.unchanged,
    ]),
  );

const sampleOf = (row: Resolved | Held): Sample => ({
  email: row.email,
  sku: row.sku,
  publisherPurchaseId: row.publisherPurchaseId,
  line: "line" in row ? row.line : null,
});
