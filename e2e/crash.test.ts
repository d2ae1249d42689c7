import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, test } from "vitest";
import { findRunningDatabase } from "../apps/server/src/platform/embedded-postgres/attach.ts";
import { ServerProcess } from "./server-process.ts";

const KILLS = Number(process.env.CRASH_KILLS ?? 50);
const BUYERS = 4;

/** A small generator, so that a failing run can be repeated from its printed seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/**
 * The promise behind every sale: what the customer was told happened, happened, and nothing is half done.
 * The server is killed without warning at random moments, sometimes together with its database, while
 * customers buy and subscriptions renew.
 */
test(
  `nothing acknowledged is lost and nothing is half done after ${KILLS} kills at random moments`,
  async () => {
    const seed = Number(process.env.CRASH_SEED ?? 20_261_122);
    console.log(`crash test seed: ${seed}`);
    const random = seeded(seed);
    await using server = await ServerProcess.start();
    const { paywalls, tenant } = await server.demo();
    const monthly = paywalls.app.prices.find(({ interval }) => interval === "month");
    const lifetime = paywalls.app.prices.find(({ interval }) => interval === "lifetime");
    const priceIds = [monthly, lifetime].flatMap((price) => (price ? [price.id] : []));

    const acknowledged: string[] = [];
    let running = true;
    let buyer = 0;
    const buy = async () => {
      while (running) {
        buyer += 1;
        const email = `crash-${buyer}@example.com`;
        try {
          const priceId = priceIds[buyer % priceIds.length]!;
          const landed = await server.buy({ paywallId: paywalls.app.id, priceId, email });
          if (landed.hash.includes("paywall_status=paid")) acknowledged.push(email);
        } catch {
          // The server is down or dying: nothing was acknowledged, so nothing is owed.
          await sleep(20);
        }
      }
    };
    // Whose purchases the merchant's endpoint has heard of. It keeps the newest few hundred, so it is read often.
    const told = new Set<string>();
    const listen = async () => {
      for (const { body } of await server.webhooks()) {
        told.add((JSON.parse(body) as { data: { customer: { email: string } } }).data.customer.email);
      }
    };
    const renew = async () => {
      while (running) {
        await sleep(400 + random() * 600);
        await listen().catch(() => {});
        await server.advanceClock("P9D").catch(() => {});
      }
    };
    const load = [...Array.from({ length: BUYERS }, buy), renew()];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      // Most kills come while sales are going through, however slow the machine; some while the server still starts.
      const soldBefore = acknowledged.length;
      const patience = random() < 0.3 ? 0 : 10_000;
      for (let waited = 0; waited < patience && acknowledged.length === soldBefore; waited += 20)
        await sleep(20);
      await sleep(random() * 600);
      await server.end("SIGKILL");
      // Every fifth time the database dies the same death, as when the power fails.
      if (kill % 5 === 0) killDatabase(server.dataDir);
      await server.launch();
    }
    running = false;
    await Promise.all(load);
    console.log(`acknowledged purchases: ${acknowledged.length}`);
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS / 2);

    // One more second of the tenant's life runs everything that is still due.
    await server.advanceClock("PT1S");
    await using db = await openBooks(server);
    const rows = async (text: string, values: unknown[] = []) => (await db.query(text, values)).rows;

    // News that a dying server had stored but not applied are taken up a few seconds after the next start.
    const lost = () =>
      rows(
        `select e from unnest($1::text[]) e where not exists (
           select 1 from customers c join contracts k on k.customer_id = c.id
           join entitlements n on n.source_id = k.id and n.customer_id = c.id
           where c.tenant_id = $2 and c.email = e)`,
        [acknowledged, tenant.id],
      );
    await expect
      .poll(lost, { timeout: 30_000, interval: 250, message: "acknowledged purchases without access" })
      .toEqual([]);

    const half = await rows(
      `select k.id from contracts k where k.state <> 'trialing' and (
         not exists (select 1 from bills b where b.contract_id = k.id)
         or not exists (select 1 from transactions t where t.contract_id = k.id)
         or not exists (select 1 from entitlements n where n.source_id = k.id))`,
    );
    expect(half, "contracts without bill, transaction or entitlement").toEqual([]);

    const gaps = await rows(
      `select tenant_id, mode, count(*)::int n, max(number)::int last, count(distinct number)::int different
       from bills group by tenant_id, mode having count(*) <> max(number) or count(distinct number) <> count(*)`,
    );
    expect(gaps, "bill numbers missing or doubled").toEqual([]);

    const twice = await rows(
      `select contract_id, period_start_at from bills where state <> 'void' group by 1, 2 having count(*) > 1`,
    );
    expect(twice, "periods billed twice").toEqual([]);

    // What a killed server had in hand is taken up again when its lease is over, within a minute.
    const undelivered = () => rows(`select id, state from webhook_deliveries where state <> 'delivered'`);
    await expect
      .poll(undelivered, { timeout: 120_000, interval: 500, message: "webhooks not delivered" })
      .toEqual([]);
    await listen();
    expect(
      acknowledged.filter((email) => !told.has(email)),
      "purchases no webhook told of",
    ).toEqual([]);
  },
  20 * 60_000,
);

/** The books as they are on disk, read past the server. */
async function openBooks(server: ServerProcess): Promise<pg.Client & AsyncDisposable> {
  const db = new pg.Client({ connectionString: findRunningDatabase(server.dataDir)! });
  await db.connect();
  return Object.assign(db, { [Symbol.asyncDispose]: () => db.end() });
}

function killDatabase(dataDir: string): void {
  const [pid] = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n");
  try {
    process.kill(Number(pid), "SIGKILL");
  } catch {
    // It had ended by itself.
  }
}
