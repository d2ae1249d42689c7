import type { Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { completeSignIn, type SignInContext, type SignInDeps } from "./complete-sign-in.ts";
import { type Customer, normalizeEmail } from "./customer.ts";
import { refusal } from "./errors.ts";
import { findOrCreateCustomer } from "./find-or-create-customer.ts";
import { codeLimits, countFailure, refuseOverLimit } from "./limits.ts";
import { consumeOneTimeCode, isGuessable, type OneTimeCode, type Purpose } from "./one-time-codes.ts";
import { setPassword } from "./passwords.ts";
import { proveEmail, recordCodeIdentity } from "./prove-email.ts";
import { findCustomerByEmail, findCustomerById } from "./queries.ts";
import type { IssuedSession } from "./sessions.ts";
import { giveEmail } from "./upgrade-anonymous.ts";

/**
 * Signs in with a mailed code or link token. A code works once; the newest one of each purpose counts.
 * Wrong, expired, used and never sent give the same answer.
 *
 * @throws `invalid_otp`, `over_request_rate_limit`
 */
export async function verifyCode(
  deps: SignInDeps & Pick<Deps, "db">,
  input: SignInContext & { email: string; token: string; purposes: Purpose[] },
): Promise<IssuedSession> {
  const { tenant, now, purposes, token } = input;
  const email = normalizeEmail(input.email);
  const limits = isGuessable(token)
    ? codeLimits(deps, { tenantId: tenant.id, clientAddress: input.clientAddress, email })
    : [];
  await refuseOverLimit(deps.db, limits, now);
  const session = await deps.db.transaction(async (tx) => {
    const code = await consumeOneTimeCode(tx, deps, { tenantId: tenant.id, email, purposes, token, now });
    const proven = code && (await applyProof(tx, deps, code, now));
    if (!proven) return null;
    await recordCodeIdentity(tx, deps, proven.customer, now);
    const userMeta = { ...proven.userMeta, ...input.userMeta };
    return completeSignIn(tx, deps, { ...input, userMeta }, proven.customer, "otp");
  });
  if (session) return session;
  await countFailure(deps.db, limits, now);
  throw refusal("invalid_otp");
}

/** Who a proof turned out to be, and the metadata that waited for it. */
export type Proven = { customer: Customer; userMeta?: Record<string, string> | undefined };

/**
 * Does what a used proof allows; null when there is nobody (any more) whom it proves. Metadata that came
 * with the request for a sign-in code belongs to a new account only.
 */
export async function applyProof(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs" | "random">,
  code: OneTimeCode,
  now: Date,
): Promise<Proven | null> {
  const { tenantId, email, payload } = code;
  switch (code.purpose) {
    case "email": {
      if (payload.createUser === false && !(await findCustomerByEmail(tx, tenantId, email))) return null;
      const { customer, created } = await findOrCreateCustomer(tx, deps, { tenantId, email, now });
      const proven = await proveEmail(tx, deps, customer, now);
      return { customer: proven, userMeta: created ? payload.userMeta : undefined };
    }
    case "recovery": {
      const customer = await findCustomerByEmail(tx, tenantId, email);
      return customer && { customer: await proveEmail(tx, deps, customer, now) };
    }
    case "signup": {
      const customer = code.customerId ? await findCustomerById(tx, tenantId, code.customerId) : null;
      if (customer?.email !== email || !payload.passwordHash) return null;
      const { passwordHash } = payload;
      const proven = await proveEmail(tx, deps, customer, now);
      // Proven in another way since the sign-up: the account's own password, if it has one, stays.
      if (!customer.emailVerifiedAt)
        await setPassword(tx, deps, { tenantId, customerId: customer.id, passwordHash, now });
      return { customer: proven, userMeta: payload.userMeta };
    }
    case "upgrade": {
      if (!code.customerId) return null;
      const upgraded = await giveEmail(tx, deps, {
        customer: { id: code.customerId, tenantId },
        email,
        verified: true,
        now,
      });
      return upgraded && { customer: upgraded };
    }
  }
}
