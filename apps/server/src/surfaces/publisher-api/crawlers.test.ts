import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { type NameServer, startNameServer } from "../../../test/name-server.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { signLinkToken } from "../../domains/signed-links/index.ts";
import { addSeconds } from "../../platform/clock.ts";

const GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const CRAWLER = "66.249.66.1";

let server: TestServer;
let world: NameServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
let site: string;
/** The publisher's own site, which leads on to wherever `?to=` says. */
const http = createServer((request, response) => {
  const to = new URL(request.url ?? "", "http://x").searchParams.get("to") ?? "";
  response.writeHead(302, { location: to }).end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  world = await startNameServer({
    "crawl.googlebot.com": [CRAWLER],
    "private.daily.example": ["10.0.0.7"],
    "mixed.daily.example": ["1.1.1.1", "127.0.0.1"],
    "metadata.daily.example": ["169.254.169.254"],
  });
  // Addresses in reverse, octet by octet.
  world.names[`${CRAWLER.split(".").reverse().join(".")}.in-addr.arpa`] = ["crawl.googlebot.com"];
  server = await startTestServer({
    env: { TOLLGATE_DNS_SERVERS: world.address, TOLLGATE_CONTENT_ALLOW: site },
  });
  await applyYaml(
    server,
    `
tenants:
  - slug: daily
    name: Daily
    domains: [${["daily", "private.daily", "mixed.daily", "metadata.daily", "flips.daily"].map((it) => `{ host: ${it}.example, verified: true }`).join(", ")}]
    clients: [{ clientId: web, kind: browser, origins: ["https://www.daily.example", "${site}"] }]
    products: [{ sku: all, title: Everything, type: pass, passUrl: "https://daily.example/" }]
    processors: [{ key: box, kind: sandbox }]
    meters: [{ key: free, limit: 1 }, { key: members, limit: 1, anonymous: false }]
    paywalls:
      - { key: leaky, surface: publisher, product: all, meter: free, purchaseOptions: [{ key: a, interval: month, amount: 5 }] }
      - { key: members, surface: publisher, product: all, meter: members, purchaseOptions: [{ key: b, interval: month, amount: 5 }] }
      - { key: hard, surface: publisher, product: all, purchaseOptions: [{ key: c, interval: month, amount: 5 }] }
`,
  );
  ids = await idsOf(server, "daily");
});
afterAll(async () => {
  http.closeAllConnections();
  http.close();
  await server[Symbol.asyncDispose]();
  await world.close();
});

const ask = (contentId: string, from: string, paywall = "leaky", userAgent = GOOGLE) =>
  server.post<{ status: string; remaining: number; signedLink?: string }>(
    `/paywalls/${ids.paywall(paywall).id}/access`,
    { publisherContentId: contentId, url: `https://daily.example/${contentId}` },
    { authorization: `Basic ${btoa("web|null:")}`, "user-agent": userAgent },
    from,
  );

test("a proved crawler reads every article and uses no free read; one that only says so gets what people get", async () => {
  for (const id of ["1", "2", "3"]) {
    const { body } = await ask(id, CRAWLER);
    expect(body).toMatchObject({ status: "allowed", remaining: 1 });
    expect(body.signedLink).toContain(`https://daily.example/${id}?token=`);
  }
  for (const fake of ["8.8.8.8", "198.51.100.1"]) {
    expect((await ask("1", fake)).body.status).toBe("allowed");
    expect((await ask("2", fake)).body).toMatchObject({ status: "paywall", remaining: 0 });
  }
  expect((await ask("9", CRAWLER, "leaky", "Firefox")).body.remaining).toBe(0);
});

test("a crawler gets nothing that people do not get for nothing: no members' meter, no paywall without a meter", async () => {
  for (const paywall of ["members", "hard"]) {
    expect((await ask("1", CRAWLER, paywall)).body.status, paywall).toBe("paywall");
  }
});

test("no free read gives a link to a pass's address, which would open the whole pass, however it is written", async () => {
  for (const url of ["https://daily.example/", "https://daily.example/?x=1", "http://daily.example#y"]) {
    const { status, body } = await server.post<{ signedLink?: string }>(
      `/paywalls/${ids.paywall("leaky").id}/access`,
      { publisherContentId: "front", url },
      { authorization: `Basic ${btoa(`web|reader-${url}:`)}`, "user-agent": "Firefox" },
    );
    expect([status, body.signedLink], url).toEqual([200, undefined]);
  }
});

const proxied = async (url: string) => {
  const expiresAt = addSeconds(server.clock.now(), 3600);
  const { token } = await signLinkToken(server.deps, ids.tenantId, { url, expiresAt });
  const { status, body } = await server.get<{ error: { message: string } }>(
    `/proxy?url=${encodeURIComponent(url)}`,
    { authorization: `Bearer ${token}` },
  );
  return [status, body.error.message];
};
const NOT_PUBLIC = expect.stringContaining("not on the public internet");

test("the content proxy refuses a registered site whose name leads to a private address, or to one among others", async () => {
  for (const host of ["private", "mixed", "metadata"]) {
    expect(await proxied(`https://${host}.daily.example/a`), host).toEqual([403, NOT_PUBLIC]);
  }
  expect(world.asked).toContain("mixed.daily.example");
});

test("a redirect to a registered site is looked up like the first address, and a name that turns private is refused", async () => {
  const to = (host: string) => `${site}/a?to=${encodeURIComponent(`https://${host}.daily.example/`)}`;
  expect(await proxied(to("private"))).toEqual([403, NOT_PUBLIC]);
  const [status, message] = await proxied(to("flips"));
  expect([status, message], "nobody knows the name yet").toEqual([
    502,
    expect.not.stringContaining("public"),
  ]);
  world.names["flips.daily.example"] = ["127.0.0.1"];
  expect(await proxied(to("flips"))).toEqual([403, NOT_PUBLIC]);
  expect(await proxied("https://flips.daily.example/a")).toEqual([403, NOT_PUBLIC]);
});
