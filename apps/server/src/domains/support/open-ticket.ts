import { TICKET_FILE_BYTES_MAX, TICKET_FILES_MAX } from "@tollgate/protocol/paywall-api/support";
import { sha256 } from "../../platform/crypto.ts";
import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";
import { once } from "../../platform/idempotency.ts";
import { queueMail } from "../../platform/mail/index.ts";
import { linkToPaywall } from "../identity/index.ts";
import type { Paywall } from "../paywalls/index.ts";
import type { Tenant } from "../tenants/index.ts";
import { refusal } from "./errors.ts";
import { type ImageType, sniffImage, stripMetadata } from "./image.ts";
import { ticketNotificationMail, ticketReceivedMail } from "./mails.ts";

export type Ticket = {
  id: string;
  num: number;
  email: string;
  customerId: string | null;
  subject: string;
  state: "open" | "pending" | "resolved" | "closed";
};

export type NewTicket = {
  tenant: Tenant;
  paywall: Paywall;
  /** Who is signed in; null for a guest, of whom only the e-mail is known and nothing proven. */
  customerId: string | null;
  email: string;
  subject: string;
  content: string;
  files: { name: string; bytes: Buffer }[];
  /** The tenant's time. */
  now: Date;
};

const MAX_PER_DAY = 2;
const DAY_MS = 86_400_000;
/** Within this time the same words from the same person are one ticket: clients replay on a mirror. */
const DUPLICATE_SECONDS = 60;
const NAME_CHARS = 120;

type Attachment = { name: string; mime: ImageType; content: Buffer };

/**
 * Opens a ticket, tells the merchant and confirms to the sender. An identical ticket within a minute, even
 * one that arrives while the first is being written, is answered with the first.
 *
 * @throws `subject_length`, `content_length`, `too_many_files`, `invalid_file`, and `rate_limit_exceeded`
 * at the third ticket of an address within 24 hours; nothing is written then.
 */
export async function openTicket(deps: Deps, input: NewTicket): Promise<Ticket> {
  // Counted as PostgreSQL counts them; a pair of surrogates is one character there.
  const subjectChars = [...input.subject].length;
  if (subjectChars < 3 || subjectChars > 200) throw refusal("subject_length");
  const contentChars = [...input.content].length;
  if (contentChars < 1 || contentChars > 5000) throw refusal("content_length");
  const attachments = checkFiles(input.files);

  const { tenant, paywall, customerId, email, subject, content } = input;
  const hashes = input.files.map(({ bytes }) => sha256(bytes).toString("hex"));
  const key = sha256(JSON.stringify([customerId, email, subject, content, hashes])).toString("hex");
  const request = { tenantId: tenant.id, scope: `ticket:${paywall.id}`, key, fingerprint: null };
  return once(deps, { ...request, ttlSeconds: DUPLICATE_SECONDS }, () =>
    deps.db.transaction((tx) => writeTicket(tx, deps, input, attachments)),
  );
}

function checkFiles(files: NewTicket["files"]): Attachment[] {
  if (files.length > TICKET_FILES_MAX) throw refusal("too_many_files");
  return files.map(({ name, bytes }) => {
    const mime = bytes.length <= TICKET_FILE_BYTES_MAX ? sniffImage(bytes) : null;
    if (!mime) throw refusal("invalid_file");
    return { name: cleanName(name), mime, content: stripMetadata(bytes, mime) };
  });
}

/** The last part of a file's name without anything that a header, a shell or a page could stumble over. */
const cleanName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? "")
    .toWellFormed()
    .replaceAll(/[\p{C}"<>|:*?]/gu, "_")
    .slice(0, NAME_CHARS)
    .toWellFormed() || "file";

async function writeTicket(tx: Tx, deps: Deps, input: NewTicket, attachments: Attachment[]): Promise<Ticket> {
  const { tenant, paywall, customerId, email, subject, content, now } = input;
  await refuseTooMany(tx, tenant.id, email, now);
  const id = deps.ids.next("ticket");
  const { num } = await tx.one<{ num: number }>(sql`
    insert into tickets (id, tenant_id, paywall_id, customer_id, email, subject, created_at)
    values (${id}, ${tenant.id}, ${paywall.id}, ${customerId}, ${email}, ${subject}, ${now}) returning num`);
  const author = customerId ? { kind: "customer", id: customerId } : { kind: "guest", email };
  await tx.execute(sql`
    insert into ticket_messages (id, tenant_id, ticket_id, author, body, created_at)
    values (${deps.ids.next("ticketMessage")}, ${tenant.id}, ${id}, ${json(author)}, ${content}, ${now})`);
  for (const file of attachments) {
    await tx.execute(sql`
      insert into ticket_attachments (id, tenant_id, ticket_id, name, mime, bytes, sha256, content, created_at)
      values (${deps.ids.next("attachment")}, ${tenant.id}, ${id}, ${file.name}, ${file.mime}, ${file.content.length},
              ${sha256(file.content)}, ${file.content}, ${now})`);
  }
  if (customerId) {
    await linkToPaywall(tx, { tenantId: tenant.id, paywallId: paywall.id, customerId, now });
  }
  const ticket: Ticket = { id, num, email, customerId, subject, state: "open" };
  await recordEvent(tx, deps, {
    type: "ticket.created",
    tenantId: tenant.id,
    objectId: id,
    paywallId: paywall.id,
    customerId,
    occurredAt: now,
    data: { num, subject, attachments: attachments.length },
  });
  await queueMail(tx, deps, { tenantId: tenant.id, recipient: email, ...ticketReceivedMail(tenant, ticket) });
  if (tenant.supportEmail) {
    const mail = ticketNotificationMail(tenant, ticket, content, attachments.length);
    await queueMail(tx, deps, { tenantId: tenant.id, recipient: tenant.supportEmail, ...mail });
  }
  return ticket;
}

async function refuseTooMany(tx: Tx, tenantId: string, email: string, now: Date): Promise<void> {
  // Tickets of one person are counted one after the other.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`ticket:${tenantId}:${email}`}, 0))`);
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const recent = await tx.query<{ createdAt: Date }>(sql`
    select created_at "createdAt" from tickets
    where tenant_id = ${tenantId} and email = ${email} and created_at > ${dayAgo}
    order by created_at desc limit ${MAX_PER_DAY}`);
  const first = recent[MAX_PER_DAY - 1];
  if (!first) return;
  const seconds = Math.ceil((first.createdAt.getTime() + DAY_MS - now.getTime()) / 1000);
  throw refusal("rate_limit_exceeded", Math.max(1, seconds));
}

export type TicketAttachment = { name: string; mime: ImageType; bytes: number; content: Buffer };

/** The pictures of a ticket, as they were stored. */
export const listAttachments = (
  q: Queryable,
  tenantId: string,
  ticketId: string,
): Promise<TicketAttachment[]> =>
  q.query<TicketAttachment>(sql`
    select name, mime, bytes, content from ticket_attachments
    where tenant_id = ${tenantId} and ticket_id = ${ticketId} order by id`);
