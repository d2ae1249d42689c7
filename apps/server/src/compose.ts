import type { Config } from "./config.ts";
import { announcePaywallChanges } from "./domains/paywalls/index.ts";
import { openBroadcast } from "./platform/broadcast.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import { openKeys } from "./platform/crypto.ts";
import { type Db, openDatabase } from "./platform/database/index.ts";
import type { Deps } from "./platform/deps.ts";
import { type Follower, outboxJob } from "./platform/events.ts";
import { type CountryDatabase, openCountryDatabase } from "./platform/geo/index.ts";
import { forgetExpiredKeys } from "./platform/idempotency.ts";
import { createIds } from "./platform/ids.ts";
import { createJobs, type Job } from "./platform/jobs.ts";
import { createLog, type Log } from "./platform/log.ts";
import { mailJob } from "./platform/mail/index.ts";
import { type Random, systemRandom } from "./platform/random.ts";

/** Who hears of every event, in this order. */
function followers(_deps: Deps): Follower[] {
  return [announcePaywallChanges];
}

/** All work that falls due. */
function jobs(deps: Deps): Job[] {
  return [
    outboxJob(deps.db, deps.clock, deps.log, followers(deps)),
    mailJob(deps),
    {
      name: "idempotency-keys",
      everyMs: 60_000,
      run: () => forgetExpiredKeys(deps.db, deps.clock.now()),
    },
  ];
}

export type ComposeOptions = {
  config: Config;
  connectionString: string;
  secret: string;
  clock?: Clock;
  random?: Random;
  log?: Log;
  countries?: CountryDatabase;
};

/** Builds `deps` on a migrated database. Nothing runs yet: jobs start with `deps.jobs.start()`. */
export async function compose(options: ComposeOptions): Promise<Deps> {
  const { config, connectionString, secret } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const log = options.log ?? createLog(config.logLevel);
  const ids = createIds(clock);
  const db: Db = openDatabase({
    connectionString,
    poolSize: config.databasePoolSize,
    onError: (error) => log.warn({ err: error }, "an idle database connection was lost"),
  });
  const countries = options.countries ?? openCountryDatabase();
  const keys = await openKeys(db, ids, random, secret);
  const broadcast = await openBroadcast(db);
  const deps = { config, db, clock, ids, random, keys, countries, broadcast, log } as Deps;
  // Jobs need deps and deps need jobs (to wake them); this is the one place that ties the knot.
  deps.jobs = createJobs(jobs(deps), log);
  return deps;
}
