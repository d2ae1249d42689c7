import { type Queryable, sql } from "../../platform/database/index.ts";
import { peekLimit, takeLimit } from "../../platform/limits.ts";
import { completeSignIn, type SignInContext } from "./complete-sign-in.ts";
import { type Customer, normalizeEmail } from "./customer.ts";
import { refusal } from "./errors.ts";
import { findOrCreateCustomer } from "./find-or-create-customer.ts";
import { mailLimit, refuseOverLimit, signInLimits, takeMailLimit, takeStartLimit } from "./limits.ts";
import { storableMeta } from "./link-to-paywall.ts";
import { findPendingConfirmation } from "./one-time-codes.ts";
import { hashPassword, setPassword, verifyPassword } from "./passwords.ts";
import { findCustomerById } from "./queries.ts";
import { type MailDeps, sendProof } from "./send-proof.ts";
import type { IssuedSession } from "./sessions.ts";

export type SignUpResult =
  | { outcome: "signed_in"; session: IssuedSession }
  | { outcome: "confirmation_required"; customer: Pick<Customer, "uuid" | "email"> }
  | { outcome: "already_registered" };

/** Whether somebody can already get into this account, as opposed to it having been named in a checkout. */
async function isRegistered(q: Queryable, customer: Customer): Promise<boolean> {
  if (customer.emailVerifiedAt) return true;
  const identities = await q.query(sql`select 1 from identities where customer_id = ${customer.id} limit 1`);
  return identities.length > 0;
}

/**
 * Registers an e-mail with a password. The password starts to work when the mailed link or code is used;
 * a later sign-up for the same unconfirmed address has its own mail and its own password, and whichever
 * mail is used first wins.
 *
 * A paywall may do without confirmation. Then only an address that nobody ever used is signed in at once:
 * one that was typed into a checkout may own purchases, which go to whoever reads its mail.
 *
 * Repeating an unconfirmed sign-up with the same password within a minute answers again and sends nothing.
 *
 * @throws `user_already_exists`, `over_email_send_rate_limit`, `over_request_rate_limit`
 */
export async function signUp(
  deps: MailDeps,
  input: SignInContext & { email: string; password: string },
): Promise<SignUpResult> {
  const { tenant, paywall, password, now } = input;
  const email = normalizeEmail(input.email);
  const confirms = paywall?.settings.confirmEmail !== false;
  const [, placeLimit] = signInLimits(deps, {
    tenantId: tenant.id,
    clientAddress: input.clientAddress,
    email,
  });
  if (!placeLimit) throw new Error("sign-in has a limit per place");
  await refuseOverLimit(deps.db, [placeLimit], now);
  await takeStartLimit(deps.db, deps, { tenantId: tenant.id, clientAddress: input.clientAddress, now });
  const passwordHash = await hashPassword(password);

  const repeated = await findRepeat(deps, input, email);
  if (repeated) return { outcome: "confirmation_required", customer: repeated };

  const result = await deps.db.transaction(async (tx): Promise<SignUpResult> => {
    const { customer, created } = await findOrCreateCustomer(tx, deps, { tenantId: tenant.id, email, now });
    if (!created && (await isRegistered(tx, customer))) return { outcome: "already_registered" };
    if (created && !confirms) {
      await setPassword(tx, deps, { tenantId: tenant.id, customerId: customer.id, passwordHash, now });
      return { outcome: "signed_in", session: await completeSignIn(tx, deps, input, customer, "pwd") };
    }
    await takeMailLimit(tx, { tenantId: tenant.id, kind: "confirm", email, now });
    const payload = { passwordHash, userMeta: storableMeta(input.userMeta ?? {}) };
    await sendProof(tx, deps, {
      tenant,
      paywall,
      email,
      now,
      purpose: "signup",
      customerId: customer.id,
      payload,
      deliver: true,
    });
    return { outcome: "confirmation_required", customer };
  });
  if (result.outcome === "already_registered") {
    // This answer tells that an account exists, so asking it about many addresses must be slow.
    await takeLimit(deps.db, placeLimit, now);
    if (!confirms) throw refusal("user_already_exists");
  }
  return result;
}

/** The customer of an equal sign-up within the last minute: a replay by the client's mirror, or a double click. */
async function findRepeat(
  deps: MailDeps,
  { tenant, now, password }: SignInContext & { password: string },
  email: string,
): Promise<Customer | null> {
  const verdict = await peekLimit(deps.db, mailLimit(tenant.id, "confirm", email), now);
  if (verdict.allowed) return null;
  const pending = await findPendingConfirmation(deps.db, tenant.id, email);
  if (pending?.purpose !== "signup" || !pending.customerId) return null;
  const same = await verifyPassword(pending.payload.passwordHash ?? null, password);
  return same ? findCustomerById(deps.db, tenant.id, pending.customerId) : null;
}
