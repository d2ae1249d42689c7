import { addDays } from "../../platform/clock.ts";
import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";

const KEEP_DAYS = 31;
const BATCH = 1000;

/** Deletes proofs, refresh tokens and social sign-ins that nothing can ask for any more. */
export function identityJobs(deps: Pick<Deps, "clock" | "db">): Job[] {
  return [
    {
      name: "identity-cleanup",
      everyMs: 3_600_000,
      run: async () => {
        const before = addDays(deps.clock.now(), -KEEP_DAYS);
        const codes = await deps.db.execute(sql`
          delete from one_time_codes where id in (select id from one_time_codes where expires_at < ${before} limit ${BATCH})`);
        const tokens = await deps.db.execute(sql`
          delete from refresh_tokens where hash in (select hash from refresh_tokens where used_at < ${before} limit ${BATCH})`);
        const over = addDays(deps.clock.now(), -1);
        const flows = await deps.db.execute(sql`
          delete from oauth_flows where id in (select id from oauth_flows where expires_at < ${over} limit ${BATCH})`);
        return codes + tokens + flows;
      },
    },
  ];
}
