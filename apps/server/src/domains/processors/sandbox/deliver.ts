import { sql } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { Job } from "../../../platform/jobs.ts";
import { SANDBOX_DELIVERY } from "./books.ts";
import { SIGNATURE_HEADER, signBody } from "./wire.ts";

const BATCH = 50;

type DeliveryDeps = Pick<Deps, "clock" | "db" | "keys" | "log">;

/** The merchant's door: takes raw bytes with their signature, and throws when it does not accept them. */
export type NewsReceiver = (news: {
  connectionId: string;
  headers: Headers;
  rawBody: string;
}) => Promise<void>;

/**
 * Sends the company's undelivered news, oldest first, through the same door as anybody's: raw bytes and a
 * signature. What was not accepted stays and is sent again. Two deliverers at once may both send an
 * event; whoever receives it must not mind. Returns how many were accepted.
 */
export async function deliverSandboxEvents(deps: DeliveryDeps, receive: NewsReceiver): Promise<number> {
  let delivered = 0;
  let after = 0;
  for (;;) {
    const events = await deps.db.query<{
      seq: number;
      connectionId: string;
      body: string;
      secret: string;
    }>(sql`
      select e.seq, e.connection_id "connectionId", e.body, c.webhook_secret_sealed secret
      from sandbox_events e join processor_connections c on c.id = e.connection_id
      where e.delivered_at is null and e.seq > ${after} order by e.seq limit ${BATCH}`);
    for (const event of events) {
      after = event.seq;
      const secret = deps.keys.open(event.secret, `webhook-secret:${event.connectionId}`);
      try {
        await receive({
          connectionId: event.connectionId,
          headers: new Headers({ [SIGNATURE_HEADER]: signBody(event.body, secret, deps.clock.now()) }),
          rawBody: event.body,
        });
      } catch (error) {
        deps.log.error(
          { err: error, seq: event.seq },
          "a sandbox event was not accepted; it will be sent again",
        );
        continue;
      }
      await deps.db.execute(
        sql`update sandbox_events set delivered_at = ${deps.clock.now()} where seq = ${event.seq}`,
      );
      delivered += 1;
    }
    if (events.length < BATCH) return delivered;
  }
}

export const sandboxDelivery = (deps: DeliveryDeps, receive: NewsReceiver): Job => ({
  name: SANDBOX_DELIVERY,
  everyMs: 2000,
  run: () => deliverSandboxEvents(deps, receive),
});
