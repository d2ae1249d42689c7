import { announce } from "../../platform/broadcast.ts";
import type { Follower } from "../../platform/events.ts";

/** The topic on which every node hears, by customer id, that what a customer has may have changed. */
export const ACCESS_CHANGED = "access";

const TELLING = /^(entitlement|subscription|trial)\.|^payment\.completed$/;

/** Passes purchases, renewals and endings on to whoever waits for them on any node. */
export const announceAccessChanges: Follower = async (tx, event) => {
  // What one transaction announces twice, PostgreSQL delivers once.
  if (event.customerId && TELLING.test(event.type)) await announce(tx, ACCESS_CHANGED, event.customerId);
};
