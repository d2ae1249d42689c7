import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Follower } from "../../platform/events.ts";
import { ownerOfHost } from "../tenants/index.ts";
import { indexPages } from "./index-pages.ts";

/** Makes known which pages were bought, when nobody has told of them otherwise. */
export const followSales =
  (deps: Pick<Deps, "clock" | "ids" | "jobs">): Follower =>
  async (tx, event) => {
    if (event.type !== "checkout.completed" || !event.objectId) return;
    const bought = await tx.query<{ url: string }>(sql`
      select distinct item ->> 'url' url
      from contracts c join checkouts k on k.id = c.checkout_id join checkout_sessions s on s.id = k.session_id,
        jsonb_array_elements(s.items) item
      where c.id = ${event.objectId} and length(item ->> 'url') between 1 and 2048`);
    const pages: { url: string }[] = [];
    for (const { url } of bought) {
      // A buyer's browser wrote the address; whose page it is says whether anybody else may hear of it.
      if (!URL.canParse(url) || (await ownerOfHost(tx, new URL(url).host)) !== event.tenantId) continue;
      pages.push({ url });
    }
    if (pages.length === 0) return;
    await indexPages(tx, deps, {
      tenantId: event.tenantId,
      source: "checkout",
      pages,
      now: event.occurredAt,
    });
  };
