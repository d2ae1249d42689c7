import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../test/kit.ts";
import { pay, postForm, someone, start } from "../../test/selling.ts";
import { createShop, type Shop } from "../../test/shop.ts";
import { sql } from "../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

/** A customer's account page as a browser has it open. */
async function openAccount(): Promise<{ base: string; cookie: string; csrf: string }> {
  const email = someone();
  const started = await start(server, shop, { email });
  await pay(server, started.body.checkoutUrl);
  const key = { "x-api-key": shop.secretKey };
  const { body } = await server.post<{ url: string }>(shop.api("get-customer-portal"), { email }, key);
  const { pathname, search } = new URL(body.url);
  const entered = await server.fetch(pathname + search);
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const page = await (await server.fetch(pathname, { headers: { cookie } })).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
  return { base: pathname.replace(/\/get$/, ""), cookie, csrf };
}

test("a NUL in a path, a query or a form is the caller's mistake, never a failure of ours", async () => {
  const key = { "x-api-key": shop.secretKey };
  for (const query of ["user_id=%00", "email=a%00%40example.com"]) {
    const { status, body, headers } = await server.get(shop.api(`user?${query}`), key);
    expect(status, query).toBe(400);
    expect(body).toMatchObject({ code: "invalid_payload", message: expect.any(String) });
    expect(headers.get("access-control-allow-origin")).toBe("*");
  }
  const { base, cookie, csrf } = await openAccount();
  for (const path of [`${base}/cancel?contract=%00`, `${base}/receipts/%00`, "/sandbox/pay/%00"]) {
    expect((await server.fetch(path, { headers: { cookie } })).status, path).toBe(400);
  }
  for (const path of ["cancel", "undo"]) {
    const { status } = await postForm(server, `${base}/${path}`, { csrf, contract: "\0" }, { cookie });
    expect(status, path).toBe(400);
  }
  const hook = await server.fetch("/processor-hooks/%00", { method: "POST", body: "{}" });
  expect(hook.status).toBe(400);
});

test("half a surrogate pair anywhere in a body is stored as the replacement character", async () => {
  const half = "\ud800";
  const email = someone();
  const started = await start(server, shop, {
    email,
    productName: `Pro ${half}`,
    visitorId: `visitor-${half}-0123456789`,
    experimentId: half,
    variantKey: half,
    userMeta: { [`k${half}`]: `v${half}`, userId: half },
  });
  expect(started.status).toBe(200);
  expect((await pay(server, started.body.checkoutUrl)).status).toBe(303);
  const stored = await server.deps.db.one<{ name: string; meta: Record<string, string> }>(sql`
    select product_name name, user_meta meta from checkouts where checkout_url = ${started.body.checkoutUrl}`);
  expect(stored).toEqual({ name: "Pro \ufffd", meta: { "k\ufffd": "v\ufffd", userId: "\ufffd" } });
});

test("an escaped pair, as other languages write emoji, arrives as it was meant", async () => {
  const body = `{"email":"${someone()}","priceId":${shop.prices.monthly},"productName":"Pro \\ud83d\\ude80 \\\\ud800"}`;
  const response = await server.fetch(shop.api("start-checkout"), { method: "POST", body });
  const { checkoutUrl } = (await response.json()) as { checkoutUrl: string };
  const { name } = await server.deps.db.one<{ name: string }>(
    sql`select product_name name from checkouts where checkout_url = ${checkoutUrl}`,
  );
  expect(name).toBe("Pro 🚀 \\ud800");
});

test("many addresses of one IPv6 network share the limit of requests", async () => {
  await using limited = await startTestServer({ config: { rateLimitPerMinute: 60 } });
  const path = (await createShop(limited)).api("user");
  let refused = 0;
  for (let n = 1; n <= 80; n += 1) {
    const { status } = await limited.fetch(path, { from: `2001:4860:4860::${n.toString(16)}` });
    if (status === 429) refused += 1;
  }
  expect(refused).toBe(20);
  expect((await limited.fetch(path, { from: "2001:4860:4861::1" })).status).toBe(401);
});

test("hosted pages and the API share one limit of requests", async () => {
  await using limited = await startTestServer({ config: { rateLimitPerMinute: 10 } });
  const own = await createShop(limited);
  const paths = ["/sandbox/pay/nothing", `/paywall/${own.paywall}/customer-portal/get?token=guess`];
  const from = "198.51.100.201";
  for (let n = 0; n < 10; n += 1) {
    expect((await limited.fetch(paths[n % 2] as string, { from })).status).not.toBe(429);
  }
  for (const path of [...paths, own.api("user")]) {
    expect((await limited.fetch(path, { from })).status, path).toBe(429);
  }
});
