import type { Deps } from "../../platform/deps.ts";
import type { Follower } from "../../platform/events.ts";
import { attachGrants } from "../entitlements/index.ts";

const TELLING = new Set(["customer.created", "customer.updated"]);

/** Gives people the grants that wait for their address as soon as they have proved it. */
export const followPeople =
  (deps: Pick<Deps, "clock" | "ids" | "jobs">): Follower =>
  async (tx, event) => {
    if (!TELLING.has(event.type) || !event.customerId) return;
    const { tenantId, customerId } = event;
    await attachGrants(tx, deps, { tenantId, customerId, at: event.occurredAt });
  };
