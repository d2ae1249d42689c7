import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { completeSignIn, type SignInContext, type SignInDeps } from "./complete-sign-in.ts";
import { normalizeEmail } from "./customer.ts";
import { refusal } from "./errors.ts";
import { countFailure, refuseOverLimit, signInLimits } from "./limits.ts";
import { findPendingConfirmation } from "./one-time-codes.ts";
import { verifyPassword } from "./passwords.ts";
import { findCustomerById } from "./queries.ts";
import type { IssuedSession } from "./sessions.ts";

type Candidate = { passwordHash: string; customerId: string | null; confirmed: boolean };

/** The one password that this address could be signed in with, or that would work once it is confirmed. */
async function findCandidate(q: Queryable, tenantId: string, email: string): Promise<Candidate | null> {
  const active = await q.maybeOne<{ passwordHash: string; customerId: string }>(sql`
    select i.secret_hash "passwordHash", i.customer_id "customerId"
    from customers c join identities i on i.customer_id = c.id and i.provider = 'password'
    where c.tenant_id = ${tenantId} and c.email = ${email} and c.merged_into_id is null and i.verified_at is not null`);
  if (active) return { ...active, confirmed: true };
  const pending = await findPendingConfirmation(q, tenantId, email);
  const passwordHash = pending?.payload.passwordHash;
  return passwordHash ? { passwordHash, customerId: null, confirmed: false } : null;
}

/**
 * Signs in with e-mail and password. Unknown addresses cost the same work as wrong passwords. Failures are
 * counted per account and place; the right password for an unconfirmed address is none, because clients
 * ask every 20 seconds while they wait for the link (paywall API §1.11).
 *
 * @throws `invalid_credentials`, `email_not_confirmed`, `over_request_rate_limit`
 */
export async function signIn(
  deps: SignInDeps & Pick<Deps, "db">,
  input: SignInContext & { email: string; password: string },
): Promise<IssuedSession> {
  const { tenant, now } = input;
  const email = normalizeEmail(input.email);
  const limits = signInLimits(deps, { tenantId: tenant.id, clientAddress: input.clientAddress, email });
  await refuseOverLimit(deps.db, limits, now);

  const candidate = await findCandidate(deps.db, tenant.id, email);
  const matches = await verifyPassword(candidate?.passwordHash ?? null, input.password);
  if (!candidate || !matches) {
    await countFailure(deps.db, limits, now);
    throw refusal("invalid_credentials");
  }
  // Of a burst of guesses sent at once, the right one must not stand out from those over the limit.
  await refuseOverLimit(deps.db, limits, now);
  if (!candidate.confirmed || !candidate.customerId) throw refusal("email_not_confirmed");

  const customerId = candidate.customerId;
  return deps.db.transaction(async (tx) => {
    // The password may have been replaced while it was being checked.
    const current = await tx.execute(sql`
      update identities set last_used_at = ${now}
      where tenant_id = ${tenant.id} and customer_id = ${customerId} and provider = 'password' and secret_hash = ${candidate.passwordHash}`);
    const customer = await findCustomerById(tx, tenant.id, customerId);
    if (!customer || current === 0) throw refusal("invalid_credentials");
    return completeSignIn(tx, deps, input, customer, "pwd");
  });
}
