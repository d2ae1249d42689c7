// user-state for a plain e-mail (trust `recent`) by HTTP, against one prepared query behind a bare node:http handler on
// the same PostgreSQL, with the same 16 database connections. Both are driven in turn by the same load generator: the
// same header, 32 kept-alive connections, the same seconds. Budget: design §6.
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

const query = `select e.state, e.valid_to_at, c.id from customers u
  join entitlements e on e.customer_id = u.id join contracts c on c.id = e.source_id where u.email = $1`;
await using peer = await startPeer("raw-query", [findRunningDatabase(server.dataDir)!, query]);
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
