import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Mode, recordEvent } from "../../platform/events.ts";
import type { Right } from "./entitlement.ts";
import { eventOf, type RightSource, writeRight } from "./write-right.ts";

export type GrantSource = GrantFacts & {
  id: string;
  tenantId: string;
  mode: Mode;
  /** Null while nobody has proved that the grant's address is theirs. */
  customerId: string | null;
  productId: string;
  optionId: string | null;
};

/** All that the right of a grant depends on. */
export type GrantFacts = {
  status: "ACTIVE" | "INACTIVE" | "CANCELED";
  listStatus: "DRAFT" | "ACTIVE" | "CANCELED";
  startsAt: Date | null;
  endsAt: Date | null;
  createdAt: Date;
};

/** The right that a grant gives to whoever it is attached to, or null when it never gave one. A pure function. */
export function rightOfGrant(facts: GrantFacts): Right | null {
  if (facts.listStatus === "DRAFT") return null;
  const reason =
    facts.listStatus === "CANCELED"
      ? "list_canceled"
      : facts.status === "ACTIVE"
        ? null
        : `grant_${facts.status.toLowerCase()}`;
  return {
    state: reason ? "revoked" : "active",
    validFromAt: facts.startsAt ?? facts.createdAt,
    validToAt: facts.endsAt,
    reason,
  };
}

/** Grants `g` with everything that their right depends on. */
export const GRANT_SOURCE: Statement = {
  text: `select g.id, g.tenant_id "tenantId", l.mode, g.customer_id "customerId", g.product_id "productId",
      g.option_id "optionId", g.status, l.status "listStatus", g.starts_at "startsAt", g.ends_at "endsAt",
      g.created_at "createdAt"
    from access_grants g join access_lists l on l.id = g.list_id`,
  values: [],
  name: undefined,
};

export const sourceOfGrant = (grant: GrantSource & { customerId: string }): RightSource => ({
  ...grant,
  kind: "grant",
});

type ProjectDeps = Pick<Deps, "clock" | "ids" | "jobs">;

async function project(tx: Tx, deps: ProjectDeps, grants: GrantSource[], at: Date): Promise<void> {
  // They were somebody's until their address changed.
  const waiting = grants.filter(({ customerId }) => customerId === null).map(({ id }) => id);
  if (waiting.length > 0) {
    await tx.execute(
      sql`delete from entitlements where source_kind = 'grant' and source_id = any (${waiting})`,
    );
  }
  for (const grant of grants) {
    const { customerId } = grant;
    if (customerId === null) continue;
    const right = rightOfGrant(grant);
    const type = eventOf(await writeRight(tx, deps, sourceOfGrant({ ...grant, customerId }), right, at));
    if (!type) continue;
    await recordEvent(tx, deps, {
      type,
      tenantId: grant.tenantId,
      mode: grant.mode,
      objectId: grant.id,
      customerId,
      occurredAt: at,
      data: { grantId: grant.id, productId: grant.productId, reason: right?.reason ?? null },
    });
  }
}

/**
 * Writes the rights that grants give now, of one grant, of several, or of all of a list, and tells when they begin or end. Grants
 * that wait for their person are first given to whoever has proved that the address is theirs. A repeat changes nothing.
 */
export async function projectGrants(
  tx: Tx,
  deps: ProjectDeps,
  input: { tenantId: string; at: Date } & ({ grantId: string } | { grantIds: string[] } | { listId: string }),
): Promise<void> {
  const { tenantId } = input;
  const ids = "grantId" in input ? [input.grantId] : "grantIds" in input ? input.grantIds : null;
  const which =
    "listId" in input
      ? sql`g.tenant_id = ${tenantId} and g.list_id = ${input.listId}`
      : sql`g.tenant_id = ${tenantId} and g.id = any (${ids})`;
  await tx.execute(sql`
    update access_grants g set customer_id = c.id from customers c
    where ${which} and g.customer_id is null and c.tenant_id = g.tenant_id and c.email = g.email
      and c.merged_into_id is null and c.email_verified_at is not null`);
  const grants = await tx.query<GrantSource>(
    sql`${GRANT_SOURCE} where ${which} order by g.id for update of g`,
  );
  await project(tx, deps, grants, input.at);
}

/** Whether grants wait for this customer, who has proved the address that they are for. */
export async function hasWaitingGrants(
  q: Queryable,
  input: { tenantId: string; customerId: string },
): Promise<boolean> {
  const { found } = await q.one<{ found: boolean }>(sql`
    select exists (select from customers c join access_grants g on g.tenant_id = c.tenant_id and g.email = c.email
      where c.id = ${input.customerId} and c.tenant_id = ${input.tenantId} and c.email_verified_at is not null
        and c.merged_into_id is null and g.customer_id is null) found`);
  return found;
}

/** Gives a customer the grants that wait for an address which they have proved to be theirs. Returns how many. */
export async function attachGrants(
  tx: Tx,
  deps: ProjectDeps,
  input: { tenantId: string; customerId: string; at: Date },
): Promise<number> {
  const attached = await tx.query<{ id: string }>(sql`
    update access_grants g set customer_id = c.id from customers c
    where c.id = ${input.customerId} and c.tenant_id = ${input.tenantId} and c.email_verified_at is not null
      and c.merged_into_id is null and g.tenant_id = c.tenant_id and g.email = c.email and g.customer_id is null
    returning g.id`);
  if (attached.length === 0) return 0;
  const ids = attached.map(({ id }) => id);
  const grants = await tx.query<GrantSource>(sql`${GRANT_SOURCE} where g.id = any (${ids}) order by g.id`);
  await project(tx, deps, grants, input.at);
  return attached.length;
}

/** Gives one customer's grants to another, who is the same person. Returns how many; a repeat moves none. */
export async function moveGrants(
  tx: Tx,
  deps: ProjectDeps,
  input: { tenantId: string; fromId: string; intoId: string; at: Date },
): Promise<number> {
  const moved = await tx.query<{ id: string }>(sql`
    update access_grants set customer_id = ${input.intoId}
    where tenant_id = ${input.tenantId} and customer_id = ${input.fromId} returning id`);
  if (moved.length === 0) return 0;
  const ids = moved.map(({ id }) => id);
  const grants = await tx.query<GrantSource>(sql`${GRANT_SOURCE} where g.id = any (${ids}) order by g.id`);
  await project(tx, deps, grants, input.at);
  return moved.length;
}

/** Lets a customer's grants wait for their addresses again; the rights that they gave go. */
export async function detachGrants(tx: Tx, input: { tenantId: string; customerId: string }): Promise<void> {
  await tx.execute(sql`
    delete from entitlements where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and source_kind = 'grant'`);
  await tx.execute(sql`
    update access_grants set customer_id = null
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId}`);
}
