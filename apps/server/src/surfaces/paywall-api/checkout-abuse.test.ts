import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, CARDS, contractOf, pay, someone, start } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
let trials: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  trials = await createShop(server, { trialDays: 7 });
});
afterAll(() => server[Symbol.asyncDispose]());

const STRANGER = { from: "198.51.100.77" };
const trialDays = async (checkoutUrl: string): Promise<number> => {
  const { days } = await server.deps.db.one<{ days: number }>(
    sql`select trial_days days from checkouts where checkout_url = ${checkoutUrl}`,
  );
  return days;
};

test("a browser may shorten a trial or do without, but only a merchant's key lengthens it", async () => {
  const key = { headers: { "x-api-key": trials.secretKey } };
  const cases: [number | null, object, number][] = [
    [365, {}, 7],
    [3, {}, 3],
    [0, {}, 0],
    [null, {}, 7],
    [30, key, 30],
  ];
  for (const [asked, options, granted] of cases) {
    const { body } = await start(server, trials, { email: someone(), trial_days: asked }, options);
    expect(await trialDays(body.checkoutUrl), `${asked}`).toBe(granted);
  }
  // A price without a trial has none to lengthen.
  const { body } = await start(server, shop, { email: someone(), trial_days: 365 });
  expect(await trialDays(body.checkoutUrl)).toBe(0);
});

test("the payment page shows a stranger the same for an address that had a trial and for one that had not", async () => {
  const email = someone();
  await buy(server, trials, { email });
  const page = async (who: string) => {
    const { body } = await start(server, trials, { email: who }, STRANGER);
    const html = await (await server.fetch(new URL(body.checkoutUrl).pathname)).text();
    return html.replaceAll(who, "them").replaceAll(/sbs_[0-9A-Z]+|nonce="[^"]+"/g, "");
  };
  expect(await page(email)).toBe(await page(someone()));
});

test("whoever had a trial gets no second one from another network either: the payment starts at once", async () => {
  const email = someone();
  await buy(server, trials, { email });
  const again = await start(server, trials, { email, priceId: trials.prices.monthly }, STRANGER);
  await pay(server, again.body.checkoutUrl, CARDS.failsLater);
  await server.settle();
  const { id } = await server.deps.db.one<{ id: string }>(
    sql`select contract_id id from checkouts where checkout_url = ${again.body.checkoutUrl}`,
  );
  expect((await contractOf(server, id)).state).not.toBe("trialing");
});

test("which processor somebody paid with before is not told to a stranger", async () => {
  const two = await createShop(server);
  const emails = [1, 2, 3, 4, 5, 6].map(someone);
  for (const email of emails) await buy(server, two, { email });
  const second = server.deps.ids.next("connection");
  await server.deps.db.execute(sql`
    insert into processor_connections (id, tenant_id, key, kind, mode, label, acquiring, state, webhook_secret_sealed)
    select ${second}, tenant_id, 'second', kind, mode, 'second', 'paddle', state, webhook_secret_sealed
    from processor_connections where id = ${two.connectionId}`);
  await server.deps.db.execute(sql`
    insert into paywall_connections (tenant_id, paywall_id, connection_id, weight)
    values (${two.tenantId}, ${two.paywallId}, ${second}, 99)`);
  await server.deps.db.execute(
    sql`update paywall_connections set weight = 1 where connection_id = ${two.connectionId}`,
  );
  const acquiring = async (email: string, options: object) =>
    (await start(server, two, { email, ignoreActivePurchase: true }, options)).body.acquiring;
  const own = await Promise.all(emails.map((email) => acquiring(email, {})));
  expect(new Set(own)).toEqual(new Set(["stripe"]));
  const strangers = await Promise.all(emails.map((email) => acquiring(email, STRANGER)));
  expect(strangers).toContain("paddle");
});

test("a fault of ours on the way to the processor is answered without its details", async () => {
  const broken = await createShop(server);
  await server.deps.db.execute(sql`alter table sandbox_sessions rename to sandbox_sessions_gone`);
  try {
    const { status, body } = await start(server, broken, { email: someone() });
    expect(status).toBe(502);
    expect(JSON.stringify(body)).not.toMatch(/relation|sandbox|select|insert|column/i);
    expect(body).toMatchObject({ code: "upstream", message: "The payment processor did not answer." });
  } finally {
    await server.deps.db.execute(sql`alter table sandbox_sessions_gone rename to sandbox_sessions`);
  }
});

test("addresses that read differently to different readers are refused, whichever field they come in", async () => {
  const tricky = [
    "https://shop.example/\r\nset-cookie: a=1",
    "https://shop.example/\tback",
    "https://shop.example\\@evil.example/",
    "https://user:password@evil.example/",
    "https://shop.example;sandbox/",
    "https://shop.example,default-src/",
    "https://*/",
    "https:/\\evil.example/",
    " https://shop.example/",
  ];
  for (const field of ["successUrl", "errorUrl", "shopUrl"]) {
    for (const url of tricky) {
      const { status, body } = await start(server, shop, { email: someone(), [field]: url });
      expect([status, body.code], `${field} ${url}`).toEqual([
        400,
        `invalid_${field.replace("Url", "_url")}`,
      ]);
    }
  }
  const key = { "x-api-key": shop.secretKey };
  for (const returnUrl of tricky) {
    const { status } = await server.post(
      shop.api("get-customer-portal"),
      { email: someone(), returnUrl },
      key,
    );
    expect(status, returnUrl).toBe(400);
  }
});

test("an address with letters of any language leads back to the very page", async () => {
  const successUrl = "https://shop.example/é/日本?q=ü&keep=%20";
  const { location } = await buy(server, shop, { email: someone(), body: { successUrl } });
  expect(location).toMatch(
    /^https:\/\/shop\.example\/%C3%A9\/%E6%97%A5%E6%9C%AC\?q=%C3%BC&keep=%20#paywall_status=paid/,
  );
});

test("a guest who pays nothing binds no merchant id and changes nothing that is known of a customer", async () => {
  const email = someone();
  const key = { "x-api-key": shop.secretKey };
  await buy(server, shop, { email, headers: key, body: { userMeta: { userId: "real-1", plan: "gold" } } });
  await start(server, shop, { email, userMeta: { userId: "squatted-2", plan: "none" } }, STRANGER);
  await start(server, shop, { email: someone(), userMeta: { userId: "squatted-3" } }, STRANGER);
  const owner = await server.get<{ meta: object }>(shop.api("user?user_id=real-1"), key);
  expect(owner.body.meta).toEqual({ userId: "real-1", plan: "gold" });
  for (const id of ["squatted-2", "squatted-3"]) {
    expect((await server.get(shop.api(`user?user_id=${id}`), key)).status, id).toBe(404);
  }
});

test("what a paying guest says of themselves is kept, without replacing what is known already", async () => {
  const key = { "x-api-key": shop.secretKey };
  const email = someone();
  await buy(server, shop, { email, body: { userMeta: { userId: "guest-7", plan: "gold" } }, ...STRANGER });
  const found = await server.get<{ meta: object }>(shop.api("user?user_id=guest-7"), key);
  expect(found.body.meta).toEqual({ userId: "guest-7", plan: "gold" });
  const elsewhere = { from: "198.51.100.78" };
  await buy(server, shop, { email, body: { userMeta: { plan: "none", colour: "red" } }, ...elsewhere });
  const after = await server.get<{ meta: object }>(shop.api("user?user_id=guest-7"), key);
  expect(after.body.meta).toEqual({ userId: "guest-7", plan: "gold", colour: "red" });
});

test("what a guest pays for does not fall to whoever registered their address without proof", async () => {
  const open = await createShop(server, { settings: { confirmEmail: false } });
  const email = someone();
  const password = "a password of the squatter";
  const squatter = await server.post<{ access_token: string; refresh_token: string }>(
    open.api("auth/email/signup"),
    { email, password },
    {},
    "198.51.100.90",
  );
  const bearer = { authorization: `Bearer ${squatter.body.access_token}` };
  expect((await server.get(open.api("user"), bearer)).status).toBe(200);
  await buy(server, open, { email, from: "198.51.100.91" });
  expect((await server.get(open.api("user"), bearer)).status).toBe(401);
  const { refresh_token } = squatter.body;
  expect((await server.post(open.api("auth/refresh"), { refresh_token })).status).toBe(401);
  expect((await server.post(open.api("auth/email/signin"), { email, password })).status).toBe(401);
});

test("whoever buys signed in stays signed in, with a proven address or without", async () => {
  const open = await createShop(server, { settings: { confirmEmail: false } });
  const email = someone();
  const { body } = await server.post<{ access_token: string }>(open.api("auth/email/signup"), {
    email,
    password: "a password of their own",
  });
  const bearer = { authorization: `Bearer ${body.access_token}` };
  await buy(server, open, { email, headers: bearer });
  expect((await server.get<{ paid: boolean }>(open.api("user"), bearer)).body.paid).toBe(true);
});
