import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { sql } from "../../platform/database/index.ts";
import { matchPage } from "../catalogue/index.ts";
import { checkAccess } from "../entitlements/index.ts";
import {
  checkContentSourceNow,
  contentSourceJob,
  type IndexSource,
  indexPages,
  listContentSources,
  type PageFacts,
  saveContentSource,
  unindexPage,
} from "./index.ts";

type Answer = { status?: number; body?: string | Buffer; headers?: Record<string, string> };

let server: TestServer;
let site: string;
let seen: IncomingMessage[] = [];
let files: Record<string, Answer> = {};
let ids: Awaited<ReturnType<typeof idsOf>>;
let count = 0;
let file = "";

const http = createServer((request: IncomingMessage, response: ServerResponse) => {
  seen.push(request);
  // Begins and never ends, until a test says what it holds.
  if (request.url === "/hang.xml" && !files[request.url]) return void response.write("<urlset>");
  const { status = 200, body = "", headers = {} } = files[request.url ?? ""] ?? { status: 404 };
  const fresh = headers.etag !== undefined && request.headers["if-none-match"] === headers.etag;
  response.writeHead(fresh ? 304 : status, headers).end(fresh ? undefined : body);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server = await startTestServer({ config: { contentAllowedOrigins: [site] } });
  file = `
tenants:
  - slug: daily
    name: Daily
    clients: [{ clientId: web, kind: browser, origins: ["${site}"] }]
    products:
      - { sku: all, title: Everything, type: pass }
      - { sku: byhand, title: By hand, type: article, url: "${site}/byhand", publisherContentId: byhand }
    processors: [{ key: box, kind: sandbox }]
    paywalls: [{ key: news, surface: publisher, product: all, purchaseOptions: [{ key: m, interval: month, amount: 5 }] }]
    accessLists: [{ key: l, name: L, grants: [{ email: all@example.com, product: all }] }]
  - { slug: other, name: Other }
`;
  await applyYaml(server, file);
  ids = await idsOf(server, "daily");
});
afterAll(async () => {
  http.closeAllConnections();
  http.close();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  seen = [];
  files = {};
});

const index = (pages: PageFacts[], source: IndexSource = "push") =>
  server.deps.db.transaction((tx) =>
    indexPages(tx, server.deps, { tenantId: ids.tenantId, source, pages, now: server.clock.now() }),
  );
const products = (where = sql`true`) =>
  server.deps.db.query<Record<string, unknown>>(sql`
    select sku, title, url, section, publisher_content_id "contentId", index_source source, state from products
    where tenant_id = ${ids.tenantId} and ${where} order by sku`);
const product = async (sku: string) => (await products(sql`sku = ${sku}`))[0];
const at = (path: string) => site + path;

describe("the content index", () => {
  test("a pushed article is known by its address and its content id, and repeating it changes nothing", async () => {
    const page = { url: at("/p1?utm_source=x"), publisherContentId: "p1", title: "First" };
    expect(await index([page])).toMatchObject([{ sku: "article:p1", result: "created" }]);
    expect(await index([page])).toMatchObject([{ sku: "article:p1", result: "unchanged" }]);
    const q = server.deps.db;
    expect(await matchPage(q, ids.tenantId, { url: at("/p1"), publisherContentId: "p1" })).toBe("same");
    expect(await matchPage(q, ids.tenantId, { url: at("/p1"), publisherContentId: "p2" })).toBe("different");
    expect(await index([{ ...page, title: "First, revised" }])).toMatchObject([{ result: "updated" }]);
    expect(await index([{ url: at("/moved"), publisherContentId: "p1" }])).toMatchObject([
      { sku: "article:p1", result: "updated" },
    ]);
    expect(await product("article:p1")).toMatchObject({ title: "First, revised", url: at("/moved") });
  });

  test("an article is in the passes that its publisher names, and whoever has one of them may read it", async () => {
    const reader = await signedInCustomer(
      server,
      { tenantId: ids.tenantId, paywallId: ids.paywall("news").id },
      { email: "all@example.com" },
    );
    await server.get("/entitlements", reader.headers);
    const mayRead = async () =>
      (
        await checkAccess(server.deps.db, {
          tenantId: ids.tenantId,
          mode: "test",
          customerId: reader.customer.id,
          now: server.clock.now(),
          url: at("/inpass"),
        })
      ).granted;
    await index([{ url: at("/inpass") }]);
    expect(await mayRead()).toBe(false);
    await index([{ url: at("/inpass"), passes: ["all"] }]);
    expect(await mayRead()).toBe(true);
    await expect(index([{ url: at("/inpass"), passes: ["none"] }])).rejects.toMatchObject({ status: 400 });
    expect(await applyYaml(server, file), "the set-up file knows nothing of it").toEqual([]);
    expect(await mayRead()).toBe(true);
    await index([{ url: at("/inpass"), passes: [] }]);
    expect(await mayRead()).toBe(false);
  });

  test("what was written by hand is never changed, and a push that mixes up two products is refused", async () => {
    expect(await index([{ url: at("/byhand"), title: "Other" }], "sitemap")).toMatchObject([
      { result: "kept" },
    ]);
    expect(await product("byhand")).toMatchObject({ title: "By hand", source: null });
    await index([{ url: at("/c1"), publisherContentId: "c1" }]);
    for (const page of [
      { url: at("/byhand"), publisherContentId: "c1" },
      { url: at("/new"), sku: "byhand" },
      { url: at("/new"), sku: "all" },
    ]) {
      await expect(index([page])).rejects.toMatchObject({ code: "conflict", status: 409 });
    }
  });

  test("a source that knows less fills gaps and takes nothing back", async () => {
    await index([{ url: at("/rank") }], "checkout");
    expect((await products(sql`url = ${at("/rank")}`))[0]).toMatchObject({
      title: "Rank",
      source: "checkout",
    });
    await index([{ url: at("/rank"), title: "From the feed", section: "News" }], "feed");
    await index([{ url: at("/rank"), title: "From the sitemap", section: "Map" }], "sitemap");
    expect((await products(sql`url = ${at("/rank")}`))[0]).toMatchObject({
      title: "From the feed",
      section: "News",
      source: "feed",
    });
    await index([{ url: at("/rank"), title: "Pushed" }]);
    expect((await products(sql`url = ${at("/rank")}`))[0]).toMatchObject({ title: "Pushed", source: "push" });
  });

  test("an article that is taken off stays with its buyers, and comes back when it is announced again", async () => {
    const off = (sku: string) =>
      server.deps.db.transaction((tx) => unindexPage(tx, ids.tenantId, sku, server.clock.now()));
    await index([{ url: at("/off"), publisherContentId: "off" }]);
    expect(await off("article:off")).toBe(true);
    expect(await off("article:off")).toBe(false);
    expect(await off("byhand"), "not by this way").toBe(false);
    expect(await product("article:off")).toMatchObject({ state: "archived" });
    expect(await index([{ url: at("/off"), publisherContentId: "off" }])).toMatchObject([
      { result: "updated" },
    ]);
    expect(await product("article:off")).toMatchObject({ state: "active" });
  });

  test("ten sources at once make one article", async () => {
    const page = { url: at("/race"), title: "Race" };
    const all = await Promise.all(Array.from({ length: 10 }, () => index([page, page], "feed")));
    expect(all.flat().filter((it) => it.result === "created")).toHaveLength(1);
    expect(await products(sql`url = ${at("/race")}`)).toHaveLength(1);
  });
});

describe("sitemaps and feeds", () => {
  async function source(kind: "sitemap" | "feed", path: string, tenantId = ids.tenantId): Promise<string> {
    const key = `s${++count}`;
    await server.deps.db.transaction((tx) =>
      saveContentSource(tx, server.deps, {
        tenantId,
        key,
        kind,
        url: at(path),
        section: "Default",
        everyMinutes: 60,
        state: "active",
      }),
    );
    return key;
  }
  const look = async (key: string) => {
    await server.settle();
    return (await listContentSources(server.deps.db, ids.tenantId)).find((it) => it.key === key);
  };
  const stop = (key: string) =>
    server.deps.db.execute(sql`update content_sources set state = 'disabled' where key = ${key}`);
  const sitemap = (...paths: string[]) =>
    `<urlset>${paths.map((it) => `<url><loc>${it.startsWith("http") ? it : at(it)}</loc></url>`).join("")}</urlset>`;

  test("a new address in a sitemap becomes a product, and pages of other sites do not", async () => {
    files["/map.xml"] = { body: sitemap("/s/one-story", "https://evil.example/x", "ftp://d.example/") };
    const key = await source("sitemap", "/map.xml");
    expect(await look(key)).toMatchObject({ pages: 1, error: null, failures: 0 });
    expect(await products(sql`url = ${at("/s/one-story")}`)).toMatchObject([
      {
        title: "One story",
        source: "sitemap",
        section: "Default",
        sku: expect.stringMatching(/^article:.{22}$/),
      },
    ]);
    expect(await products(sql`url like '%evil%'`)).toEqual([]);
    files["/map.xml"] = { body: sitemap("/s/one-story", "/s/two") };
    seen = [];
    await look(key);
    expect(seen, "not before its hour").toHaveLength(0);
    server.clock.advance({ hours: 1 });
    expect(await look(key)).toMatchObject({ pages: 2 });
    expect(await products(sql`url = ${at("/s/two")}`)).toHaveLength(1);
    expect(seen[0]?.headers["user-agent"]).toMatch(/^Tollgate\/.*tollgate\.test/);
    await stop(key);
  });

  test("a file that has not changed is not sent again; asking for another look reads it anew", async () => {
    files["/etag.xml"] = { body: sitemap("/e/1"), headers: { etag: '"v1"' } };
    const key = await source("sitemap", "/etag.xml");
    await look(key);
    server.clock.advance({ hours: 1 });
    expect(await look(key)).toMatchObject({ error: null });
    expect(seen.map((it) => it.headers["if-none-match"])).toEqual([undefined, '"v1"']);
    const again = await server.deps.db.transaction((tx) =>
      checkContentSourceNow(tx, server.deps, ids.tenantId, key),
    );
    expect(again).toBe(true);
    expect(await look(key)).toMatchObject({ pages: 1 });
    expect(seen[2]?.headers["if-none-match"]).toBeUndefined();
    await stop(key);
  });

  test("an index leads to its sitemaps, packed ones too, and never to another site", async () => {
    files["/index.xml"] = {
      body: `<sitemapindex>${["/g.xml.gz", "/index.xml", "/plain.xml"].map((it) => `<sitemap><loc>${at(it)}</loc></sitemap>`).join("")}
        <sitemap><loc>http://169.254.169.254/latest</loc></sitemap><sitemap><loc>http://localhost:1/x</loc></sitemap></sitemapindex>`,
    };
    files["/g.xml.gz"] = {
      body: gzipSync(sitemap("/g/1")),
      headers: { "content-type": "application/x-gzip" },
    };
    files["/plain.xml"] = { body: sitemap("/g/2") };
    const key = await source("sitemap", "/index.xml");
    expect(await look(key)).toMatchObject({ pages: 2, error: null });
    expect(seen.map((it) => it.url).sort()).toEqual(["/g.xml.gz", "/index.xml", "/plain.xml"]);
    await stop(key);
  });

  test("a feed brings titles and sections", async () => {
    files["/rss"] = {
      body: `<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Caf\u00e9</title><link>${at("/f/1")}</link>
        <category>Food</category></item></channel></rss>`,
    };
    files["/rss"].body = Buffer.from(String(files["/rss"].body), "latin1");
    const key = await source("feed", "/rss");
    await look(key);
    expect(await products(sql`url = ${at("/f/1")}`)).toMatchObject([
      { title: "Café", section: "Food", source: "feed" },
    ]);
    await stop(key);
  });

  test("what fails is said in a sentence and left alone for longer each time, as long as the server asks for", async () => {
    files["/down.xml"] = { status: 503, headers: { "retry-after": "36000" } };
    files["/page.html"] = { body: "<html>" };
    files["/bomb.xml"] = {
      body: gzipSync(Buffer.alloc(60_000_000, " ")),
      headers: { "content-encoding": "gzip" },
    };
    const [down, page, bomb] = [
      await source("sitemap", "/down.xml"),
      await source("feed", "/page.html"),
      await source("sitemap", "/bomb.xml"),
    ];
    files["/torn.gz"] = { body: gzipSync(sitemap("/torn")).subarray(0, 30) };
    const torn = await source("sitemap", "/torn.gz");
    expect(await look(torn)).toMatchObject({ pages: 0, error: expect.stringContaining("unpacked") });
    await stop(torn);
    const first = await look(down);
    expect(first).toMatchObject({ failures: 1, error: expect.stringContaining("503") });
    expect((first?.dueAt.getTime() ?? 0) - server.clock.now().getTime()).toBe(36_000_000);
    const second = await look(page);
    expect(second).toMatchObject({ error: expect.stringContaining("neither a sitemap nor a feed") });
    expect((second?.dueAt.getTime() ?? 0) - server.clock.now().getTime()).toBe(2 * 3_600_000);
    expect(await look(bomb)).toMatchObject({ error: expect.stringContaining("exceeds") });
    files["/page.html"] = { body: "<rss></rss>" };
    server.clock.advance({ hours: 2 });
    expect(await look(page)).toMatchObject({ failures: 0, error: null });
    for (const key of [down, page, bomb]) await stop(key);
  });

  test("a process that stops breaks its look off and leaves it to the next one", async () => {
    const key = await source("sitemap", "/hang.xml");
    const job = contentSourceJob(server.deps);
    expect(await job.run()).toBe(1);
    await expect.poll(() => seen.length).toBe(1);
    expect(await job.run(), "one look at a time").toBe(1);
    await job.drain?.();
    const row = (await listContentSources(server.deps.db, ids.tenantId)).find((it) => it.key === key);
    expect(row).toMatchObject({ error: null, failures: 0, checkedAt: null, dueAt: server.clock.now() });
    files["/hang.xml"] = { body: sitemap("/hung") };
    expect(await look(key)).toMatchObject({ pages: 1, error: null });
    await stop(key);
  });

  test("another tenant's source makes nothing known on this one's pages", async () => {
    const other = await idsOf(server, "other");
    files["/theirs.xml"] = { body: sitemap("/theirs/1") };
    await source("sitemap", "/theirs.xml", other.tenantId);
    await server.settle();
    expect(seen).toHaveLength(1);
    expect(await server.deps.db.query(sql`select 1 from products where url = ${at("/theirs/1")}`)).toEqual(
      [],
    );
  });
});
