import { isUniqueViolation, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { takeLimit } from "../../platform/limits.ts";
import type { Paywall } from "../paywalls/index.ts";
import type { SignInContext } from "./complete-sign-in.ts";
import { type Customer, normalizeEmail } from "./customer.ts";
import { refusal } from "./errors.ts";
import { customerUpdated } from "./events.ts";
import { refuseOverLimit, signInLimits, takeMailLimit } from "./limits.ts";
import { linkToPaywall } from "./link-to-paywall.ts";
import { hashPassword, setPassword } from "./passwords.ts";
import { CUSTOMER_COLUMNS, findCustomerByEmail } from "./queries.ts";
import { type MailDeps, sendProof } from "./send-proof.ts";

export type UpgradeResult =
  | { outcome: "updated"; customer: Customer }
  | { outcome: "confirmation_required"; email: string };

/**
 * Gives an anonymous customer an e-mail and a password; id, purchases and balances stay. Where the paywall
 * confirms addresses, the password is set at once but the customer stays anonymous until the mailed link
 * is used.
 *
 * @throws `not_anonymous`, `email_exists` when any other customer has the address,
 *   `over_email_send_rate_limit`, `over_request_rate_limit`
 */
export async function upgradeAnonymous(
  deps: MailDeps,
  input: SignInContext & { paywall: Paywall; customer: Customer; email: string; password: string },
): Promise<UpgradeResult> {
  const { tenant, paywall, customer, now } = input;
  if (!customer.anonymous) throw refusal("not_anonymous");
  const email = normalizeEmail(input.email);
  const [, placeLimit] = signInLimits(deps, {
    tenantId: tenant.id,
    clientAddress: input.clientAddress,
    email,
  });
  if (!placeLimit) throw new Error("sign-in has a limit per place");
  await refuseOverLimit(deps.db, [placeLimit], now);
  const passwordHash = await hashPassword(input.password);

  const result = await deps.db.transaction(async (tx): Promise<UpgradeResult | { outcome: "taken" }> => {
    if (await findCustomerByEmail(tx, tenant.id, email)) return { outcome: "taken" };
    const own = { tenantId: tenant.id, customerId: customer.id };
    await linkToPaywall(tx, { ...own, paywallId: paywall.id, userMeta: input.userMeta, now });
    await setPassword(tx, deps, { ...own, passwordHash, now });
    if (paywall.settings.confirmEmail === false) {
      const updated = await giveEmail(tx, deps, { customer, email, verified: false, now });
      return updated ? { outcome: "updated", customer: updated } : { outcome: "taken" };
    }
    await takeMailLimit(tx, { tenantId: tenant.id, kind: "confirm", email, now });
    const payload = { passwordHash };
    await sendProof(tx, deps, {
      tenant,
      paywall,
      email,
      now,
      purpose: "upgrade",
      customerId: customer.id,
      payload,
      deliver: true,
    });
    return { outcome: "confirmation_required", email };
  });
  if (result.outcome !== "taken") return result;
  await takeLimit(deps.db, placeLimit, now);
  throw refusal("email_exists");
}

/** Makes an anonymous customer permanent, or returns null when the address belongs to another one by now. */
export async function giveEmail(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { customer: Pick<Customer, "id" | "tenantId">; email: string; verified: boolean; now: Date },
): Promise<Customer | null> {
  const { customer, email, now } = input;
  await tx.execute(sql`savepoint give_email`);
  try {
    const updated = await tx.maybeOne<Customer>(sql`
      update customers c set email = ${email}, anonymous = false, email_verified_at = ${input.verified ? now : null},
        updated_at = ${now}, row_version = row_version + 1
      where c.tenant_id = ${customer.tenantId} and c.id = ${customer.id} and c.anonymous and c.merged_into_id is null
      returning ${CUSTOMER_COLUMNS}`);
    await tx.execute(sql`release savepoint give_email`);
    if (updated) await customerUpdated(tx, deps, updated, now);
    return updated;
  } catch (error) {
    if (!isUniqueViolation(error, "customers_email")) throw error;
    await tx.execute(sql`rollback to savepoint give_email`);
    return null;
  }
}
