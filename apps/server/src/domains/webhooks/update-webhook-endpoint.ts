import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { checkSecret, checkTypes, checkUrl, secretContext, type WebhookEndpoint } from "./endpoint.ts";
import { webhookErrors } from "./errors.ts";
import { lockEndpoint } from "./queries.ts";

export type WebhookEndpointChange = {
  url?: string;
  types?: readonly string[];
  /** `active` also forgives an endpoint that was switched off for failing. `deleted` is final. */
  state?: "active" | "paused" | "deleted";
  /** Null: messages go out unsigned from now on. */
  secret?: string | null;
};

/**
 * Changes what is given and leaves the rest. A paused endpoint keeps its open deliveries for later; a
 * deleted one gives them up.
 *
 * @throws `webhook_not_found`, and what `createWebhookEndpoint` throws for the same values.
 */
export async function updateWebhookEndpoint(
  tx: Tx,
  deps: Pick<Deps, "clock" | "config" | "keys">,
  input: { tenantId: string; id: string; change: WebhookEndpointChange },
): Promise<WebhookEndpoint> {
  const { tenantId, id, change } = input;
  const before = await lockEndpoint(tx, tenantId, id);
  if (!before) throw webhookErrors.webhook_not_found();
  if (change.url !== undefined) checkUrl(change.url, deps.config);
  const after: WebhookEndpoint = {
    ...before,
    url: change.url ?? before.url,
    types: change.types ? checkTypes(change.types, before.format) : before.types,
    state: change.state ?? before.state,
    failSinceAt: change.state === "active" ? null : before.failSinceAt,
  };
  await tx.execute(sql`
    update webhook_endpoints
    set url = ${after.url}, types = ${after.types}, state = ${after.state}, fail_since_at = ${after.failSinceAt}
    where id = ${id}`);
  if (change.secret !== undefined) {
    const sealed = change.secret && deps.keys.seal(checkSecret(change.secret), secretContext(id));
    await tx.execute(sql`update webhook_endpoints set secret_sealed = ${sealed} where id = ${id}`);
    after.hasSecret = change.secret !== null;
  }
  if (after.state === "deleted") {
    await tx.execute(sql`
      update webhook_deliveries set state = 'dead', next_at = null, finished_at = ${deps.clock.now()}
      where endpoint_id = ${id} and state in ('queued', 'retrying')`);
  }
  return after;
}
