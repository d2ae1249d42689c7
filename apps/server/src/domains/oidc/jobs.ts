import { addDays } from "../../platform/clock.ts";
import { sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";
import { keepSigningKeys } from "./signing-keys.ts";

const BATCH = 1000;
/** Longer than a session lasts without being used. */
const KEEP_DAYS = 31;

/** Rotates keys; deletes requests nobody answered, and browsers and grants whose session is over. */
export function loginJobs(deps: Pick<Deps, "clock" | "db" | "ids" | "keys">): Job[] {
  return [
    { name: "login-keys", everyMs: 3_600_000, run: () => keepSigningKeys(deps) },
    {
      name: "login-cleanup",
      everyMs: 3_600_000,
      run: async () => {
        const now = deps.clock.now();
        const before = addDays(now, -KEEP_DAYS);
        const requests = await deps.db.execute(sql`
          delete from login_requests where hash in (select hash from login_requests where expires_at < ${now} limit ${BATCH})`);
        const browsers = await deps.db.execute(sql`
          delete from login_browsers where hash in (
            select b.hash from login_browsers b join sessions s on s.id = b.session_id
            where s.revoked_at is not null or s.last_used_at < ${before} limit ${BATCH})`);
        const grants = await deps.db.execute(sql`
          delete from login_grants where id in (
            select g.id from login_grants g join sessions s on s.id = g.session_id
            where g.created_at < ${before} and (g.revoked_at is not null or s.revoked_at is not null or s.last_used_at < ${before})
            limit ${BATCH})`);
        const tokens = await deps.db.execute(sql`
          delete from login_refresh_tokens where hash in (
            select hash from login_refresh_tokens where used_at < ${before} limit ${BATCH})`);
        return requests + browsers + grants + tokens;
      },
    },
  ];
}
