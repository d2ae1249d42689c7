import type { Tx } from "../../platform/database/index.ts";
import { recordEvent } from "../../platform/events.ts";
import type { Customer } from "./customer.ts";

type Recorder = Parameters<typeof recordEvent>[1];

const snapshot = (customer: Customer) => ({
  id: customer.id,
  userId: customer.uuid,
  email: customer.email,
  emailVerified: customer.emailVerifiedAt !== null,
  anonymous: customer.anonymous,
});

const record = (type: string) => (tx: Tx, deps: Recorder, customer: Customer, occurredAt: Date) =>
  recordEvent(tx, deps, {
    type,
    tenantId: customer.tenantId,
    objectId: customer.id,
    customerId: customer.id,
    occurredAt,
    data: { customer: snapshot(customer) },
  });

export const customerCreated = record("customer.created");
/** Its address, or what is known about that address, changed. */
export const customerUpdated = record("customer.updated");
/** Its person asked to be forgotten; the snapshot says nothing of them any more. */
export const customerDeleted = record("customer.deleted");
/** Another account of the same person went into it. */
export const customerMerged = record("customer.merged");
