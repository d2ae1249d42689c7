import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { takeLimit } from "../../platform/limits.ts";
import { completeSignIn, type SignInContext, type SignInDeps } from "./complete-sign-in.ts";
import type { Customer } from "./customer.ts";
import { refusal } from "./errors.ts";
import { customerCreated } from "./events.ts";
import { anonymousLimit } from "./limits.ts";
import { CUSTOMER_COLUMNS } from "./queries.ts";
import type { IssuedSession } from "./sessions.ts";

/**
 * Creates a customer without an e-mail and signs them in; every call creates another.
 * @throws `anonymous_disabled`, `over_request_rate_limit` after 30 in an hour from one client address
 */
export async function signInAnonymously(
  deps: SignInDeps & Pick<Deps, "db">,
  input: SignInContext,
): Promise<IssuedSession> {
  const { tenant, now } = input;
  if (input.paywall?.settings.allowAnonymous !== true) throw refusal("anonymous_disabled");
  const verdict = await takeLimit(deps.db, anonymousLimit(deps, tenant.id, input.clientAddress), now);
  if (!verdict.allowed) throw refusal("over_request_rate_limit", verdict.retryAfterSeconds);
  return deps.db.transaction(async (tx) => {
    const customer = await tx.one<Customer>(sql`
      insert into customers as c (id, uuid, tenant_id, anonymous, created_at, updated_at)
      values (${deps.ids.next("customer")}, ${deps.random.uuid()}, ${tenant.id}, true, ${now}, ${now})
      returning ${CUSTOMER_COLUMNS}`);
    await tx.execute(sql`
      insert into identities (id, tenant_id, customer_id, provider, subject, verified_at, last_used_at, created_at)
      values (${deps.ids.next("identity")}, ${tenant.id}, ${customer.id}, 'anonymous', ${customer.id}, ${now}, ${now}, ${now})`);
    await customerCreated(tx, deps, customer, now);
    return completeSignIn(tx, deps, input, customer, "anon");
  });
}
