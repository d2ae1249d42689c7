import {
  isUniqueViolation,
  json,
  type Page,
  type PageRequest,
  type Queryable,
  readPage,
  type Statement,
  sql,
  type Tx,
} from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { projectGrants } from "../entitlements/index.ts";
import type { GrantRecord, WantedGrant } from "./access-list.ts";
import { accessListErrors } from "./errors.ts";
import { getAccessList } from "./lists.ts";

type GrantDeps = Pick<Deps, "clock" | "ids" | "jobs">;

/** Grants `g` that are there for the API. */
const RECORD: Statement = {
  text: `select g.id, g.list_id "listId", g.email, g.product_id "productId", g.option_id "optionId", p.sku, g.status,
      g.starts_at "startsAt", g.ends_at "endsAt", g.notes, g.publisher_user_id "publisherUserId",
      g.publisher_purchase_id "publisherPurchaseId", g.person, g.extra, g.exclude_from_stats "excludeFromStats",
      c.uuid "userId", g.created_at "createdAt", g.updated_at "updatedAt"
    from access_grants g join products p on p.id = g.product_id left join customers c on c.id = g.customer_id`,
  values: [],
  name: undefined,
};

/** A list's grants, all or those to one address. @throws 404 for an unknown list */
export async function listGrants(
  q: Queryable,
  input: { tenantId: string; listId: string; email?: string; page: PageRequest },
): Promise<Page<GrantRecord>> {
  const { id } = await getAccessList(q, input.tenantId, input.listId);
  const email = input.email ?? null;
  return readPage<GrantRecord>(
    q,
    sql`${RECORD} where g.list_id = ${id} and g.deleted_at is null and (${email}::text is null or g.email = ${email})`,
    input.page,
  );
}

type GrantRef = { tenantId: string; listId: string; id: string };

/** @throws 404 for what is unknown, deleted, on another list or another tenant's */
export async function getGrant(q: Queryable, { tenantId, listId, id }: GrantRef): Promise<GrantRecord> {
  const grant = await q.maybeOne<GrantRecord>(sql`
    ${RECORD} where g.tenant_id = ${tenantId} and g.list_id = ${listId} and g.id = ${id} and g.deleted_at is null`);
  if (!grant) throw accessListErrors.notFound();
  return grant;
}

/**
 * The product and option that the wire names, of this tenant. An empty `poId` is none.
 * @throws 400 `unknown_product`, `unknown_purchase_option`
 */
export async function productOf(
  q: Queryable,
  tenantId: string,
  named: { sku: string; poId: string },
): Promise<{ productId: string; optionId: string | null }> {
  const product = await q.maybeOne<{ id: string }>(
    sql`select id from products where tenant_id = ${tenantId} and sku = ${named.sku}`,
  );
  if (!product) throw accessListErrors.unknownProduct();
  if (named.poId === "") return { productId: product.id, optionId: null };
  const option = await q.maybeOne<{ id: string }>(sql`
    select id from purchase_options
    where tenant_id = ${tenantId} and product_id = ${product.id} and id = ${named.poId}`);
  if (!option) throw accessListErrors.unknownOption();
  return { productId: product.id, optionId: option.id };
}

/** The address of this tenant's customer with this id. @throws 400 `unknown_user` */
export async function addressOfUser(
  q: Queryable,
  tenantId: string,
  userId: string,
  email?: string,
): Promise<string> {
  const user = await q.maybeOne<{ email: string }>(sql`
    select email from customers where tenant_id = ${tenantId} and uuid::text = ${userId.toLowerCase()}
      and merged_into_id is null and email is not null`);
  if (!user || (email !== undefined && user.email !== email)) throw accessListErrors.unknownUser();
  return user.email;
}

/**
 * Puts somebody on a list. Their right begins at once when they have proved the address, else as soon as they do.
 * @throws 404 for an unknown list, 409 `publisher_purchase_id_taken`
 */
export async function addGrant(
  tx: Tx,
  deps: GrantDeps,
  input: { tenantId: string; listId: string; wanted: WantedGrant; originKey?: string },
  now: Date,
): Promise<GrantRecord> {
  const { tenantId, listId, wanted } = input;
  await getAccessList(tx, tenantId, listId);
  const id = deps.ids.next("grant");
  await uniquePurchase(() =>
    tx.execute(sql`
      insert into access_grants (id, tenant_id, list_id, email, product_id, option_id, status, starts_at, ends_at, notes,
        publisher_user_id, publisher_purchase_id, person, extra, exclude_from_stats, origin_key, created_at, updated_at)
      values (${id}, ${tenantId}, ${listId}, ${wanted.email}, ${wanted.productId}, ${wanted.optionId}, ${wanted.status},
        ${wanted.startsAt}, ${wanted.endsAt}, ${wanted.notes}, ${wanted.publisherUserId}, ${wanted.publisherPurchaseId},
        ${json(wanted.person)}, ${json(wanted.extra)}, ${wanted.excludeFromStats}, ${input.originKey ?? null}, ${now}, ${now})`),
  );
  await projectGrants(tx, deps, { tenantId, grantId: id, at: now });
  return getGrant(tx, { tenantId, listId, id });
}

/** Gives a grant other values. Another address is another person, who has to prove it first. */
export async function updateGrant(
  tx: Tx,
  deps: GrantDeps,
  input: GrantRef & { wanted: WantedGrant },
  now: Date,
): Promise<GrantRecord> {
  const { tenantId, id, wanted } = input;
  await lockGrant(tx, input);
  await uniquePurchase(() =>
    tx.execute(sql`
      update access_grants set customer_id = case when email = ${wanted.email} then customer_id end,
        email = ${wanted.email}, product_id = ${wanted.productId}, option_id = ${wanted.optionId}, status = ${wanted.status},
        starts_at = ${wanted.startsAt}, ends_at = ${wanted.endsAt}, notes = ${wanted.notes},
        publisher_user_id = ${wanted.publisherUserId}, publisher_purchase_id = ${wanted.publisherPurchaseId},
        person = ${json(wanted.person)}, extra = ${json(wanted.extra)}, exclude_from_stats = ${wanted.excludeFromStats},
        updated_at = ${now}
      where id = ${id}`),
  );
  await projectGrants(tx, deps, { tenantId, grantId: id, at: now });
  return getGrant(tx, input);
}

/** Takes somebody off a list and ends their right. @throws 409 `managed_by_file` for a grant of the set-up file */
export async function deleteGrant(tx: Tx, deps: GrantDeps, ref: GrantRef, now: Date): Promise<void> {
  const { key } = await lockGrant(tx, ref);
  if (key !== null) throw accessListErrors.namedByFile();
  await tx.execute(sql`
    update access_grants set status = 'CANCELED', deleted_at = ${now}, publisher_purchase_id = null, updated_at = ${now}
    where id = ${ref.id}`);
  await projectGrants(tx, deps, { tenantId: ref.tenantId, grantId: ref.id, at: now });
}

async function lockGrant(tx: Tx, { tenantId, listId, id }: GrantRef): Promise<{ key: string | null }> {
  const grant = await tx.maybeOne<{ key: string | null }>(sql`
    select key from access_grants
    where tenant_id = ${tenantId} and list_id = ${listId} and id = ${id} and deleted_at is null for update`);
  if (!grant) throw accessListErrors.notFound();
  return grant;
}

async function uniquePurchase(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (isUniqueViolation(error, "access_grants_list_id_publisher_purchase_id_key")) {
      throw accessListErrors.purchaseIdTaken();
    }
    throw error;
  }
}
