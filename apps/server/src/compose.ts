import type { Config } from "./config.ts";
import { followPeople, forgetUploads } from "./domains/access-lists/index.ts";
import { forgetErased, forgetPublisherEvents, partitionJob } from "./domains/analytics/index.ts";
import {
  billingMails,
  graceJob,
  intentsJob,
  portalLinkJob,
  processorEventJob,
  receiveProcessorEvent,
} from "./domains/billing/index.ts";
import { checkoutExpiryJob, forgetUnpaidSessions } from "./domains/checkout/index.ts";
import { contentSourceJob, followSales } from "./domains/content/index.ts";
import { creditJobs } from "./domains/credits/index.ts";
import { announceAccessChanges } from "./domains/entitlements/index.ts";
import { followBills } from "./domains/fulfillments/index.ts";
import { forgetRequests, lostCallsJob } from "./domains/gateway/index.ts";
import { forgetTrialDevices, giftMails } from "./domains/growth/index.ts";
import { identityJobs } from "./domains/identity/index.ts";
import { forgetErasedGivers, forgetGiftLinks, forgetShortLinks } from "./domains/links/index.ts";
import { forgetReads } from "./domains/meters/index.ts";
import { loginJobs } from "./domains/oidc/index.ts";
import { announcePaywallChanges } from "./domains/paywalls/index.ts";
import { sandboxClockwork, sandboxDelivery } from "./domains/processors/index.ts";
import { forgetTallies } from "./domains/readers/index.ts";
import { forgetCountedLinks, vaultKeysJob } from "./domains/signed-links/index.ts";
import { deliveryJob, pruneWebhookLogJob, webhookFollower } from "./domains/webhooks/index.ts";
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
import { forgetOldLimits } from "./platform/limits.ts";
import { createLog, type Log } from "./platform/log.ts";
import { mailJob } from "./platform/mail/index.ts";
import { type Random, systemRandom } from "./platform/random.ts";

/** Who hears of every event, in this order. */
function followers(deps: Deps): Follower[] {
  return [
    announcePaywallChanges,
    announceAccessChanges,
    followPeople(deps),
    followSales(deps),
    forgetErased,
    forgetErasedGivers,
    followBills(deps),
    webhookFollower(deps),
    billingMails(deps),
    giftMails(deps),
  ];
}

/** All work that falls due. */
function jobs(deps: Deps): Job[] {
  return [
    // Selling first, and in this order: what a processor has to say is heard before our own deadlines are.
    sandboxClockwork(deps),
    sandboxDelivery(deps, (news) => receiveProcessorEvent(deps, news)),
    processorEventJob(deps),
    intentsJob(deps),
    graceJob(deps),
    checkoutExpiryJob(deps),
    portalLinkJob(deps),
    outboxJob(deps.db, deps.clock, deps.log, followers(deps)),
    mailJob(deps),
    deliveryJob(deps),
    pruneWebhookLogJob(deps),
    partitionJob(deps),
    contentSourceJob(deps),
    vaultKeysJob(deps),
    {
      name: "idempotency-keys",
      everyMs: 60_000,
      run: () => forgetExpiredKeys(deps.db, deps.clock.now()),
    },
    {
      name: "checkout-sessions",
      everyMs: 3_600_000,
      run: () => forgetUnpaidSessions(deps.db, deps.clock.now()),
    },
    { name: "short-links", everyMs: 600_000, run: () => forgetShortLinks(deps.db, deps.clock.now()) },
    { name: "gift-links", everyMs: 3_600_000, run: () => forgetGiftLinks(deps.db, deps.clock.now()) },
    { name: "counted-links", everyMs: 600_000, run: () => forgetCountedLinks(deps.db, deps.clock.now()) },
    {
      name: "publisher-events",
      everyMs: 3_600_000,
      run: () => forgetPublisherEvents(deps.db, deps.clock.now()),
    },
    { name: "tallies", everyMs: 600_000, run: () => forgetTallies(deps.db, deps.clock.now()) },
    { name: "trial-devices", everyMs: 3_600_000, run: () => forgetTrialDevices(deps.db, deps.clock.now()) },
    { name: "meter-reads", everyMs: 3_600_000, run: () => forgetReads(deps.db, deps.clock.now()) },
    { name: "access-list-uploads", everyMs: 3_600_000, run: () => forgetUploads(deps.db, deps.clock.now()) },
    { name: "rate-limits", everyMs: 600_000, run: () => forgetOldLimits(deps.db, deps.clock.now()) },
    lostCallsJob(deps),
    { name: "gateway-log", everyMs: 600_000, run: () => forgetRequests(deps.db, deps.clock.now()) },
    ...creditJobs(deps),
    ...identityJobs(deps),
    ...loginJobs(deps),
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
    onError: (error) => log.warn({ reason: error.message }, "an idle database connection was lost"),
  });
  const countries = options.countries ?? openCountryDatabase();
  const keys = await openKeys(db, ids, random, secret);
  const broadcast = await openBroadcast(db);
  const deps = { config, db, clock, ids, random, keys, countries, broadcast, log } as Deps;
  // Jobs need deps and deps need jobs (to wake them); this is the one place that ties the knot.
  deps.jobs = createJobs(jobs(deps), log);
  return deps;
}
