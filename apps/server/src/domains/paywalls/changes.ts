import { announce } from "../../platform/broadcast.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { type Follower, recordEvent } from "../../platform/events.ts";

/** The topic on which every node hears, by tenant id, that what its paywalls show may have changed. */
export const PAYWALLS_CHANGED = "paywalls";

const TELLING = new Set(["paywall.published", "paywall.changed", "tenant.changed"]);

/** Records that something a paywall shows has changed: its settings, options, offers, experiment or domain. */
export async function recordPaywallChanged(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs">,
  input: { tenantId: string; paywallId: string; now: Date },
): Promise<void> {
  const { tenantId, paywallId, now } = input;
  await recordEvent(tx, deps, {
    type: "paywall.changed",
    tenantId,
    paywallId,
    objectId: paywallId,
    occurredAt: now,
    data: {},
  });
}

/** Passes the news on to the caches of all nodes. */
export const announcePaywallChanges: Follower = async (tx, event) => {
  if (TELLING.has(event.type)) await announce(tx, PAYWALLS_CHANGED, event.tenantId);
};
