import type { Customer } from "../src/domains/identity/index.ts";
import { findOrCreateCustomer, issueSession } from "../src/domains/identity/index.ts";
import { sql } from "../src/platform/database/index.ts";
import { listMails } from "../src/platform/mail/index.ts";
import type { TestServer } from "./kit.ts";
import type { Shop } from "./shop.ts";

export type SignedInCustomer = {
  customer: Customer;
  /** The user id on the 3.x wire. */
  userId: string;
  email: string | null;
  sessionId: string;
  accessToken: string;
  refreshToken: string;
  /** `{ authorization: "Bearer …" }` */
  headers: { authorization: string };
};

let count = 0;

/** A customer with a verified e-mail and a session, without going through a mail. */
export async function signedInCustomer(
  server: TestServer,
  shop: Pick<Shop, "tenantId" | "paywallId">,
  options: { email?: string | null; verified?: boolean } = {},
): Promise<SignedInCustomer> {
  count += 1;
  const email = options.email === undefined ? `reader${count}@example.com` : options.email;
  const { deps } = server;
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const { id } = email
      ? (await findOrCreateCustomer(tx, deps, { tenantId: shop.tenantId, email, now })).customer
      : await tx.one<{ id: string }>(sql`
          insert into customers (id, uuid, tenant_id, anonymous, created_at)
          values (${deps.ids.next("customer")}, ${deps.random.uuid()}, ${shop.tenantId}, true, ${now}) returning id`);
    const customer = await tx.one<Customer>(sql`
      update customers set email_verified_at = ${email && options.verified !== false ? now : null} where id = ${id}
      returning id, uuid, tenant_id "tenantId", email, email_verified_at "emailVerifiedAt", name, picture, country, anonymous,
        created_at "createdAt"`);
    await tx.execute(sql`
      insert into paywall_links (tenant_id, paywall_id, customer_id, first_seen_at, last_seen_at)
      values (${shop.tenantId}, ${shop.paywallId}, ${id}, ${now}, ${now}) on conflict do nothing`);
    const session = await issueSession(tx, deps, {
      customer,
      paywallId: shop.paywallId,
      method: email ? "otp" : "anon",
    });
    const { sessionId, accessToken, refreshToken } = session;
    const headers = { authorization: `Bearer ${accessToken}` };
    return { customer, userId: customer.uuid, email, sessionId, accessToken, refreshToken, headers };
  });
}

/** The newest mail to an address: its code, and the token and whole address of its link. */
export async function newestMail(
  server: TestServer,
  to: string,
): Promise<{ subject: string; text: string; code: string; link: string; token: string } | null> {
  const [mail] = await listMails(server.deps.db, { to, limit: 1 });
  if (!mail) return null;
  const link = mail.links[0] ?? "";
  const token = link ? (new URL(link).searchParams.get("token_hash") ?? "") : "";
  return { subject: mail.subject, text: mail.text, code: mail.code ?? "", link, token };
}

/** Asks for a code and returns it as the mail has it. */
export async function mailedCode(server: TestServer, shop: Shop, email: string): Promise<string> {
  const sent = await server.post(shop.api("auth/otp/send"), { email });
  const mail = await newestMail(server, email);
  if (sent.status !== 200 || !mail) throw new Error(`no code was sent: ${JSON.stringify(sent.body)}`);
  return mail.code;
}
