import { findBrowserClient, type Tenant } from "../../domains/tenants/index.ts";
import { safeEqual } from "../../platform/crypto.ts";
import type { Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

const languageOf = (tenant: Pick<Tenant, "locale">): string =>
  /^[a-z]{2}/i.exec(tenant.locale)?.[0].toLowerCase() ?? "en";

/** Where a vendor's readers manage what they bought (publisher API §6.3); a path under it is one contract's. */
export async function accountUrlOf(
  deps: Pick<Deps, "config"> & { db: Queryable },
  tenant: Pick<Tenant, "id" | "slug" | "locale">,
): Promise<string> {
  const client = await findBrowserClient(deps.db, tenant.id);
  const name = encodeURIComponent(client?.clientId ?? tenant.slug);
  return `${deps.config.baseUrl}/account/${languageOf(tenant)}/subscriptions/${name}`;
}

/** What a receipt's address proves: that somebody who could see the bill handed it out. */
const receiptKey = (deps: Pick<Deps, "keys">, billId: string): string =>
  deps.keys.pseudonym(`receipt:${billId}`).toString("base64url").slice(0, 32);

/** A receipt's address. Whoever has it may read the receipt: it is what people forward to their accountant. */
export const receiptUrlOf = (deps: Pick<Deps, "config" | "keys">, billId: string): string =>
  `${deps.config.baseUrl}/account/receipts/${encodeURIComponent(billId)}?key=${receiptKey(deps, billId)}`;

export const opensReceipt = (deps: Pick<Deps, "keys">, billId: string, key: string): boolean =>
  safeEqual(key, receiptKey(deps, billId));
