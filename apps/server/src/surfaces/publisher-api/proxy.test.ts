import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { indexPages } from "../../domains/content/index.ts";
import { countLink, type LinkClaims, signLinkToken } from "../../domains/signed-links/index.ts";
import { addSeconds } from "../../platform/clock.ts";

const BODY = `<h1>Title</h1><div class="story"><p>One</p><p>Two</p></div><div class="story">Other</div>`;

let server: TestServer;
let site: { origin: string; seen: IncomingMessage[]; close(): void };
let elsewhere: typeof site;
let answer: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;
let ids: Awaited<ReturnType<typeof idsOf>>;
let other: Awaited<ReturnType<typeof idsOf>>;

async function startSite(respond: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: IncomingMessage[] = [];
  const http = createServer((request, response) => {
    seen.push(request);
    respond(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    origin,
    seen,
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

const page = (response: ServerResponse, html = BODY, headers: Record<string, string> = {}) =>
  response
    .writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers })
    .end(`<!doctype html><title>t</title><body>${html}</body>`);

beforeAll(async () => {
  site = await startSite((request, response) => (answer ? answer(request, response) : page(response)));
  elsewhere = await startSite((_, response) => page(response, "<p>secret</p>"));
  server = await startTestServer({ config: { contentAllowedOrigins: [site.origin, elsewhere.origin] } });
  const tenant = (slug: string, origins: string[], url: string) => `
  - slug: ${slug}
    name: ${slug}
    clients: [{ clientId: ${slug}-web, kind: browser, origins: [${origins.join(", ")}] }]
    products:
      - { sku: all, title: Everything, type: pass, passUrl: "${url}/", urlPatterns: ["${url}/politics/*"] }
      - { sku: "article:a", title: A, type: article, url: "${url}/a", publisherContentId: a }
      - { sku: bundle, title: Both, type: bundle, contains: ["article:a"] }
    processors: [{ key: box, kind: sandbox }]
    paywalls: [{ key: news, surface: publisher, product: all, purchaseOptions: [{ key: m, interval: month, amount: 5 }] }]
    accessLists:
      - { key: l, name: L, grants: [{ email: all@example.com, product: all }, { email: a@example.com, product: bundle }] }`;
  await applyYaml(
    server,
    `tenants:${tenant("daily", [site.origin, "https://rebound.example"], site.origin)}${tenant("other", ["https://other.example"], "https://other.example")}`,
  );
  [ids, other] = [await idsOf(server, "daily"), await idsOf(server, "other")];
});
afterAll(async () => {
  site.close();
  elsewhere.close();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  answer = null;
  site.seen.length = 0;
  elsewhere.seen.length = 0;
});

const tokenFor = async (claims: Partial<LinkClaims> = {}, tenantId = ids.tenantId): Promise<string> =>
  (
    await signLinkToken(server.deps, tenantId, {
      url: `${site.origin}/a`,
      expiresAt: addSeconds(server.clock.now(), 3600),
      ...claims,
    })
  ).token;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const proxy = async (
  query: Record<string, string>,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; headers: Headers }> => {
  const response = await server.fetch(`/proxy?${new URLSearchParams(query)}`, { headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
};
const statusOf = async (query: Record<string, string>, headers: Record<string, string>) =>
  (await proxy(query, headers)).status;

describe("who may", () => {
  test("P-111: without a token it is 401, also for a browser that only says which client it is", async () => {
    const url = `${site.origin}/a`;
    const anonymous = `Basic ${Buffer.from("daily-web|x:").toString("base64")}`;
    for (const headers of [{}, { authorization: anonymous }, bearer("nonsense"), bearer("a.b.c")]) {
      const refused = await proxy({ url }, headers);
      expect(refused.status).toBe(401);
      expect(JSON.parse(refused.text).error.code).toBe("authentication_required");
    }
    expect(await statusOf({}, {}), "nor is a word said about the request").toBe(401);
    expect(site.seen).toHaveLength(0);
  });

  test("P-112: a token for another address is 403; a pass opens its pages, a bundle what is in it", async () => {
    const token = await tokenFor();
    expect(await statusOf({ url: `${site.origin}/a?utm_source=x#top` }, bearer(token))).toBe(200);
    for (const path of ["/b", "/a/b", "/politics/1", "/"]) {
      expect(await statusOf({ url: site.origin + path }, bearer(token)), path).toBe(403);
    }
    expect(site.seen.map((it) => it.url?.split("?")[0])).toEqual(["/a"]);
    const pass = await tokenFor({ url: `${site.origin}/`, sku: "all" });
    expect(await statusOf({ url: `${site.origin}/politics/1` }, bearer(pass))).toBe(200);
    expect(await statusOf({ url: `${site.origin}/sports/1` }, bearer(pass))).toBe(403);
    const front = await tokenFor({ url: `${site.origin}/` });
    expect(await statusOf({ url: `${site.origin}/` }, bearer(front))).toBe(200);
    expect(await statusOf({ url: `${site.origin}/politics/1` }, bearer(front)), "no pass was proved").toBe(
      403,
    );
    const bundle = await tokenFor({ url: `${site.origin}/bundle`, sku: "bundle" });
    expect(await statusOf({ url: `${site.origin}/a` }, bearer(bundle))).toBe(200);
  });

  test("where only the query tells pages apart, a token for one is no token for what is known to be another", async () => {
    const url = (id: number) => `${site.origin}/story?id=${id}`;
    const pages = [1, 2].map((id) => ({ url: url(id), publisherContentId: `story-${id}` }));
    const push = { tenantId: ids.tenantId, source: "push", pages, now: server.clock.now() } as const;
    await server.deps.db.transaction((tx) => indexPages(tx, server.deps, push));
    const token = bearer(await tokenFor({ url: url(1), publisherContentId: "story-1" }));
    expect(await statusOf({ url: url(1) }, token)).toBe(200);
    expect(await statusOf({ url: url(2) }, token)).toBe(403);
  });

  test("a changed, expired, unsigned or foreign token opens nothing", async () => {
    const url = `${site.origin}/a`;
    const token = await tokenFor();
    const [head = "", payload = "", signature = ""] = token.split(".");
    const claims = Buffer.from(JSON.stringify({ ...decodeJwt(token), s: "all" })).toString("base64url");
    const none = Buffer.from(JSON.stringify({ alg: "none", kid: "x" })).toString("base64url");
    for (const forged of [`${head}.${claims}.${signature}`, `${none}.${payload}.`, token.slice(0, -6)]) {
      expect(await statusOf({ url }, bearer(forged))).toBe(401);
    }
    const foreign = await tokenFor({ url, sku: "all" }, other.tenantId);
    expect(await statusOf({ url }, bearer(foreign)), "another vendor's token for this page").toBe(403);
    const short = await tokenFor({ expiresAt: addSeconds(server.clock.now(), 1) });
    server.clock.advance({ seconds: 2 });
    expect(await statusOf({ url }, bearer(short)), "as published browsers send it").toBe(401);
    expect(site.seen).toHaveLength(0);
  });

  test("a signed-in reader may with a right to the page, and the publisher is told who reads", async () => {
    const at = { tenantId: ids.tenantId, paywallId: ids.paywall("news").id };
    const [all, a, none] = [
      await signedInCustomer(server, at, { email: "all@example.com" }),
      await signedInCustomer(server, at, { email: "a@example.com" }),
      await signedInCustomer(server, at),
    ];
    expect(await statusOf({ url: `${site.origin}/politics/9` }, all.headers)).toBe(200);
    expect(await statusOf({ url: `${site.origin}/a` }, all.headers)).toBe(403);
    expect(await statusOf({ url: `${site.origin}/a` }, a.headers)).toBe(200);
    expect(await statusOf({ url: `${site.origin}/a` }, none.headers)).toBe(403);
    const link = new URL(String(site.seen.at(-1)?.headers["x-sesamy-signed-url"]));
    expect(decodeJwt(link.searchParams.get("token") ?? "")).toMatchObject({
      url: `${site.origin}/a`,
      i: a.userId,
    });
  });

  test("a link that may be used twice opens twice, however many ask at once", async () => {
    const expiresAt = addSeconds(server.clock.now(), 3600);
    const counted = await countLink(server.deps.db, server.deps, {
      tenantId: ids.tenantId,
      maxUses: 2,
      expiresAt,
    });
    const token = await tokenFor({ countedId: counted });
    const url = `${site.origin}/a`;
    expect(await statusOf({ url, selector: "#none" }, bearer(token)), "nothing shown, nothing used").toBe(
      404,
    );
    const all = await Promise.all(Array.from({ length: 8 }, () => statusOf({ url }, bearer(token))));
    expect(all.filter((it) => it === 200)).toHaveLength(2);
    expect(await statusOf({ url }, bearer(token))).toBe(403);
    const never = await tokenFor({ countedId: server.deps.ids.next("signedLink") });
    expect(await statusOf({ url }, bearer(never))).toBe(403);
  });
});

describe("what comes back", () => {
  test("P-113: the inner HTML of the first match, the whole body without a selector, 404 without a match", async () => {
    const url = `${site.origin}/a`;
    const token = bearer(await tokenFor());
    expect((await proxy({ url, selector: ".story" }, token)).text).toBe("<p>One</p><p>Two</p>");
    expect((await proxy({ url, selector: "div:nth-of-type(2)" }, token)).text).toBe("Other");
    expect((await proxy({ url }, token)).text).toBe(BODY);
    expect(await statusOf({ url, selector: "#none" }, token)).toBe(404);
    expect(await statusOf({ url, selector: "[" }, token)).toBe(400);
    for (const bad of [
      "",
      "nonsense",
      "/a",
      "javascript:alert(1)",
      "file:///etc/passwd",
      "https://u:p@x.example/",
    ]) {
      expect(await statusOf({ url: bad }, token), bad).toBe(400);
    }
  });

  test("P-114: HTML without client headers, a JSON string for the SDK and whoever asks for JSON", async () => {
    const query = { url: `${site.origin}/a`, selector: ".story" };
    const token = bearer(await tokenFor());
    for (const headers of [{}, { accept: "*/*" }, { accept: "text/html" }] as Record<string, string>[]) {
      const html = await proxy(query, { ...token, ...headers });
      expect(html.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(html.headers.get("content-security-policy"), "never a page of ours").toContain("sandbox");
      expect(html.text).toBe("<p>One</p><p>Two</p>");
    }
    for (const headers of [
      { "x-sesamy-client": "@sesamy/sdk/1.22.0" },
      { "content-type": "application/json" },
      { accept: "application/json" },
    ] as Record<string, string>[]) {
      const json = await proxy(query, { ...token, ...headers });
      expect(json.headers.get("content-type")).toBe("application/json");
      expect(JSON.parse(json.text)).toBe("<p>One</p><p>Two</p>");
      expect(json.headers.get("cache-control")).toBe("no-store");
      expect(json.headers.get("access-control-allow-origin")).toBe("*");
    }
    const posted = await server.post("/proxy", query, token);
    expect([posted.status, posted.body]).toEqual([200, "<p>One</p><p>Two</p>"]);
  });

  test("the publisher gets the proof in the address and in a header, and nothing of ours beside it", async () => {
    const token = await tokenFor();
    await proxy({ url: `${site.origin}/a?id=7&token=old` }, { ...bearer(token), cookie: "session=1" });
    const { url, headers } = site.seen[0]!;
    const sent = new URL(url ?? "", site.origin);
    expect(Object.fromEntries(sent.searchParams)).toEqual({
      id: "7",
      token,
      se: expect.stringMatching(/^\d{13}$/),
    });
    expect(headers["x-sesamy-signed-url"]).toBe(sent.href);
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("cookie");
  });

  test("with cache=default a page is read once in a minute, with a proof that names nobody, unless it is private", async () => {
    const url = `${site.origin}/a`;
    const token = bearer(await tokenFor({ person: { id: "u1", name: "Zoë" } }));
    for (let i = 0; i < 3; i += 1) expect(await statusOf({ url, cache: "default" }, token)).toBe(200);
    expect(site.seen).toHaveLength(1);
    const link = new URL(String(site.seen[0]?.headers["x-sesamy-signed-url"]));
    expect(decodeJwt(link.searchParams.get("token") ?? "")).not.toHaveProperty("i");
    for (const cache of ["no", "no-cache"]) await proxy({ url, cache }, token);
    expect(site.seen).toHaveLength(3);
    expect(
      await statusOf({ url, cache: "default" }, bearer(await tokenFor({ url: `${site.origin}/b` }))),
    ).toBe(403);
    answer = (_, response) => void page(response, BODY, { "cache-control": "private" });
    const b = bearer(await tokenFor({ url: `${site.origin}/b` }));
    for (let i = 0; i < 2; i += 1) await proxy({ url: `${site.origin}/b`, cache: "default" }, b);
    expect(site.seen).toHaveLength(5);
  });

  test("another encoding than UTF-8 is read as what it says it is", async () => {
    answer = (_, response) =>
      void response
        .writeHead(200, { "content-type": "text/html" })
        .end(Buffer.from(`<meta charset="iso-8859-1"><p id=x>caf\u00e9</p>`, "latin1"));
    expect((await proxy({ url: `${site.origin}/a`, selector: "#x" }, bearer(await tokenFor()))).text).toBe(
      "café",
    );
  });
});

describe("where it never goes", () => {
  test("P-115: hosts that are not registered for the vendor, its neighbours' and private ones among them", async () => {
    const { port } = new URL(elsewhere.origin);
    for (const url of [
      `${elsewhere.origin}/a`,
      `http://localhost:${port}/a`,
      "https://other.example/a",
      "https://rebound.example.evil.example/a",
      "http://169.254.169.254/latest/meta-data",
      "http://[::1]/",
      "https://10.0.0.1/",
    ]) {
      const token = await tokenFor({ url });
      expect(await statusOf({ url }, bearer(token)), url).toBe(403);
    }
    expect(elsewhere.seen).toHaveLength(0);
  });

  test("a redirect is followed on the vendor's own site, with the proof, and nowhere else", async () => {
    answer = (request, response) => {
      const path = new URL(request.url ?? "", site.origin).pathname;
      if (path === "/a/") page(response);
      else response.writeHead(302, { location: path === "/a" ? "/a/" : `${elsewhere.origin}/x` }).end();
    };
    const followed = await proxy({ url: `${site.origin}/a`, selector: "h1" }, bearer(await tokenFor()));
    expect([followed.status, followed.text]).toEqual([200, "Title"]);
    expect(site.seen.map((it) => it.headers["x-sesamy-signed-url"] !== undefined)).toEqual([true, true]);
    const url = `${site.origin}/away`;
    expect(await statusOf({ url }, bearer(await tokenFor({ url })))).toBe(502);
    answer = (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end();
    expect(await statusOf({ url }, bearer(await tokenFor({ url })))).toBe(502);
    expect(elsewhere.seen).toHaveLength(0);
  });

  test("what is too large when unpacked, no page, or not there is 502, and a bomb is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, "a"));
    const answers: Record<string, (response: ServerResponse) => void> = {
      bomb: (response) =>
        response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end(bomb),
      large: (response) =>
        response.writeHead(200, { "content-type": "text/html" }).end(Buffer.alloc(5_000_000, "a")),
      json: (response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
      missing: (response) => response.writeHead(404, { "content-type": "text/html" }).end("no"),
      broken: (response) => void response.destroy(),
    };
    const token = bearer(await tokenFor());
    for (const [name, respond] of Object.entries(answers)) {
      answer = (_, response) => respond(response);
      expect(await statusOf({ url: `${site.origin}/a` }, token), name).toBe(502);
    }
  });
});
