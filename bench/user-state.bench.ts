// user-state for a plain e-mail (trust `recent`) by HTTP, against the very statement it runs behind a bare node:http
// handler, prepared, on the same PostgreSQL, with the same 16 database connections. Both are driven in turn by the same
// load generator: the same header, 32 kept-alive connections, the same seconds. Budget: design §6.
import pg from "pg";
import { readStateAtOnce } from "../apps/server/src/domains/entitlements/index.ts";
import type { Queryable, Statement } from "../apps/server/src/platform/database/index.ts";
import { findRunningDatabase } from "../apps/server/src/platform/embedded-postgres/attach.ts";
import { ServerProcess } from "../e2e/server-process.ts";
import { inTurn, measure, startPeer, verdict } from "./kit.ts";

await using server = await ServerProcess.start();
const { paywalls } = await server.demo();
const price = paywalls.app.prices[0]!;
const email = "bench@example.com";
await server.buy({ paywallId: paywalls.app.id, priceId: price.id, email });

const url = `http://127.0.0.1:${server.port}/api/v1/paywall/${paywalls.app.id}/user-state`;
const headers = { "x-user-email": email };
const state = (await (await fetch(url, { headers })).json()) as { has_active_subscription: boolean };
if (!state.has_active_subscription) throw new Error("the customer of the benchmark should have access");

const connectionString = findRunningDatabase(server.dataDir)!;
await using peer = await startPeer("raw-query", [connectionString, JSON.stringify(await statementOf(email))]);
const { a: ours, b: raw } = await inTurn(
  3,
  () => measure(server.pid, { url, headers }),
  () => measure(peer.pid, { url: peer.url, headers }),
);
console.log(
  `user-state ${ours.requestsPerSecond.toFixed(0)}/s against raw query ${raw.requestsPerSecond.toFixed(0)}/s; ` +
    `CPU per request ${ours.cpuMicrosPerRequest.toFixed(0)} µs against ${raw.cpuMicrosPerRequest.toFixed(0)} µs; errors ${ours.errors}`,
);
verdict("user-state against the raw query", ours.requestsPerSecond / raw.requestsPerSecond, { atLeast: 0.5 });

/** What the server asks the database for this customer, caught where it would be sent. */
async function statementOf(address: string) {
  const db = new pg.Client({ connectionString });
  await db.connect();
  const { rows } = await db.query<{ paywallId: string; tenantId: string; addressHash: Buffer }>(
    `select p.id "paywallId", p.tenant_id "tenantId", a.address_hash "addressHash"
     from paywalls p join customers c on c.tenant_id = p.tenant_id join trusted_addresses a on a.customer_id = c.id
     where p.num = $1 and c.email = $2`,
    [paywalls.app.id, address],
  );
  await db.end();
  const { paywallId, tenantId, addressHash } = rows[0]!;
  let caught: Statement | undefined;
  const q = {
    maybeOne: async (statement: Statement) => {
      caught = statement;
      return null;
    },
  } as unknown as Queryable;
  await readStateAtOnce(q, {
    paywallId,
    tenantId,
    caller: { email: address, addressHash },
    realNow: new Date(),
  });
  if (!caught) throw new Error("user-state asked nothing");
  const values = caught.values.map((value) => {
    if (Buffer.isBuffer(value)) return { hex: value.toString("hex") };
    return value instanceof Date ? value.toISOString() : value;
  });
  return { text: caught.text, values };
}
