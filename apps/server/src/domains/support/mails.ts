import { mailContent } from "../../platform/mail/index.ts";
import type { Tenant } from "../tenants/index.ts";
import type { Ticket } from "./open-ticket.ts";

const brandOf = (tenant: Tenant) => ({ name: tenant.name, color: tenant.brandColor });

/**
 * Confirms receipt to the sender. A guest may name anybody's address, so the mail repeats nothing of what
 * was written: it must not carry a stranger's text to a stranger's inbox.
 */
export function ticketReceivedMail(tenant: Tenant, ticket: Ticket) {
  const subject = `We received your message (#${ticket.num})`;
  const content = mailContent({
    brand: brandOf(tenant),
    heading: "We received your message",
    paragraphs: [`Its number is #${ticket.num}. We will answer to this address as soon as we can.`],
    footer: "You did not write to us? Then somebody else gave your address, and you can ignore this mail.",
  });
  return { template: "ticket_received", subject, ...content };
}

/** Tells the merchant, with everything needed to answer. */
export function ticketNotificationMail(tenant: Tenant, ticket: Ticket, content: string, attachments: number) {
  const files =
    attachments === 0 ? [] : [`${attachments} ${attachments === 1 ? "picture" : "pictures"} attached.`];
  const mail = mailContent({
    brand: brandOf(tenant),
    heading: ticket.subject,
    paragraphs: [...content.split(/\n{2,}/), ...files],
    footer: `Ticket #${ticket.num} from ${ticket.email}${ticket.customerId ? "" : " (not signed in)"}`,
  });
  return { template: "ticket_notification", subject: `[#${ticket.num}] ${ticket.subject}`, ...mail };
}
