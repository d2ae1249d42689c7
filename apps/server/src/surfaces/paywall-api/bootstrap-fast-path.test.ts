import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { createApp } from "../../app.ts";
import { type FastPath, type RunningServer, serve } from "../../http/server.ts";

const FILE = `
tenants:
  - slug: acme
    name: Acme
    products: [{ sku: pro, title: Pro }]
    paywalls:
      - key: app
        name: Größe 日本
        product: pro
        purchaseOptions: [{ key: monthly, interval: month, amount: 9.99, local: [{ currency: EUR, amount: 8.99 }] }]
      - key: mac
        product: pro
        targeting: { macosOnly: true }
        purchaseOptions: [{ key: mac-monthly, interval: month, amount: 9.99 }]
`;

let server: TestServer;
let http: RunningServer;
let paywall: string;
let mac: string;
/** What the fast path said to each request, in order. */
const taken: boolean[] = [];

beforeAll(async () => {
  server = await startTestServer({
    env: {
      TOLLGATE_TRUSTED_PROXIES: "127.0.0.1",
      TOLLGATE_COUNTRY_HEADER: "cf-ipcountry",
      TOLLGATE_RATE_LIMIT_PER_MINUTE: "40",
    },
  });
  const { app, fastPath } = createApp(server.deps);
  const watched: FastPath = async (req, res) => {
    const mine = await fastPath(req, res);
    taken.push(mine);
    return mine;
  };
  http = await serve(app, { host: "127.0.0.1", port: 0, fastPath: watched });
  await applyYaml(server, FILE);
  const ids = await idsOf(server, "acme");
  paywall = `/api/v1/paywall/${ids.paywall("app").num}/bootstrap`;
  mac = `/api/v1/paywall/${ids.paywall("mac").num}/bootstrap`;
});
afterAll(async () => {
  await http.stop();
  await server[Symbol.asyncDispose]();
});

let callers = 0;
/** A new address for every caller, so that limits of one test do not touch another. */
const newCaller = () => {
  callers += 1;
  return { "x-forwarded-for": `198.51.100.${callers}`, "cf-ipcountry": "DE" };
};

type Answer = { status: number; headers: Record<string, unknown>; body: string };
const ask = (path: string, headers: Record<string, string>, method = "GET") =>
  new Promise<Answer>((resolve, reject) => {
    const req = request(
      { host: "127.0.0.1", port: http.port, path, method, headers, agent: false },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    req.on("error", reject);
    req.end();
  });
const lastTaken = () => taken.at(-1);

test("a warm guest request is answered below the framework with the route's own bytes and headers", async () => {
  const id = { "x-request-id": "a-request-id-1" };
  const slow = await ask(paywall, { ...newCaller(), ...id });
  expect(lastTaken(), "nothing is warm yet").toBe(false);
  const fast = await ask(paywall, { ...newCaller(), ...id });
  expect(lastTaken()).toBe(true);
  const comparable = ({ status, body, headers: { date: _, ...headers } }: Answer) => ({
    status,
    body,
    headers,
  });
  expect(comparable(fast)).toEqual(comparable(slow));
  expect(fast.headers["x-request-id"]).toBe("a-request-id-1");
  expect(fast.headers["cache-control"]).toBe("private, no-cache");

  const { version } = JSON.parse(fast.body) as { version: string };
  for (const query of [`?if_version=${version}`, `?x=1&if_version=${encodeURIComponent(version)}`]) {
    const shortFast = await ask(paywall + query, { ...newCaller(), ...id });
    expect(lastTaken()).toBe(true);
    // A present but empty Authorization is left to the route, which then sees a guest.
    const shortSlow = await ask(paywall + query, { ...newCaller(), ...id, authorization: "" });
    expect(lastTaken()).toBe(false);
    expect(shortFast.body).toBe(shortSlow.body);
    expect(JSON.parse(shortFast.body)).toMatchObject({ unchanged: true, version });
  }
});

test("odd versions in the query give the full form on both ways", async () => {
  await ask(paywall, newCaller());
  for (const query of [
    "?if_version=",
    "?if_version=%",
    "?if_version=%ff%00",
    `?if_version=${"x".repeat(4000)}`,
    "?",
    "?if_version=a&if_version=b",
  ]) {
    const fast = await ask(paywall + query, newCaller());
    expect(lastTaken()).toBe(true);
    const slow = await ask(paywall + query, { ...newCaller(), authorization: "Bearer x" });
    expect(fast.body).toBe(slow.body);
  }
});

test("whatever is not plainly a guest's GET is left to the route", async () => {
  await ask(paywall, newCaller());
  const cases: [string, Record<string, string>, string?][] = [
    [paywall, { authorization: "Bearer x" }],
    [paywall, { "x-user-email": "a@b.example" }],
    [paywall, {}, "OPTIONS"],
    [paywall, {}, "HEAD"],
    [paywall, {}, "POST"],
    [`${paywall}/`, {}],
    [`${paywall}x`, {}],
    [paywall.replace("/bootstrap", "/%62ootstrap"), {}],
    [paywall, { "cf-ipcountry": "FR" }],
  ];
  for (const [path, headers, method] of cases) {
    await ask(path, { ...newCaller(), ...headers }, method);
    expect(lastTaken(), `${method ?? "GET"} ${path} ${JSON.stringify(headers)}`).toBe(false);
  }
});

test("each country and, where it matters, each kind of device has its own bytes", async () => {
  const read = async (path: string, headers: Record<string, string>) => {
    await ask(path, { ...newCaller(), ...headers });
    const answer = await ask(path, { ...newCaller(), ...headers });
    expect(lastTaken()).toBe(true);
    return JSON.parse(answer.body);
  };
  expect((await read(paywall, { "cf-ipcountry": "DE" })).prices[0].local).toEqual({
    currency: "EUR",
    amount: 8.99,
  });
  expect((await read(paywall, { "cf-ipcountry": "US" })).prices[0].local).toBeNull();
  const ofMac = { "user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" };
  expect((await read(mac, ofMac)).settings.visibility.visible).toBe(true);
  expect(
    (await read(mac, { "user-agent": "Mozilla/5.0 (Windows NT 10.0)" })).settings.visibility.visible,
  ).toBe(false);
});

test("the flood limit counts both ways together and refuses with the route's answer", async () => {
  const caller = newCaller();
  const statuses = [];
  for (let i = 0; i < 42; i += 1) {
    // Every third request goes the slow way.
    const answer = await ask(paywall, i % 3 ? caller : { ...caller, authorization: "Bearer x" });
    statuses.push(answer.status);
    if (answer.status === 429) {
      expect(JSON.parse(answer.body)).toMatchObject({ code: "rate_limited" });
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
    }
  }
  expect(statuses.indexOf(429)).toBe(40);
});

test("a change empties what is warm", async () => {
  await ask(paywall, newCaller());
  await ask(paywall, newCaller());
  expect(lastTaken()).toBe(true);
  await applyYaml(server, FILE.replace("9.99", "11.99"));
  const answer = await ask(paywall, newCaller());
  expect(lastTaken()).toBe(false);
  expect(JSON.parse(answer.body).prices[0].amount).toBe(11.99);
  await applyYaml(server, FILE);
});

test("both ways are counted in the metrics under one route", async () => {
  const count = async () => {
    // From loopback itself, which is the proxy that this server trusts.
    const { body } = await ask("/metrics", {});
    const line = body
      .split("\n")
      .find((it) =>
        it.startsWith(
          'tollgate_http_requests_total{route="/api/v1/paywall/:id/bootstrap",method="GET",status="200"}',
        ),
      );
    return Number(line?.split(" ").at(-1) ?? 0);
  };
  await ask(paywall, newCaller());
  const before = await count();
  await ask(paywall, newCaller());
  await ask(paywall, { ...newCaller(), authorization: "Bearer x" });
  expect(await count()).toBe(before + 2);
});
