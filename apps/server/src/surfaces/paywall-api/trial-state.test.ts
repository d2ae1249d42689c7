import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let opens: Shop;
let timed: Shop;
beforeAll(async () => {
  server = await startTestServer();
  opens = await createShop(server, { settings: { trial: { mode: "opens", payload: 3, storage: "server" } } });
  timed = await createShop(server, { settings: { trial: { mode: "time", payload: 2, storage: "server" } } });
});
afterAll(() => server[Symbol.asyncDispose]());

type Body = { used: number; blocked: boolean; code: string };
const device = () => ({ "x-visitor-id": randomUUID() });
const read = (headers: Record<string, string>, shop = opens) =>
  server.get<Body>(shop.api("trial-state"), headers);
const record = (headers: Record<string, string>, shop = opens, body: object = {}) =>
  server.post<Body>(shop.api("trial-state"), { id: randomUUID(), ...body }, headers);
const usedBy = async (headers: Record<string, string>) => (await read(headers)).body.used;

test("each recorded open uses one up, never more than there are, and reading uses none", async () => {
  const mine = device();
  expect(await read(mine)).toMatchObject({
    status: 200,
    body: { mode: "opens", blocked: true, used: 0, total: 3 },
  });
  for (const used of [1, 2, 3, 3, 3]) {
    expect((await record(mine)).body).toEqual({ mode: "opens", blocked: used < 3, used, total: 3 });
    expect(await usedBy(mine)).toBe(used);
  }
  expect(await usedBy(device())).toBe(0);
});

test("time runs on the tenant's clock from the first recorded open, and ends to the millisecond", async () => {
  const mine = device();
  expect((await read(mine, timed)).body).toEqual({
    mode: "time",
    blocked: true,
    started_at: null,
    elapsed_ms: null,
    total_ms: 7_200_000,
  });
  const started_at = server.clock.now().toISOString();
  await record(mine, timed);
  server.clock.advance({ hours: 1 });
  expect((await record(mine, timed)).body).toMatchObject({
    started_at,
    elapsed_ms: 3_600_000,
    blocked: true,
  });
  server.clock.advance({ ms: 3_599_999 });
  expect((await read(mine, timed)).body).toMatchObject({ blocked: true });
  server.clock.advance({ ms: 1 });
  expect((await read(mine, timed)).body).toMatchObject({ started_at, blocked: false });
});

test("a repeat under the same id is not counted again, also when both arrive together", async () => {
  const mine = device();
  const id = randomUUID();
  const answers = await Promise.all(Array.from({ length: 8 }, () => record(mine, opens, { id })));
  expect(answers.map(({ body }) => body.used)).toEqual(Array(8).fill(1));
  expect((await record(mine, opens, { id })).body.used).toBe(1);
});

test("opens that race are all counted, for a customer on several devices too", async () => {
  const plenty = await createShop(server, {
    settings: { trial: { mode: "opens", payload: 50, storage: "server" } },
  });
  const { headers } = await signedInCustomer(server, plenty);
  const devices = [device(), device(), device()];
  await Promise.all(Array.from({ length: 24 }, (_, n) => record({ ...headers, ...devices[n % 3]! }, plenty)));
  expect((await read(headers, plenty)).body.used).toBe(24);
});

test("clearing storage does not bring the trial back to a signed-in customer", async () => {
  const { headers } = await signedInCustomer(server, opens);
  for (let n = 0; n < 3; n++) await record({ ...headers, ...device() });
  const fresh = device();
  expect((await read({ ...headers, ...fresh })).body).toMatchObject({ used: 3, blocked: false });
  // Control: the device alone would start over.
  expect((await read(fresh)).body).toMatchObject({ used: 0, blocked: true });
});

test("signing out or in with another account does not bring the trial back to a device", async () => {
  const mine = device();
  const one = await signedInCustomer(server, opens);
  for (let n = 0; n < 3; n++) await record({ ...one.headers, ...mine });
  expect((await read(mine)).body.blocked).toBe(false);
  const two = await signedInCustomer(server, opens);
  expect((await read({ ...two.headers, ...mine })).body.blocked).toBe(false);
  // Control: that account is not used up elsewhere until it has opened here.
  expect((await read(two.headers)).body.blocked).toBe(true);
  await record({ ...two.headers, ...mine });
  expect((await read(two.headers)).body.blocked).toBe(false);
});

test("what a device has counted itself can only make the use larger", async () => {
  const mine = device();
  await record(mine);
  expect((await record(mine, opens, { used: 0 })).body.used).toBe(2);
  const offline = device();
  expect((await record(offline, opens, { used: 3 })).body.used).toBe(3);
  expect((await record(offline, opens, { used: 10_000 })).body.used).toBe(3);
  const early = device();
  await record(early, timed, { elapsed_ms: 7_200_000 });
  expect((await read(early, timed)).body.blocked).toBe(false);
  await record(early, timed, { elapsed_ms: 0 });
  expect((await read(early, timed)).body.blocked).toBe(false);
  for (const strange of [
    { used: -1 },
    { used: "3" },
    { used: 1.5 },
    { elapsed_ms: -5 },
    { elapsed_ms: 1e300 },
  ])
    expect((await record(device(), opens, strange)).body).toMatchObject({ used: 1 });
});

test("one paywall's use says nothing about another's, and another tenant's session is refused", async () => {
  const mine = device();
  const { headers } = await signedInCustomer(server, opens);
  await record({ ...headers, ...mine });
  const other = await createShop(server, {
    settings: { trial: { mode: "opens", payload: 3, storage: "server" } },
  });
  expect((await read(mine, other)).body.used).toBe(0);
  for (const call of [read, record]) {
    expect(await call({ ...headers, ...mine }, other)).toMatchObject({
      status: 401,
      body: { code: "invalid_token" },
    });
  }
  expect((await read(mine, other)).body.used).toBe(0);
});

test("a paywall that keeps no trial here, or none at all, answers 404 as an unknown one does", async () => {
  const local = await createShop(server, {
    settings: { trial: { mode: "opens", payload: 3, storage: "client" } },
  });
  const none = await createShop(server);
  for (const path of [
    local.api("trial-state"),
    none.api("trial-state"),
    "/api/v1/paywall/999999/trial-state",
  ]) {
    expect(await server.get(path, device())).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await server.post(path, { id: randomUUID() }, device())).toMatchObject({ status: 404 });
  }
});

test("without a session and without a plausible device there is nobody to count for", async () => {
  const shapes: Record<string, string>[] = [
    {},
    { "x-visitor-id": "short" },
    { "x-visitor-id": "x".repeat(129) },
  ];
  for (const headers of shapes) {
    for (const call of [read, record])
      expect(await call(headers)).toMatchObject({ status: 400, body: { code: "identity_required" } });
  }
  expect(await server.post(opens.api("trial-state"), {}, device())).toMatchObject({
    status: 400,
    body: { code: "invalid_payload" },
  });
});

test("a trial of no opens or no hours is over before it begins", async () => {
  for (const mode of ["opens", "time"] as const) {
    const shop = await createShop(server, { settings: { trial: { mode, payload: 0, storage: "server" } } });
    expect((await read(device(), shop)).body).toMatchObject({ blocked: false });
  }
});

test("a page of any origin may send the device's id", async () => {
  const answer = await server.fetch(opens.api("trial-state"), {
    method: "OPTIONS",
    headers: { origin: "https://host.example", "access-control-request-headers": "x-visitor-id" },
  });
  expect(answer.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("x-visitor-id");
});

test("one place cannot fill the table with made-up devices; known ones, customers and other places go on", async () => {
  const crowded = "198.51.100.23";
  const post = (headers: Record<string, string>, from = crowded) =>
    server.post<Body>(opens.api("trial-state"), { id: randomUUID() }, headers, from);
  const known = device();
  expect((await post(known)).status).toBe(200);
  await server.deps.db.execute(sql`update rate_limits set count = 500 where key like 'trial-device:%'`);
  const made = device();
  expect(await post(made)).toMatchObject({ status: 429, body: { code: "rate_limited" } });
  expect(await usedBy(made)).toBe(0);
  expect(await post(known)).toMatchObject({ status: 200, body: { used: 2 } });
  const customer = await signedInCustomer(server, opens);
  expect(await post({ ...customer.headers, ...device() })).toMatchObject({ status: 200, body: { used: 1 } });
  expect(await usedBy(customer.headers)).toBe(1);
  expect((await post(device(), "198.51.100.24")).status).toBe(200);
  server.clock.advance({ hours: 1 });
  expect((await post(made)).status).toBe(200);
});

test("a device that came back to nothing for more than a year is forgotten, what a customer used up is not", async () => {
  const [old, young] = [device(), device()];
  const customer = await signedInCustomer(server, opens);
  await record(old);
  await record(customer.headers);
  server.clock.advance({ days: 399 });
  await record(young);
  await server.deps.jobs.runAllDue();
  expect(await usedBy(old)).toBe(1);
  server.clock.advance({ days: 1 });
  await server.deps.jobs.runAllDue();
  expect([await usedBy(old), await usedBy(young)]).toEqual([0, 1]);
  const left = await server.deps.db.query(sql`select 1 from trial_states where subject_kind = 'customer'`);
  expect(left.length).toBeGreaterThan(0);
});
