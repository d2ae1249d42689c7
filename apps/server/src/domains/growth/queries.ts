import { type Queryable, sql } from "../../platform/database/index.ts";
import type { ExperimentRow } from "./experiment.ts";
import { compareOffers, type Offer } from "./offer.ts";

/** A paywall's active offers in the order in which they compete, whoever they are for. */
export async function listActiveOffers(q: Queryable, paywallId: string): Promise<Offer[]> {
  const offers = await q.query<Offer>(sql`
    select f.id, f.tenant_id "tenantId", f.paywall_id "paywallId", f.key, f.label, f.percent_bp "percentBp",
      f.option_id "optionId", o.key "optionKey", f.timer, f.minutes, f.ends_at "endsAt", f.countries, f.emails, f.priority
    from offers f left join purchase_options o on o.id = f.option_id
    where f.paywall_id = ${paywallId} and f.state = 'active'`);
  return offers.sort(compareOffers);
}

export const findRunningExperiment = (q: Queryable, paywallId: string): Promise<ExperimentRow | null> =>
  q.maybeOne<ExperimentRow>(sql`
    select id, kind, variants from experiments
    where paywall_id = ${paywallId} and state = 'running' and kind = 'prices'`);

/** The key of an option of this tenant's paywall, in whatever state. */
export const findOptionKey = (
  q: Queryable,
  tenantId: string,
  optionId: string,
): Promise<{ key: string } | null> =>
  q.maybeOne(sql`select key from purchase_options where tenant_id = ${tenantId} and id = ${optionId}`);
