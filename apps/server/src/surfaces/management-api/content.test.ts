import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf } from "../../../test/management.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { verifyLinkToken } from "../../domains/signed-links/index.ts";

type Wire = Record<string, unknown>;

const site = "https://daily.example";
let server: TestServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
let headers: Record<string, string>;
let others: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(
    server,
    `
tenants:
  - slug: daily
    name: Daily
    domains: [{ host: daily.example, verified: true }]
    products: [{ sku: all, title: Everything, type: pass, passUrl: "${site}/" }, { sku: byhand, title: By hand, type: article, url: "${site}/h" }]
    contentSources: [{ key: map, kind: sitemap, url: "${site}/sitemap.xml", section: News, everyMinutes: 30 }]
  - { slug: other, name: Other, domains: [{ host: other.example, verified: true }] }
`,
  );
  ids = await idsOf(server, "daily");
  headers = await keyOf(server, ids.tenantId);
  others = await keyOf(server, (await idsOf(server, "other")).tenantId);
});
afterAll(() => server[Symbol.asyncDispose]());

const send = <T = Wire>(method: string, path: string, body?: unknown, own = headers) =>
  call<T>(server, method, `/management/${path}`, own, body);
const push = (articles: unknown[], own = headers) => send<Wire[]>("POST", "content", { articles }, own);

test("a back end makes articles known, sees them in pages, and takes one off again", async () => {
  const pushed = await push([
    {
      url: `${site}/1`,
      publisherContentId: "1",
      title: "One",
      publishedAt: "2031-01-01T00:00:00Z",
      passes: ["all"],
    },
    { url: `${site}/2` },
    { url: `${site}/h` },
  ]);
  expect([pushed.status, pushed.body]).toEqual([
    200,
    [
      { sku: "article:1", url: `${site}/1`, result: "created" },
      { sku: expect.stringMatching(/^article:/), url: `${site}/2`, result: "created" },
      { sku: "byhand", url: `${site}/h`, result: "kept" },
    ],
  ]);
  const list = await send<Wire[]>("GET", "content?limit=1&search=one");
  expect(list.headers.get("x-total-count")).toBe("1");
  expect(list.body).toEqual([
    {
      sku: "article:1",
      url: `${site}/1`,
      title: "One",
      publisherContentId: "1",
      publishedAt: "2031-01-01T00:00:00.000Z",
      source: "push",
      indexedAt: server.clock.now().toISOString(),
      status: "ACTIVE",
    },
  ]);
  expect((await send<Wire[]>("GET", "content?source=feed")).body).toEqual([]);
  expect((await send("DELETE", "content/article%3A1")).status).toBe(204);
  expect((await send("DELETE", "content/article%3A1")).status).toBe(404);
  expect((await send<Wire[]>("GET", "content?search=one")).body).toMatchObject([{ status: "ARCHIVED" }]);
});

test("nobody speaks of another one's pages, or takes another one's articles off", async () => {
  for (const url of [
    "https://other.example/1",
    "https://evil.example/1",
    "nonsense",
    "javascript:alert(1)",
  ]) {
    expect((await push([{ url: `${site}/ok` }, { url }])).status, url).toBe(400);
  }
  expect((await send<Wire[]>("GET", "content?search=/ok")).body, "all or nothing").toEqual([]);
  await push([{ url: `${site}/mine`, publisherContentId: "mine" }]);
  expect((await push([{ url: `${site}/mine` }], others)).status).toBe(400);
  expect((await send("DELETE", "content/article%3Amine", undefined, others)).status).toBe(404);
  expect((await send<Wire[]>("GET", "content", undefined, others)).body).toEqual([]);
  expect((await push([{ url: `${site}/n`, sku: "all" }])).status).toBe(409);
  expect((await push(Array.from({ length: 101 }, (_, i) => ({ url: `${site}/many/${i}` })))).status).toBe(
    400,
  );
  const reader = await keyOf(server, ids.tenantId, ["product:read"]);
  expect((await push([{ url: `${site}/n` }], reader)).status).toBe(403);
});

test("sources of the set-up file are listed with what the last look found, and looked at when asked", async () => {
  const { body } = await send<Wire[]>("GET", "content-sources");
  expect(body).toMatchObject([
    { key: "map", kind: "sitemap", section: "News", everyMinutes: 30, status: "ACTIVE" },
  ]);
  expect((await send("POST", "content-sources/map/check")).status).toBe(204);
  expect((await send("POST", "content-sources/map/check", undefined, others)).status).toBe(404);
  const again = `
tenants:
  - { slug: daily, name: Daily, domains: [{ host: daily.example, verified: true }], products: [{ sku: all, title: Everything, type: pass, passUrl: "${site}/" }, { sku: byhand, title: By hand, type: article, url: "${site}/h" }] }`;
  expect(await applyYaml(server, again)).toMatchObject([{ kind: "contentSource", action: "archive" }]);
  expect((await send("POST", "content-sources/map/check")).status).toBe(404);
});

test("a link for a page or a pass proves what it says, for as long and as often as was asked for", async () => {
  const made = await send("POST", "signed-links", { url: `${site}/1?id=2`, seconds: 600, maxUses: 3 });
  expect(made.status).toBe(201);
  const link = await verifyLinkToken(server.deps, ids.tenantId, String(made.body.token));
  expect(link).toMatchObject({ url: `${site}/1`, countedId: made.body.id });
  expect(made.body.expiresAt).toBe(new Date(server.clock.now().getTime() + 600_000).toISOString());
  expect(new URL(String(made.body.url)).searchParams.get("id")).toBe("2");
  expect((await send("GET", `signed-links/${made.body.id}`)).body).toEqual({
    id: made.body.id,
    maxUses: 3,
    uses: 0,
    expiresAt: made.body.expiresAt,
  });
  expect((await send("GET", `signed-links/${made.body.id}`, undefined, others)).status).toBe(404);
  const pass = await send("POST", "signed-links", { sku: "all" });
  expect(await verifyLinkToken(server.deps, ids.tenantId, String(pass.body.token))).toMatchObject({
    url: `${site}/`,
    sku: "all",
    countedId: null,
  });
  for (const body of [
    {},
    { url: "https://evil.example/" },
    { url: `${site}/1`, seconds: 90_000 },
    { url: `${site}/1`, maxUses: 0 },
  ]) {
    expect((await send("POST", "signed-links", body)).status, JSON.stringify(body)).toBe(400);
  }
  expect((await send("POST", "signed-links", { sku: "none" })).status).toBe(404);
});
