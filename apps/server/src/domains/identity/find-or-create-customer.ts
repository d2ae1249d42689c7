import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Customer, normalizeEmail } from "./customer.ts";
import { customerCreated } from "./events.ts";
import { CUSTOMER_COLUMNS, findCustomerByEmail } from "./queries.ts";

/**
 * The tenant's customer with this e-mail, made if there is none. Somebody having typed an address proves
 * nothing: the customer starts unverified, and an existing one stays as it is. Callers that arrive
 * together get the same customer, and exactly one of them `created`.
 */
export async function findOrCreateCustomer(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs" | "random">,
  input: { tenantId: string; email: string; now: Date },
): Promise<{ customer: Customer; created: boolean }> {
  const email = normalizeEmail(input.email);
  const earlier = await findCustomerByEmail(tx, input.tenantId, email);
  if (earlier) return { customer: earlier, created: false };
  const customer = await tx.maybeOne<Customer>(sql`
    insert into customers as c (id, uuid, tenant_id, email, created_at, updated_at)
    values (${deps.ids.next("customer")}, ${deps.random.uuid()}, ${input.tenantId}, ${email}, ${input.now}, ${input.now})
    on conflict (tenant_id, email) where merged_into_id is null and email is not null do nothing
    returning ${CUSTOMER_COLUMNS}`);
  if (!customer) {
    // Somebody else's insert won and has committed, else ours would still be waiting.
    const winner = await findCustomerByEmail(tx, input.tenantId, email);
    if (!winner) throw new Error("a customer vanished while it was being found");
    return { customer: winner, created: false };
  }
  await customerCreated(tx, deps, customer, input.now);
  return { customer, created: true };
}
