/**
 * Support: what customers ask the merchant. A ticket belongs to a paywall, starts with one message and may
 * carry up to five pictures, stored without their metadata.
 *
 * Invariants: a person opens at most two tickets in 24 hours; a signed-in sender cannot speak for another
 * address; a guest's address proves nothing, so such a ticket belongs to no customer.
 */
export {
  listAttachments,
  type NewTicket,
  openTicket,
  type Ticket,
  type TicketAttachment,
} from "./open-ticket.ts";
