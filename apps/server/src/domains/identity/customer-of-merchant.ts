import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Customer } from "./customer.ts";
import { customerCreated } from "./events.ts";
import { CUSTOMER_COLUMNS, findCustomerByWireIdentity } from "./queries.ts";

/**
 * The customer whom a merchant's own back end calls so, made if there is none: an id of ours, or one of theirs. Only for
 * callers that have proven to be that back end. Callers that arrive together get the same customer.
 */
export async function customerOfMerchant(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs" | "random">,
  input: { tenantId: string; userId: string; now: Date },
): Promise<Customer> {
  const { tenantId, userId, now } = input;
  const earlier = await findCustomerByWireIdentity(tx, tenantId, { userId });
  if (earlier) return earlier;
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`merchant-customer:${tenantId}:${userId}`}, 0))`,
  );
  const meanwhile = await findCustomerByWireIdentity(tx, tenantId, { userId });
  if (meanwhile) return meanwhile;
  const customer = await tx.one<Customer>(sql`
    insert into customers as c (id, uuid, tenant_id, created_at, updated_at)
    values (${deps.ids.next("customer")}, ${deps.random.uuid()}, ${tenantId}, ${now}, ${now})
    returning ${CUSTOMER_COLUMNS}`);
  await tx.execute(sql`
    insert into external_references (tenant_id, namespace, external_id, customer_id, created_at)
    values (${tenantId}, 'merchant', ${userId}, ${customer.id}, ${now})`);
  await customerCreated(tx, deps, customer, now);
  return customer;
}
