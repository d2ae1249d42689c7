import { sha256 } from "../../platform/crypto.ts";
import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { queueMail } from "../../platform/mail/index.ts";
import { findPaywall } from "../paywalls/index.ts";
import { findTenant, type Tenant, tenantNow } from "../tenants/index.ts";
import { linkToPaywall } from "./link-to-paywall.ts";
import { passwordChangedMail } from "./mails.ts";
import { consume, findByLink, type Purpose } from "./one-time-codes.ts";
import { hashPassword, setPassword } from "./passwords.ts";
import { proveEmail, recordCodeIdentity } from "./prove-email.ts";
import { findCustomerByEmail } from "./queries.ts";
import { revokeAllSessions } from "./sessions.ts";
import { applyProof } from "./verify-code.ts";

export type LinkState = "open" | "used" | "expired";

export type MailedLink = {
  state: LinkState;
  purpose: Purpose;
  email: string;
  tenant: Tenant;
  paywallId: string | null;
};

/**
 * What a mailed link is for and whether it still works, without using it up: mail scanners open every link
 * they see. Null for a token that was never mailed.
 */
export async function inspectLink(
  deps: Pick<Deps, "clock" | "db">,
  linkToken: string,
): Promise<MailedLink | null> {
  const row = await deps.db.maybeOne<{
    purpose: Purpose;
    email: string;
    tenantId: string;
    paywallId: string | null;
    expiresAt: Date;
    consumedAt: Date | null;
  }>(sql`
    select purpose, email, tenant_id "tenantId", paywall_id "paywallId", expires_at "expiresAt", consumed_at "consumedAt"
    from one_time_codes where link_hash = ${sha256(linkToken)} and not payload ? 'decoy'`);
  const tenant = row && (await findTenant(deps.db, row.tenantId));
  if (!row || tenant?.status !== "active") return null;
  const state = row.consumedAt ? "used" : row.expiresAt <= tenantNow(deps.clock, tenant) ? "expired" : "open";
  return { state, purpose: row.purpose, email: row.email, tenant, paywallId: row.paywallId };
}

/** `confirmed`: done. `taken`: the address went to another account meanwhile. */
export type ConfirmOutcome = "confirmed" | "taken" | "used" | "expired";

type LinkDeps = Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs" | "random">;

/**
 * Confirms the address behind a mailed link. It signs nobody in: the page that shows it cannot hand a
 * session to the merchant's. The link of a sign-in code is not used up either, so that the code in the same
 * mail can still be typed.
 */
export async function confirmLink(deps: LinkDeps, linkToken: string): Promise<ConfirmOutcome> {
  const link = await inspectLink(deps, linkToken);
  if (!link || link.purpose === "recovery") return "expired";
  const now = tenantNow(deps.clock, link.tenant);
  return deps.db.transaction(async (tx) => {
    const code = await findByLink(tx, linkToken);
    if (!code || code.expiresAt <= now) return "expired";
    if (code.consumedAt) return "used";
    if (code.purpose === "email") {
      const customer = await findCustomerByEmail(tx, code.tenantId, code.email);
      if (customer) await proveEmail(tx, deps, customer, now);
      return "confirmed";
    }
    await consume(tx, code, now);
    const proven = await applyProof(tx, deps, code, now);
    if (!proven) return "taken";
    const { customer, userMeta } = proven;
    await recordCodeIdentity(tx, deps, customer, now);
    const { tenantId, paywallId } = code;
    if (paywallId) await linkToPaywall(tx, { tenantId, paywallId, customerId: customer.id, userMeta, now });
    return "confirmed";
  });
}

/**
 * Sets the password that somebody chose behind a mailed reset link, once. Unlike a change by a signed-in
 * customer it ends every session: who resets a password often does so because somebody else got in.
 */
export async function resetPasswordByLink(
  deps: LinkDeps,
  input: { linkToken: string; password: string },
): Promise<"changed" | "used" | "expired"> {
  const link = await inspectLink(deps, input.linkToken);
  if (link?.purpose !== "recovery") return "expired";
  if (link.state !== "open") return link.state;
  const passwordHash = await hashPassword(input.password);
  const found = link.paywallId ? await findPaywall(deps.db, link.paywallId) : null;
  const now = tenantNow(deps.clock, link.tenant);
  return deps.db.transaction(async (tx) => {
    const code = await findByLink(tx, input.linkToken);
    if (!code || code.expiresAt <= now) return "expired";
    if (!(await consume(tx, code, now))) return "used";
    const proven = await applyProof(tx, deps, code, now);
    if (!proven) return "expired";
    const customerId = proven.customer.id;
    await setPassword(tx, deps, { tenantId: code.tenantId, customerId, passwordHash, now });
    await revokeAllSessions(tx, code.tenantId, customerId, "password_reset", deps.clock.now());
    const context = {
      tenant: link.tenant,
      paywall: found?.paywall ?? null,
      baseUrl: deps.config.baseUrl,
    };
    await queueMail(tx, deps, passwordChangedMail(context, code.email));
    return "changed";
  });
}
