import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { findDrift } from "../apps/server/src/domains/credits/index.ts";
import { type Db, sql } from "../apps/server/src/platform/database/index.ts";
import { event, ok, startUpstream } from "../apps/server/test/upstream.ts";
import { gatewayDemo, openBooks } from "./gateway-demo.ts";
import { ServerProcess } from "./server-process.ts";

const PER_CALL = 80;
const BY_USAGE = 80;
/** Asked of an upstream that has not answered yet: nothing is delivered, credits are set aside. */
const WAITING = 40;
/** Calls that are somewhere between their first and their last step when the server dies. */
const OPENING = 40;
const CALL_PRICE = 3;
/** Forty characters are about ten tokens, a credit each. */
const WORDS = event({ choices: [{ delta: { content: "x".repeat(40) } }] });
const WORDS_PRICE = 10;

type Stream = { path: string; events: number; answered: boolean };

/**
 * The gateway's promise when its process dies without warning: no credits stay set aside, nobody pays twice for a call,
 * and no answer that reached its caller is free.
 */
test("kill -9 during 200 streams: no hold outlives its time, nothing is charged twice, nothing delivered is free", async () => {
  await using upstream = await startUpstream();
  const leaving = new AbortController();
  upstream.answer = async (response, { path }) => {
    if (path.startsWith("/plain")) return ok(response);
    if (path.startsWith("/waiting")) return;
    response.writeHead(200, { "content-type": "text/event-stream" });
    while (!response.destroyed && !leaving.signal.aborted) {
      response.write(WORDS);
      await sleep(500);
    }
  };
  const env = { TOLLGATE_GATEWAY_ALLOW: upstream.origin };
  await using server = await ServerProcess.start({ env });
  let db = openBooks(server);
  const demo = await gatewayDemo(server, db, upstream.origin);
  const [steady, opener] = [await demo.customer("steady", 100_000), await demo.customer("opener", 100_000)];
  const before = await captures(db);

  const ended: Promise<void>[] = [];
  const open = (provider: string, path: string, user: string): Stream => {
    const stream = { path, events: 0, answered: false };
    const call = async () => {
      const response = await fetch(demo.url(provider, path), {
        method: "POST",
        headers: demo.headersFor(user),
        body: JSON.stringify({ stream: true }),
        signal: leaving.signal,
      });
      if (response.status !== 200) throw new Error(`${path} was answered ${response.status}`);
      stream.answered = true;
      for await (const chunk of response.body!) {
        stream.events += Buffer.from(chunk).toString().split("\n\n").length - 1;
      }
    };
    // However it ends: the server is killed under it.
    ended.push(call().catch(() => {}));
    return stream;
  };
  const many = (count: number, one: (index: number) => Stream) =>
    Array.from({ length: count }, (_, i) => one(i));
  const perCall = many(PER_CALL, (i) => open("lumen-chat", `call/${i}`, "steady"));
  const byUsage = many(BY_USAGE, (i) => open("lumen-deep", `usage/${i}`, "steady"));
  many(WAITING, (i) => open(i % 2 ? "lumen-chat" : "lumen-deep", `waiting/${i}`, "steady"));
  await expect
    .poll(() => upstream.calls.filter(({ path }) => path.startsWith("/waiting")).length, { timeout: 20_000 })
    .toBe(WAITING);
  await expect
    .poll(() => [...perCall, ...byUsage].filter(({ events }) => events > 0).length, { timeout: 20_000 })
    .toBe(PER_CALL + BY_USAGE);

  // What had been delivered by a moment that every stream has given a sign of life after.
  const deliveredBy = new Map(byUsage.map(({ path, events }) => [path, events]));
  const moment = new Date();
  const quiet = () =>
    db.one<{ count: number }>(sql`
      select count(*)::int count from gateway_requests where state = 'running' and seen_at <= ${moment}`);
  await expect.poll(quiet, { timeout: 20_000, interval: 100 }).toEqual({ count: 0 });

  const opening = many(OPENING, (i) =>
    open(i % 2 ? "lumen-chat" : "lumen-deep", `opening/${i % 2 ? "call" : "usage"}/${i}`, "opener"),
  );
  await expect.poll(() => opening.some(({ answered }) => answered), { interval: 1 }).toBe(true);
  await server.end("SIGKILL");
  await Promise.all(ended);
  await db.close().catch(() => {});

  await server.launch(env);
  db = openBooks(server);
  const openHolds = () =>
    db.one<{ count: number }>(sql`select count(*)::int count from credit_holds where state = 'open'`);
  expect((await openHolds()).count).toBeGreaterThanOrEqual(BY_USAGE + WAITING);
  // As if the time had passed after which a silent call counts as lost, and a hold as forgotten.
  await db.execute(
    sql`update gateway_requests set seen_at = seen_at - interval '10 minutes' where state = 'running'`,
  );
  await server.advanceClock("PT1S");
  await expect
    .poll(() => db.one(sql`select count(*)::int count from gateway_requests where state = 'running'`))
    .toEqual({ count: 0 });
  expect((await openHolds()).count).toBeGreaterThanOrEqual(WAITING);
  await db.execute(
    sql`update credit_holds set expires_at = expires_at - interval '10 minutes' where state = 'open'`,
  );
  await server.advanceClock("PT1S");
  await expect.poll(openHolds).toEqual({ count: 0 });

  // A second death and start, and the same jobs once more, charge nothing more.
  const settled = await captures(db);
  await server.end("SIGKILL");
  await db.close().catch(() => {});
  await server.launch(env);
  db = openBooks(server);
  await server.advanceClock("PT1S");
  expect(await captures(db)).toEqual(settled);

  const spent = (customer: string, type: string) =>
    (settled.get(`${customer} ${type}`) ?? 0) - (before.get(`${customer} ${type}`) ?? 0);
  // One price for each answered call, not one more; nothing for those that got no answer.
  expect(spent(steady, "standard")).toBe(PER_CALL * CALL_PRICE);
  const answeredCalls = opening.filter((it) => it.answered && it.path.includes("/call/")).length;
  expect(spent(opener, "standard")).toBeGreaterThanOrEqual(answeredCalls * CALL_PRICE);
  expect(spent(opener, "standard")).toBeLessThanOrEqual((OPENING / 2) * CALL_PRICE);

  const charged = new Map(
    (
      await db.query<{ path: string; tokens: number }>(
        sql`select path, tokens from gateway_requests where path like '%usage/%'`,
      )
    ).map(({ path, tokens }) => [path, tokens]),
  );
  // No stream is charged for less than had been delivered by its last sign of life, nor for more than was ever sent.
  for (const { path, events } of byUsage) {
    const tokens = charged.get(path) ?? 0;
    expect(tokens, path).toBeGreaterThanOrEqual(deliveredBy.get(path)! * WORDS_PRICE);
    // The server may have read a chunk that it did not live to pass on.
    expect(tokens, path).toBeLessThanOrEqual((events + 2) * WORDS_PRICE);
  }
  for (const { path, answered } of opening) {
    if (answered && path.includes("/usage/")) expect(charged.get(path) ?? 0, path).toBeGreaterThan(0);
  }
  expect(spent(steady, "advanced")).toBe(
    byUsage.reduce((sum, { path }) => sum + (charged.get(path) ?? 0), 0),
  );
  const twice = await db.query(sql`
    select h.id from credit_holds h left join (
      select reference, -sum(delta)::bigint total from credit_entries where reason = 'capture' group by reference
    ) e on e.reference = h.id where coalesce(h.captured, 0) <> coalesce(e.total, 0)`);
  expect(twice, "holds whose entries are not what they captured").toEqual([]);
  expect(await findDrift(db)).toEqual([]);
  const below = sql`select id from credit_accounts where balance < 0 or held <> 0`;
  expect(await db.query(below), "accounts below zero or with credits set aside").toEqual([]);
  leaving.abort();
  await db.close();
}, 120_000);

/** What calls took from each customer's credits of each type. */
async function captures(db: Db): Promise<Map<string, number>> {
  const rows = await db.query<{ account: string; total: number }>(sql`
    select a.customer_id || ' ' || a.type account, -sum(e.delta)::bigint total
    from credit_entries e join credit_accounts a on a.id = e.account_id
    where e.reason = 'capture' group by 1 order by 1`);
  return new Map(rows.map(({ account, total }) => [account, total]));
}
