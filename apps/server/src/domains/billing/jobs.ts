import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";
import { forgetPortalLinks } from "./portal-links.ts";
import { lockContract } from "./queries.ts";
import { settleGrace } from "./settle-contract.ts";

const BATCH = 50;

/** Ends the grace of contracts that still owe when it is over, on their tenants' clocks. */
export function graceJob(deps: Pick<Deps, "clock" | "db" | "ids" | "jobs">): Job {
  return {
    name: "contract-grace",
    everyMs: 5000,
    run: () =>
      deps.db.transaction(async (tx) => {
        const due = await tx.query<{ id: string; tenantId: string; offsetMs: number }>(sql`
          select k.id, k.tenant_id "tenantId", t.clock_offset_ms "offsetMs"
          from contracts k join tenants t on t.id = k.tenant_id
          where k.state = 'past_due'
            and k.grace_until_at <= ${deps.clock.now()}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
          order by k.id limit ${BATCH} for update of k skip locked`);
        let settled = 0;
        for (const { id, tenantId, offsetMs } of due) {
          const contract = await lockContract(tx, tenantId, id);
          const now = new Date(deps.clock.now().getTime() + offsetMs);
          if (contract && (await settleGrace(tx, deps, contract, now))) settled += 1;
        }
        return settled;
      }),
  };
}

export const portalLinkJob = (deps: Pick<Deps, "clock" | "db">): Job => ({
  name: "portal-links",
  everyMs: 600_000,
  run: () => forgetPortalLinks(deps.db, deps.clock.now()),
});
