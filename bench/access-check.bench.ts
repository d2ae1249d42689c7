// May this customer? By HTTP, for 500 customers picked at random out of 10³, 10⁵ and 10⁶ who have five entitlements each,
// against the very statement that decides it behind a bare node:http handler, prepared, on the same PostgreSQL with as
// many database connections. Two questions: `user-state` (3.x, by e-mail), and the publisher's leaky access check by a
// signed-in reader, which also finds paywall, session and waiting grants and takes a transaction. All sides are driven in
// turn by the same load generator. How ours grows is told beside `select 1` in the same rounds, so that a machine that is
// slower later is not taken for growth. What it may be is design §6.
//
//   BENCH_CUSTOMERS=1000,100000 npm run bench -- access-check    other sizes
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { checkAccess, readStateAtOnce } from "../apps/server/src/domains/entitlements/index.ts";
import { systemClock } from "../apps/server/src/platform/clock.ts";
import { openKeys } from "../apps/server/src/platform/crypto.ts";
import { openDatabase, type Queryable, type Statement } from "../apps/server/src/platform/database/index.ts";
import { findRunningDatabase } from "../apps/server/src/platform/embedded-postgres/attach.ts";
import { createIds } from "../apps/server/src/platform/ids.ts";
import { systemRandom } from "../apps/server/src/platform/random.ts";
import { ServerProcess } from "../e2e/server-process.ts";
import { type Load, measure, startPeer, verdict } from "./kit.ts";

const SIZES = (process.env.BENCH_CUSTOMERS ?? "1000,100000,1000000").split(",").map(Number);
const PICKED = 500;
const ROUNDS = 3;
const SECRET = "the-secret-of-a-benchmark-and-nobody-else";
const CONTENT_ID = "harbour";

await using server = await ServerProcess.start({
  env: { TOLLGATE_SECRET: SECRET, TOLLGATE_RATE_LIMIT_PER_MINUTE: "0" },
});
const demo = (await server.demo()) as Awaited<ReturnType<typeof server.demo>> & {
  paywalls: { news: { id: string } };
};
const price = demo.paywalls.app.prices[0]!;
// A real sale, so that an address is trusted, as every customer's is below.
await server.buy({ paywallId: demo.paywalls.app.id, priceId: price.id, email: "first@example.com" });
const connectionString = findRunningDatabase(server.dataDir)!;
const db = new pg.Client({ connectionString });
await db.connect();
const { rows: facts } = await db.query<{
  paywallId: string;
  tenantId: string;
  productId: string;
  addressHash: Buffer;
}>(
  `select p.id "paywallId", p.tenant_id "tenantId", p.default_product_id "productId", a.address_hash "addressHash"
   from paywalls p, trusted_addresses a where p.num = $1 and a.tenant_id = p.tenant_id limit 1`,
  [demo.paywalls.news.id],
);
const { paywallId, tenantId, productId, addressHash } = facts[0]!;

type Picked = { id: string; email: string; token: string };
/** `ratio` is against the raw query, `speed` in units of `select 1` in the same rounds. */
type Compared = { ratio: number; speed: number };
const results: { size: number; state: Compared; publisher: Compared }[] = [];
let there = 0;
for (const size of SIZES) {
  await grow(there, size);
  there = size;
  const picked = await pick(size);
  await mustHaveAccess(picked[0]!);
  const state = await compare("user-state", size, {
    ours: {
      url: `http://127.0.0.1:${server.port}/api/v1/paywall/${demo.paywalls.news.id}/user-state`,
      requests: picked.map(({ email }) => ({ headers: { "x-user-email": email } })),
    },
    statements: await Promise.all(picked.map(stateStatement)),
  });
  const publisher = await compare("publisher access", size, {
    ours: {
      url: `http://127.0.0.1:${server.port}/paywalls/${demo.paywalls.news.id}/access`,
      requests: picked.map(({ token }) => ({
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ publisherContentId: CONTENT_ID }),
      })),
    },
    statements: await Promise.all(picked.map(accessStatement)),
  });
  results.push({ size, state, publisher });
}
await db.end();

const [first, last] = [results[0]!, results.at(-1)!];
for (const { size, publisher } of results) {
  console.log(
    `${size} customers: publisher access check against the raw query: ratio ${publisher.ratio.toFixed(2)}`,
  );
}
for (const { size, state } of results) {
  verdict(`${size} customers: user-state against the raw query`, state.ratio, { atLeast: 0.5 });
}
const growth = (what: "publisher" | "state") => first[what].speed / last[what].speed;
const span = `${first.size} against ${last.size} customers`;
verdict(`publisher access check, ${span}`, growth("publisher"), { atMost: 1.3 });
verdict(`user-state, ${span}`, growth("state"), { atMost: 1.3 });

async function compare(
  what: string,
  size: number,
  { ours: load, statements }: { ours: Load; statements: Statement[] },
): Promise<Compared> {
  const { text } = statements[0]!;
  const all = statements.map(({ values }) => values.map(portable));
  // Too much for an argument.
  const given = join(server.dataDir, "bench-statement.json");
  writeFileSync(given, JSON.stringify({ text, all }));
  await using raw = await startPeer("raw-query", [connectionString, `@${given}`]);
  await using yardstick = await startPeer("raw-query", [
    connectionString,
    JSON.stringify({ text: "select 1" }),
  ]);
  const rounds: [ours: number, raw: number, yardstick: number][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await measure(server.pid, load);
    if (ours.errors > 0) throw new Error(`${what} answered with errors`);
    // The peer reads nothing of a request, but is to receive as much.
    const asked = { requests: load.requests ?? [] };
    const b = await measure(raw.pid, { url: raw.url, ...asked });
    const c = await measure(yardstick.pid, { url: yardstick.url, ...asked });
    rounds.push([ours.requestsPerSecond, b.requestsPerSecond, c.requestsPerSecond]);
  }
  const middle = (pick: (round: (typeof rounds)[number]) => number) =>
    rounds.map(pick).sort((x, y) => x - y)[Math.floor(ROUNDS / 2)]!;
  const [ours, bare, plain] = ([0, 1, 2] as const).map((side) => middle((round) => round[side]).toFixed(0));
  console.log(`${what}, ${size} customers: ${ours}/s against raw query ${bare}/s, and select 1 ${plain}/s`);
  return { ratio: middle(([a, b]) => a / b), speed: middle(([a, , c]) => a / c) };
}

/** Customers from `from` on, up to `to`: each with a trusted address and five entitlements, the paywall's pass among them. */
async function grow(from: number, to: number): Promise<void> {
  const started = performance.now();
  // Bulk rows that are right by construction: their references need no check one by one.
  await db.query(
    "set session_replication_role = replica; set synchronous_commit = off; set work_mem = '64MB'",
  );
  const range = [tenantId, from + 1, to];
  await db.query(
    `insert into customers (id, uuid, tenant_id, email, email_verified_at, created_at)
     select 'bench-' || i, gen_random_uuid(), $1, 'bench-' || i || '@example.com', now(), now()
     from generate_series($2::int, $3::int) i`,
    range,
  );
  await db.query(
    `insert into trusted_addresses (tenant_id, customer_id, address_hash, last_seen_at)
     select $1, 'bench-' || i, $4, now() from generate_series($2::int, $3::int) i`,
    [...range, addressHash],
  );
  await db.query(
    `insert into entitlements (id, tenant_id, mode, customer_id, product_id, source_kind, source_id, state,
       valid_from_at, valid_to_at, created_at, updated_at)
     select 'bench-' || i || '-' || p.nth, $1, 'test', 'bench-' || i, p.id, 'contract', 'bench-' || i || '-' || p.nth,
       'active', now() - interval '1 day', now() + interval '1 year', now(), now()
     from generate_series($2::int, $3::int) i,
       (select id, row_number() over (order by id = $4 desc, sku) nth from products where tenant_id = $1) p
     where p.nth <= 5`,
    [...range, productId],
  );
  for (const table of ["customers", "trusted_addresses", "entitlements"])
    await db.query(`vacuum analyze ${table}`);
  console.log(`${to} customers after ${Math.round((performance.now() - started) / 1000)} s`);
}

/** Customers at random, each with a session and its token. */
async function pick(size: number): Promise<Picked[]> {
  const pool = openDatabase({ connectionString, poolSize: 2, onError: console.error });
  const keys = await openKeys(pool, createIds(systemClock), systemRandom, SECRET);
  const ids = new Set<string>();
  while (ids.size < PICKED) ids.add(`bench-${1 + Math.floor(Math.random() * size)}`);
  const { rows } = await db.query<{ id: string; uuid: string; email: string; sessionId: string }>(
    `with picked as (
       select id, uuid, email, 'bench-session-' || $3::text || '-' || id session from customers where id = any ($2)
     ), opened as (
       insert into sessions (id, tenant_id, customer_id, amr, created_at, last_used_at)
       select session, $1, id, '{otp}', now(), now() from picked
     ) select id, uuid, email, session "sessionId" from picked`,
    [tenantId, [...ids], size],
  );
  const iat = Math.floor(Date.now() / 1000);
  const picked = await Promise.all(
    rows.map(async ({ id, uuid, email, sessionId }) => {
      const claims = { iss: server.baseUrl, aud: tenantId, sub: uuid, email, session_id: sessionId };
      return { id, email, token: await keys.signToken({ ...claims, iat, exp: iat + 3600 }) };
    }),
  );
  await pool.close();
  return picked;
}

async function mustHaveAccess({ email, token }: Picked): Promise<void> {
  const state = await server.json<{ has_active_subscription: boolean }>(
    `/api/v1/paywall/${demo.paywalls.news.id}/user-state`,
    { headers: { "x-user-email": email } },
  );
  const read = await server.json<{ status: string; remaining: number }>(
    `/paywalls/${demo.paywalls.news.id}/access`,
    {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ publisherContentId: CONTENT_ID }),
    },
  );
  if (!state.has_active_subscription || read.status !== "allowed" || read.remaining !== 3) {
    throw new Error(`the customers of the benchmark should have access: ${JSON.stringify({ state, read })}`);
  }
}

/** What an operation asks the database, caught where it would be sent. */
async function caught(ask: (q: Queryable) => Promise<unknown>): Promise<Statement> {
  let statement: Statement | undefined;
  const maybeOne = async (it: Statement) => {
    statement = it;
    return null;
  };
  await ask({ maybeOne } as unknown as Queryable);
  if (!statement) throw new Error("nothing was asked");
  return statement;
}

function stateStatement({ email }: Picked): Promise<Statement> {
  const input = { paywallId, tenantId, caller: { email, addressHash }, realNow: new Date() };
  return caught((q) => readStateAtOnce(q, input));
}

function accessStatement({ id: customerId }: Picked): Promise<Statement> {
  const target = { productId, publisherContentId: CONTENT_ID };
  return caught((q) => checkAccess(q, { tenantId, mode: "test", customerId, now: new Date(), ...target }));
}

function portable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return { hex: value.toString("hex") };
  return value instanceof Date ? value.toISOString() : value;
}
