import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DemoFacts, seedDemo } from "../../../demo/seed.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop } from "../../../test/shop.ts";
import { signLink } from "../../domains/signed-links/index.ts";
import type { AppEnv } from "../../http/context.ts";
import { addSeconds } from "../../platform/clock.ts";
import { newspaperRoutes } from "./newspaper.ts";
import { storefrontRoutes } from "./storefronts.ts";

const SECRET = "<p>The rest.</p>";
const OTHER_SECRET = "<p>Another rest.</p>";

let server: TestServer;
let facts: DemoFacts;
let folder: string;
let app: Hono<AppEnv>;
let site: string;

beforeAll(async () => {
  server = await startTestServer({ env: { TOLLGATE_DEMO: "1" } });
  facts = await seedDemo(server.deps, { baseUrl: server.deps.config.baseUrl });
  site = `${facts.baseUrl}/storefronts/news`;
  folder = await mkdtemp(join(tmpdir(), "tollgate-news-"));
  for (const part of ["dist", "articles"]) await mkdir(join(folder, "news", part), { recursive: true });
  const write = (path: string, text: string) => writeFile(join(folder, "news", path), text);
  await write("dist/index.html", "front");
  await write("dist/404.html", "missing");
  for (const [slug, rest] of [
    ["harbour", SECRET],
    ["glass", OTHER_SECRET],
  ]) {
    await write(`dist/${slug}.html`, `<p>Open.</p><div id="rest"></div>`);
    await write(`articles/${slug}.html`, `<p>Open.</p>\n<!-- subscribers -->\n${rest}\n`);
  }
  await write("articles/letter.html", "<p>All of it.</p>");
  const newsFacts = async () => ({
    tenantId: facts.tenant.id,
    baseUrl: facts.baseUrl,
    passSku: facts.paywalls.news.sku,
  });
  app = new Hono<AppEnv>().route("/", newspaperRoutes(server.deps, newsFacts, folder)).route(
    "/",
    storefrontRoutes(async () => ({}), folder),
  );
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const sign = (url: string, more: { seconds?: number; tenantId?: string; sku?: string } = {}) =>
  signLink(server.deps, more.tenantId ?? facts.tenant.id, {
    url,
    ...(more.sku && { sku: more.sku }),
    publisherContentId: "harbour",
    expiresAt: addSeconds(server.clock.now(), more.seconds ?? 600),
  });
const content = async (slug: string, link?: string) => {
  const response = await app.request(`/storefronts/news/content/${slug}`, {
    headers: link === undefined ? {} : { "x-sesamy-signed-url": link },
  });
  return {
    status: response.status,
    text: await response.text(),
    cache: response.headers.get("cache-control"),
  };
};

test("a signed link to the article, or to the pass, brings its text, which nobody may keep", async () => {
  for (const link of [await sign(`${site}/harbour`), await sign(site, { sku: facts.paywalls.news.sku })]) {
    expect(await content("harbour", link)).toEqual({ status: 200, text: SECRET, cache: "no-store" });
  }
});

test("nothing else does: no link, another article's, a free read of the front page, another tenant's, a changed one, an old one", async () => {
  const good = await sign(`${site}/harbour`);
  const links = [
    undefined,
    "",
    "nonsense",
    `${site}/harbour`,
    `${site}/harbour?token=`,
    await sign(`${site}/glass`),
    await sign(site),
    await sign(`${site}/harbour`, { tenantId: (await createShop(server)).tenantId }),
    good.replace(
      /token=([^&]{40})./,
      (_, start: string) => `token=${start}${start.endsWith("A") ? "B" : "A"}`,
    ),
    await sign(`${site}/harbour`, { seconds: -1 }),
  ];
  for (const link of links) {
    const answer = await content("harbour", link);
    expect([link, answer.status]).toEqual([link, 403]);
    expect(answer.text).not.toContain("rest");
  }
  server.clock.advance({ hours: 1 });
  expect((await content("harbour", good)).status).toBe(403);
});

test("a page is printed without its rest; the link puts it in, and one that does not hold leaves it out", async () => {
  const page = async (query: string) => (await app.request(`/storefronts/news/harbour${query}`)).text();
  expect(await page("")).toBe('<p>Open.</p><div id="rest"></div>');
  const link = new URL(await sign(`${site}/harbour`));
  expect(await page(link.search)).toBe(`<p>Open.</p><div id="rest" data-opened>${SECRET}</div>`);
  expect(await page(link.search.replace("token=", "sesamy-token="))).toContain(SECRET);
  const other = new URL(await sign(`${site}/glass`));
  expect(await page(other.search)).toBe('<p>Open.</p><div id="rest" data-refused></div>');
});

test("pages say that nobody may keep them or run anything in them; what is not printed is 404", async () => {
  const front = await app.request("/storefronts/news/");
  expect([front.status, await front.text()]).toEqual([200, "front"]);
  expect(front.headers.get("cache-control")).toBe("no-store");
  expect(front.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self'/);
  expect(front.headers.get("referrer-policy")).toBe("same-origin");
  expect((await app.request("/storefronts/news/nothing")).status).toBe(404);
  for (const path of ["letter", "nothing", "..%2Fharbour", "%2e%2e%2farticles%2fharbour", "harbour.html"]) {
    expect([path, (await content(path, await sign(`${site}/harbour`))).status]).toEqual([path, 404]);
  }
  for (const path of ["..%2Farticles%2Fharbour", "articles%2Fharbour"]) {
    expect([path, (await app.request(`/storefronts/news/${path}`)).status]).toEqual([path, 404]);
  }
});

test("an address without a page is the newspaper's own 404 page; its files are served", async () => {
  const unknown = ["nothing", "HARBOUR", "text/harbour", "content/HARBOUR", "a/b/c/", "harbour/"];
  for (const path of unknown) {
    const answer = await app.request(`/storefronts/news/${path}`);
    expect([path, answer.status, await answer.text()]).toEqual([path, 404, "missing"]);
    expect(answer.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
  }
  await writeFile(join(folder, "news", "dist/main.js"), "1;");
  const script = await app.request("/storefronts/news/main.js");
  expect([script.status, await script.text()]).toEqual([200, "1;"]);
  expect((await app.request("/storefronts/news/config.json")).status).toBe(200);
  expect((await app.request("/storefronts/news/other.js")).status).toBe(404);
});
