import {
  type Page,
  type PageRequest,
  type Queryable,
  readPage,
  type Statement,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import { projectGrants } from "../entitlements/index.ts";
import type { AccessList } from "./access-list.ts";
import { accessListErrors } from "./errors.ts";
import { saveAccessList } from "./save.ts";

type ListDeps = Pick<Deps, "clock" | "ids" | "jobs">;

/** A list with what callers may know of its hook, whose secret is never given again. */
export type AccessListRecord = AccessList & {
  hook: (Hook & { sku: string }) | null;
  createdAt: Date;
  updatedAt: Date;
};

/** Whom to ask, about which product, and for how many seconds an answer may be used again. */
export type Hook = { url: string; productId: string; optionId: string | null; cacheSeconds: number };

const COLUMNS: Statement = {
  text: `id, tenant_id "tenantId", key, name, description, type, status, mode, exclude_from_stats "excludeFromStats",
    hook || jsonb_build_object('sku', (select p.sku from products p where p.id = hook ->> 'productId')) hook,
    created_at "createdAt", updated_at "updatedAt"`,
  values: [],
  name: undefined,
};

export const listAccessLists = (
  q: Queryable,
  tenantId: string,
  page: PageRequest,
): Promise<Page<AccessListRecord>> =>
  readPage<AccessListRecord>(q, sql`select ${COLUMNS} from access_lists where tenant_id = ${tenantId}`, page);

/** @throws 404 for what is unknown or another tenant's */
export async function getAccessList(q: Queryable, tenantId: string, id: string): Promise<AccessListRecord> {
  const list = await q.maybeOne<AccessListRecord>(
    sql`select ${COLUMNS} from access_lists where tenant_id = ${tenantId} and id = ${id}`,
  );
  if (!list) throw accessListErrors.notFound();
  return list;
}

/** The same, kept as it is until the transaction ends: whoever changes what is on it takes turns. */
export async function lockAccessList(tx: Tx, tenantId: string, id: string): Promise<AccessListRecord> {
  const list = await tx.maybeOne<AccessListRecord>(
    sql`select ${COLUMNS} from access_lists where tenant_id = ${tenantId} and id = ${id} for update`,
  );
  if (!list) throw accessListErrors.notFound();
  return list;
}

export type ListValues = Pick<AccessList, "name" | "description" | "type" | "status" | "excludeFromStats">;

/** Makes a list that no apply file names. */
export async function createAccessList(
  tx: Tx,
  deps: ListDeps,
  input: ListValues & { tenantId: string; mode: Mode },
  now: Date,
): Promise<AccessListRecord> {
  const id = await saveAccessList(tx, deps, { ...input, key: null }, now);
  return getAccessList(tx, input.tenantId, id);
}

/**
 * Gives a list other values, and everybody on it what follows: canceling it ends their rights, and making it active
 * again brings them back.
 */
export async function updateAccessList(
  tx: Tx,
  deps: ListDeps,
  input: { tenantId: string; id: string; change: Partial<ListValues> },
  now: Date,
): Promise<AccessListRecord> {
  const { tenantId, id } = input;
  const before = await lockAccessList(tx, tenantId, id);
  const after = { ...before, ...input.change };
  await tx.execute(sql`
    update access_lists set name = ${after.name}, description = ${after.description}, type = ${after.type},
      status = ${after.status}, exclude_from_stats = ${after.excludeFromStats}, updated_at = ${now}
    where id = ${id}`);
  if (after.status !== before.status) await projectGrants(tx, deps, { tenantId, listId: id, at: now });
  return getAccessList(tx, tenantId, id);
}
