import type { Deps } from "../../platform/deps.ts";
import { queueMail } from "../../platform/mail/index.ts";
import type { Customer } from "./customer.ts";
import { type MailContext, passwordChangedMail } from "./mails.ts";
import { hashPassword, setPassword } from "./passwords.ts";

/**
 * Gives a signed-in customer a new password. It asks for no old one and ends no session (paywall API
 * §5.8); the customer is told by mail.
 */
export async function updatePassword(
  deps: Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs">,
  input: Pick<MailContext, "tenant" | "paywall"> & { customer: Customer; password: string; now: Date },
): Promise<void> {
  const { tenant, paywall, customer, now } = input;
  const passwordHash = await hashPassword(input.password);
  await deps.db.transaction(async (tx) => {
    await setPassword(tx, deps, { tenantId: tenant.id, customerId: customer.id, passwordHash, now });
    if (customer.email) {
      await queueMail(
        tx,
        deps,
        passwordChangedMail({ tenant, paywall, baseUrl: deps.config.baseUrl }, customer.email),
      );
    }
  });
}
