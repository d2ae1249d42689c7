import type { Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Tenant } from "../tenants/index.ts";
import type { Customer } from "./customer.ts";
import { findCustomerByEmail } from "./queries.ts";
import { readSignedEmail } from "./signed-email.ts";
import { findTrustedCustomer } from "./trusted-addresses.ts";

const MAX_LENGTH = 4096;

/**
 * Whose state an `X-User-Email` header may show, or null for nobody: unknown and untrusted look alike, so
 * that nobody can probe who subscribes. The tenant's `hybridTrust` decides:
 *
 * - `none`: the header is ignored;
 * - `recent`: a plain e-mail counts from a client address that this customer signed in or paid from within
 *   the last 30 days, each use starting the 30 days anew;
 * - `signed`: only a value that the merchant's back end signed (see `readSignedEmail`);
 * - `legacy`: any plain e-mail, as the reference does; it reveals purchases to whoever knows an address.
 *
 * A signed value is accepted in every mode but `none`. `now` is the tenant's time; signatures expire on
 * real time, because the merchant's back end knows no test clock.
 */
export async function resolveHybridIdentity(
  q: Queryable,
  deps: Pick<Deps, "clock" | "keys">,
  input: {
    tenant: Pick<Tenant, "id" | "hybridTrust" | "hybridSecretSealed">;
    headerValue: string | undefined;
    clientAddress: string;
    now: Date;
  },
): Promise<Customer | null> {
  const { tenant, clientAddress, now } = input;
  const value = input.headerValue?.trim();
  if (!value || value.length > MAX_LENGTH || tenant.hybridTrust === "none") return null;
  if (tenant.hybridSecretSealed) {
    const secret = deps.keys.open(tenant.hybridSecretSealed, `tenant-hybrid:${tenant.id}`);
    const email = await readSignedEmail(value, secret, deps.clock.now());
    if (email) return findCustomerByEmail(q, tenant.id, email);
  }
  if (tenant.hybridTrust === "signed" || !value.includes("@")) return null;
  if (tenant.hybridTrust === "legacy") return findCustomerByEmail(q, tenant.id, value);
  return findTrustedCustomer(q, deps, { tenantId: tenant.id, email: value, address: clientAddress, now });
}
