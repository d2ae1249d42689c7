import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DemoFacts, demoFacts, seedDemo } from "../../../demo/seed.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { startReceiver } from "../../../test/receiver.ts";
import { createWebhookEndpoint } from "../../domains/webhooks/index.ts";
import { sql } from "../../platform/database/index.ts";
import { recordEvent } from "../../platform/events.ts";
import { mailContent, queueMail } from "../../platform/mail/index.ts";
import { clockStops, readTarget } from "./clock.ts";
import { isOwnHost } from "./guard.ts";
import { locate, storefrontRoutes } from "./storefronts.ts";

const START = "2031-01-31T10:00:00.000Z";
const HANDLES = [
  "/",
  "/dev/demo.json",
  "/dev/inbox",
  "/dev/inbox.json",
  "/dev/webhooks.json",
  "/storefronts/saas/",
  "/storefronts/saas/config.json",
];

let server: TestServer;
let facts: DemoFacts;

beforeAll(async () => {
  server = await startTestServer({ now: START, env: { TOLLGATE_DEMO: "1" } });
  facts = await seedDemo(server.deps, { baseUrl: server.deps.config.baseUrl });
});
afterAll(() => server[Symbol.asyncDispose]());

describe("who gets in", () => {
  test("outside demo mode every handle is 404, as if it had never been built", async () => {
    await using plain = await startTestServer();
    // All but the name of the request.
    const bodyAt = async (path: string) =>
      JSON.stringify((await plain.get(path)).body).replace(/rqs_\w+/, "rqs_");
    const nothing = await bodyAt("/no/such/thing");
    for (const path of HANDLES) expect([path, await bodyAt(path)]).toEqual([path, nothing]);
    for (const path of ["/dev/clock", "/dev/webhooks"]) {
      expect([path, (await plain.post(path, { advance: "P1D" })).status]).toEqual([path, 404]);
    }
    // Control: in demo mode they are there.
    for (const path of HANDLES.slice(0, 5))
      expect([path, (await server.get(path)).status]).toEqual([path, 200]);
  });

  test("outside demo mode nobody plays a sign-in provider", async () => {
    await using plain = await startTestServer();
    const at = (path: string) => `/sandbox/identity/google/${path}`;
    for (const path of [".well-known/openid-configuration", "jwks"]) {
      expect([path, (await plain.get(at(path))).status]).toEqual([path, 404]);
      // Control: in demo mode it is there.
      expect([path, (await server.get(at(path))).status]).toEqual([path, 200]);
    }
    for (const path of ["token", "authorize"])
      expect([path, (await plain.post(at(path), {})).status]).toEqual([path, 404]);
    expect(plain.deps.config.identityAllowedOrigins).toEqual([]);
  });

  test("another website's page can neither read a handle nor move the clock", async () => {
    for (const site of ["cross-site", "same-site"]) {
      const headers = { "sec-fetch-site": site, "sec-fetch-mode": "no-cors" };
      expect((await server.get("/dev/demo.json", headers)).status).toBe(403);
      expect((await server.post("/dev/clock", { advance: "P1D" }, headers)).status).toBe(403);
    }
    const old = await server.post("/dev/clock", { advance: "P1D" }, { origin: "https://evil.example" });
    expect([old.status, old.body]).toMatchObject([403, { code: "forbidden" }]);
    const navigation = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect((await server.get("/", navigation)).status).toBe(200);
    expect((await server.post("/dev/clock", {}, navigation)).status).toBe(403);
    const own = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", origin: "http://tollgate.test" };
    expect((await server.get("/dev/demo.json", own)).status).toBe(200);
    expect(
      (await server.get("/dev/demo.json", { origin: "http://tollgate.test" })).headers.get(
        "access-control-allow-origin",
      ),
    ).toBeNull();
  });

  test("a foreign name that points at this machine (DNS rebinding) is refused", async () => {
    const at = async (host: string) =>
      (await server.fetch("/dev/demo.json", { host, from: "127.0.0.1" })).status;
    expect(await at("evil.example")).toBe(403);
    expect(await at("tollgate.test.evil.example:4400")).toBe(403);
    for (const host of [
      "localhost:4400",
      "127.0.0.1:4400",
      "[::1]:4400",
      "192.168.1.5:4400",
      "tollgate.test",
      "server:4400",
    ]) {
      expect([host, await at(host)]).toEqual([host, 200]);
    }
    expect(isOwnHost("shop.example.com", "https://shop.example.com")).toBe(true);
    expect(isOwnHost("localhost/@evil.example", "http://localhost")).toBe(false);
  });

  test("the guard does not touch the API, which any origin may use", async () => {
    const headers = {
      origin: "https://merchant.example",
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "cors",
    };
    const { status } = await server.get(`/api/v1/paywall/${facts.paywalls.app.id}/bootstrap`, headers);
    expect(status).toBe(200);
  });
});

test("demo.json is what a client needs, with a key that works", async () => {
  const { body, headers } = await server.get<DemoFacts>("/dev/demo.json");
  expect(body).toEqual(await demoFacts(server.deps));
  expect(body).toMatchObject({
    baseUrl: "http://tollgate.test",
    tenant: { id: expect.stringMatching(/^tnt_/), slug: expect.any(String) },
    secretKey: expect.stringMatching(/^sk_test_/),
    webhookSecret: expect.stringMatching(/^whsec_/),
    paywalls: { app: { id: expect.stringMatching(/^\d+$/), prices: expect.any(Array) } },
  });
  expect(headers.get("cache-control")).toBe("no-store");
  const user = await server.get(`/api/v1/paywall/${body.paywalls.app.id}/user?email=nobody@example.com`, {
    "x-api-key": body.secretKey,
  });
  expect(user.status).toBe(404);
});

test("the newcomer's page carries the real paywall id, key and sign-in, and runs only its own script", async () => {
  const { body, headers } = await server.get<string>("/");
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  for (const text of [
    facts.secretKey,
    facts.merchant.email,
    `paywallId: &quot;${facts.paywalls.app.id}&quot;`,
    "/dev/inbox",
    "/reference",
    "4242 4242 4242 4242",
  ]) {
    expect(body).toContain(text);
  }
  const nonce = /script-src 'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];
  const tags = [...body.matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag);
  expect(tags.length).toBeGreaterThan(1);
  for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
  // Every address on the page answers.
  const links = [...body.matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => String(path));
  for (const path of new Set(links)) expect([path, (await server.get(path)).status]).toEqual([path, 200]);
});

describe("inbox", () => {
  beforeAll(() =>
    server.deps.db.transaction(async (tx) => {
      for (const [recipient, code] of [
        ["ada@example.com", "123456"],
        ["</script><b>@example.com", undefined],
      ] as const) {
        const content = mailContent({
          brand: { name: "Lumen" },
          heading: "Your code",
          paragraphs: ["Hello"],
          code,
        });
        const mail = {
          tenantId: facts.tenant.id,
          recipient,
          template: "otp_code",
          subject: "Your code",
          ...content,
        };
        await queueMail(tx, server.deps, { ...mail, code, links: ["https://example.com/confirm"] });
      }
    }),
  );

  test("mail is listed newest first and by recipient", async () => {
    const all = await server.get<{ to: string }[]>("/dev/inbox.json");
    expect(all.body.map(({ to }) => to)).toEqual(["</script><b>@example.com", "ada@example.com"]);
    const { body } = await server.get<Record<string, unknown>[]>("/dev/inbox.json?to=Ada@Example.com");
    expect(body).toEqual([
      {
        to: "ada@example.com",
        subject: "Your code",
        text: expect.stringContaining("123456"),
        html: expect.stringContaining("<html"),
        code: "123456",
        links: ["https://example.com/confirm"],
        at: START,
      },
    ]);
    expect((await server.get("/dev/inbox.json?to=nobody@example.com")).body).toEqual([]);
  });

  test("what a mail contains cannot run in the viewer", async () => {
    const { body, headers } = await server.get<string>("/dev/inbox");
    expect(body).not.toContain("</script><b>");
    expect(headers.get("content-security-policy")).toMatch(/script-src 'nonce-[^']+'/);
    expect(body).toContain('setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox")');
  });
});

describe("clock", () => {
  const now = new Date(START);
  const target = (body: Record<string, unknown>) => readTarget(body, now).toISOString();

  test("durations count in calendar units and instants need an offset", () => {
    expect(target({ advance: "P1M" })).toBe("2031-02-28T10:00:00.000Z");
    expect(target({ advance: "P1Y" })).toBe("2032-01-31T10:00:00.000Z");
    expect(target({ advance: "PT5M" })).toBe("2031-01-31T10:05:00.000Z");
    expect(target({ now: "2031-02-01T00:00:00+02:00" })).toBe("2031-01-31T22:00:00.000Z");
    for (const body of [
      {},
      { advance: "" },
      { advance: "1 month" },
      { advance: 5 },
      { advance: "-P1D" },
      { advance: "P6Y" },
      { now: "soon" },
      { now: "2031-02-01" },
      { now: "2031-02-01T00:00:00" },
      { now: "2030-01-01T00:00:00Z" },
      { now: "9999-01-01T00:00:00Z" },
      { advance: "P1D", now: "2031-02-01T00:00:00Z" },
    ]) {
      expect(() => readTarget(body, now), JSON.stringify(body)).toThrow();
    }
  });

  test("stops are minutes, hours or days apart and the last one is the target", () => {
    const stops = (advance: string) => clockStops(now, readTarget({ advance }, now));
    expect(stops("PT12M").map((at) => (at.getTime() - now.getTime()) / 60_000)).toEqual([5, 10, 12]);
    expect(stops("P1D")).toHaveLength(24);
    expect(stops("P1M")).toHaveLength(28);
    expect(stops("PT0S")).toEqual([now]);
  });

  test("a failing webhook's six attempts happen while the clock moves, each at its own time", async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    await using own = await startTestServer({
      now: START,
      env: { TOLLGATE_DEMO: "1" },
      config: { webhookAllowedOrigins: [receiver.origin, "http://tollgate.test"] },
    });
    const { tenant } = await seedDemo(own.deps, { baseUrl: own.deps.config.baseUrl });
    await own.deps.db.execute(sql`update webhook_endpoints set state = 'paused'`);
    await own.deps.db.transaction(async (tx) => {
      const url = receiver.url;
      await createWebhookEndpoint(tx, own.deps, {
        tenantId: tenant.id,
        key: "t",
        url,
        types: [],
        mode: "test",
      });
      const contract = {
        id: "con_1",
        duration: "PERPETUAL",
        state: "active",
        periodStartAt: START,
        periodEndAt: null,
      };
      const data = { contract, price: {}, customer: {}, userMeta: {}, paywall: {}, connection: {} };
      const type = "payment.completed";
      await recordEvent(tx, own.deps, {
        tenantId: tenant.id,
        mode: "test",
        type,
        occurredAt: new Date(START),
        data,
      });
    });
    const { status, body } = await own.post("/dev/clock", { advance: "PT3H" });
    expect([status, body]).toEqual([200, { now: "2031-01-31T13:00:00.000Z" }]);
    const attempts = await own.deps.db.query<{ at: Date }>(
      sql`select at from webhook_attempts order by attempt`,
    );
    // The first is made at the first stop, the others after 5, 10, 20, 40 and 80 minutes.
    expect(attempts.map(({ at }) => (at.getTime() - new Date(START).getTime()) / 60_000)).toEqual([
      5, 10, 20, 40, 80, 160,
    ]);
  });

  test("nonsense moves nothing", async () => {
    const offset = () =>
      server.deps.db.one(sql`select clock_offset_ms n from tenants where id = ${facts.tenant.id}`);
    const before = await offset();
    for (const body of [{}, { advance: "tomorrow" }, { now: "2000-01-01T00:00:00Z" }, [], "x"]) {
      expect((await server.post("/dev/clock", body)).status).toBe(400);
    }
    expect(await offset()).toEqual(before);
  });

  test("two steps at once add up", async () => {
    await using own = await startTestServer({ now: START, env: { TOLLGATE_DEMO: "1" } });
    await seedDemo(own.deps, { baseUrl: own.deps.config.baseUrl });
    await Promise.all([
      own.post("/dev/clock", { advance: "PT10M" }),
      own.post("/dev/clock", { advance: "PT10M" }),
    ]);
    const { body } = await own.post("/dev/clock", { advance: "PT0S" });
    expect(body).toEqual({ now: "2031-01-31T10:20:00.000Z" });
  });
});

describe("received webhooks", () => {
  test("what arrives is kept as it came, newest first, and only the newest 500", async () => {
    const post = (body: string) =>
      server.fetch("/dev/webhooks", {
        method: "POST",
        body,
        headers: { "content-type": "application/json", "x-signature": "ab" },
      });
    expect((await post('{ "n": 1 }')).status).toBe(200);
    server.clock.advance({ seconds: 1 });
    await post("not json \0");
    const { body } =
      await server.get<{ headers: Record<string, string>; body: string; at: string }[]>("/dev/webhooks.json");
    expect(body).toMatchObject([
      { body: "not json \uFFFD", at: "2031-01-31T10:00:01.000Z", headers: { "x-signature": "ab" } },
      { body: '{ "n": 1 }', at: START },
    ]);
    await server.deps.db.execute(sql`
      insert into dev_webhooks (headers, body, received_at) select '{}', 'x', now() from generate_series(1, 600)`);
    await post("last");
    expect((await server.get<unknown[]>("/dev/webhooks.json")).body).toHaveLength(500);
    expect(
      (await server.fetch("/dev/webhooks", { method: "POST", body: "x".repeat(1024 * 1024 + 1) })).status,
    ).toBe(413);
  });
});

describe("storefronts", () => {
  test("the demo app learns where the server is and which paywall to open", async () => {
    const { body } = await server.get("/storefronts/saas/config.json");
    expect(body).toEqual({ apiOrigin: "http://tollgate.test", paywallId: facts.paywalls.app.id });
    const phone = await server.fetch("/storefronts/saas/config.json", { host: "192.168.1.5:4400" });
    expect(await phone.json()).toMatchObject({ apiOrigin: "http://192.168.1.5:4400" });
  });

  test("only built files of a storefront are served, each with its type and caching", async () => {
    const folder = await mkdtemp(join(tmpdir(), "storefronts-"));
    try {
      await mkdir(join(folder, "app/dist/assets"), { recursive: true });
      await writeFile(join(folder, "app/dist/index.html"), "<p>app</p>");
      await writeFile(join(folder, "app/dist/assets/a-1.js"), "1");
      await writeFile(join(folder, "app/secret.js"), "secret");
      await writeFile(join(folder, "secret.js"), "secret");
      const app = storefrontRoutes(async () => ({}), folder);
      const get = async (path: string) => {
        const response = await app.request(`http://x${path}`);
        return [
          response.status,
          response.headers.get("content-type"),
          response.headers.get("cache-control"),
          await response.text(),
        ];
      };
      const index = [200, "text/html; charset=utf-8", "no-cache", "<p>app</p>"];
      expect(await get("/storefronts/app/")).toEqual(index);
      expect(await get("/storefronts/app/index.html")).toEqual(index);
      expect(await get("/storefronts/app/some/page")).toEqual(index);
      expect(await get("/storefronts/app/assets/a-1.js")).toEqual([
        200,
        "text/javascript; charset=utf-8",
        "public, max-age=31536000, immutable",
        "1",
      ]);
      const slash = await app.request("http://x/storefronts/app");
      expect([slash.status, slash.headers.get("location")]).toEqual([302, "/storefronts/app/"]);
      for (const path of [
        "/storefronts/app/../secret.js",
        "/storefronts/app/%2e%2e/secret.js",
        "/storefronts/app/..%2fsecret.js",
        "/storefronts/app/..%2f..%2fsecret.js",
        "/storefronts/app/%252e%252e/secret.js",
        "/storefronts/app/..%5csecret.js",
        "/storefronts/app/a%00.js",
        "/storefronts/app/%ff.js",
        "/storefronts/../secret.js",
        "/storefronts/.%2e/app/secret.js",
        "/storefronts/app/no-such.js",
        "/storefronts/none/",
      ]) {
        const [status, , , text] = await get(path);
        expect([path, status, text === "secret"]).toEqual([path, 404, false]);
      }
      expect(locate(folder, "..", "index.html")).toBeNull();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
