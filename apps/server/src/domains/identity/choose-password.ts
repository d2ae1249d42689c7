import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { queueMail } from "../../platform/mail/index.ts";
import type { Customer } from "./customer.ts";
import { type MailContext, passwordChangedMail } from "./mails.ts";
import { hashPassword, setPassword } from "./passwords.ts";
import { revokeAllSessions } from "./sessions.ts";

/**
 * Gives a customer who has just proven their address the password that they chose beforehand, unless they have one:
 * then that one stays.
 */
export async function setFirstPassword(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: { tenantId: string; customerId: string; passwordHash: string; now: Date },
): Promise<void> {
  const there = await tx.maybeOne(sql`
    select 1 from identities
    where tenant_id = ${input.tenantId} and customer_id = ${input.customerId} and provider = 'password'`);
  if (!there) await setPassword(tx, deps, input);
}

/**
 * Replaces the password of somebody who could not sign in any more and has just proven their address. It ends every
 * session but the one that they did it in, because who resets a password often does so when somebody else got in.
 */
export async function replacePassword(
  deps: Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs">,
  input: Pick<MailContext, "tenant"> & {
    customer: Customer;
    keepSessionId: string;
    password: string;
    now: Date;
  },
): Promise<void> {
  const { tenant, customer, now } = input;
  const passwordHash = await hashPassword(input.password);
  await deps.db.transaction(async (tx) => {
    await setPassword(tx, deps, { tenantId: tenant.id, customerId: customer.id, passwordHash, now });
    await revokeAllSessions(tx, tenant.id, customer.id, "password_reset", deps.clock.now(), {
      except: input.keepSessionId,
    });
    if (!customer.email) return;
    const context = { tenant, paywall: null, baseUrl: deps.config.baseUrl };
    await queueMail(tx, deps, passwordChangedMail(context, customer.email));
  });
}
