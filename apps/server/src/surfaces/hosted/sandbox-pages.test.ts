import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { CARDS, moveClock, pay, postForm, someone, start, userState } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const open = async (body: Record<string, unknown> = {}, at: Shop = shop) => {
  const email = someone();
  const { body: started } = await start(server, at, { email, ...body });
  return { email, url: started.checkoutUrl, path: new URL(started.checkoutUrl).pathname };
};
const html = async (path: string) => (await server.fetch(path)).text();
const active = async (email: string) => (await userState(server, shop, email)).body.has_active_subscription;

test("the page is a form with card, expiry and cvc, says TEST and what is due, and needs no script", async () => {
  const { path, email } = await open();
  const text = await html(path);
  for (const name of ["card", "expiry", "cvc", "method"]) expect(text).toContain(`name="${name}"`);
  expect(text).toContain("TEST MODE");
  expect(text).toContain("Total due today");
  expect(text).toContain("Pay $9.99");
  expect(text).toContain(email);
  for (const card of Object.values(CARDS)) expect(text).toContain(`value="${card}"`);
  expect(text).not.toMatch(/ on[a-z]+="/);
});

test("a trial names the day of the first payment and its amount, and nothing is due today", async () => {
  const trials = await createShop(server, { trialDays: 7 });
  const { path } = await open({}, trials);
  const text = await html(path);
  expect(text).toContain("Then $9.99 per month, from March 8, 2031");
  expect(text).toContain("Start free trial");
  expect(text).toMatch(/Total due today<\/dt><dd>\$0\.00/);
});

test("declined cards say why and what to do, charge nothing and can be followed by one that works", async () => {
  const { email, url } = await open();
  const declined = await pay(server, url, CARDS.declined);
  expect(declined.status).toBe(402);
  expect(declined.html).toContain("Your card was declined.");
  expect(declined.html).toContain('role="alert"');
  expect((await pay(server, url, CARDS.insufficient)).html).toContain("insufficient funds");
  expect(await active(email)).toBe(false);
  expect((await pay(server, url)).status).toBe(303);
  expect(await active(email)).toBe(true);
});

test("what was mistyped is named beside its field, and the security code is not repeated", async () => {
  const { path } = await open();
  const { status, html: text } = await postForm(server, path, {
    method: "card",
    card: "4242 4242 4242 4241",
    expiry: "13/30",
    cvc: "98765",
  });
  expect(status).toBe(422);
  expect(text.match(/aria-invalid="true"/g)).toHaveLength(3);
  expect(text).toContain("4242 4242 4242 4241");
  expect(text).not.toContain("98765");
  const expired = await postForm(server, path, {
    method: "card",
    card: CARDS.ok,
    expiry: "02/31",
    cvc: "123",
  });
  expect(expired.html).toContain("This card has expired.");
});

test("a card that asks for confirmation is charged only after a yes", async () => {
  const { email, url, path } = await open();
  const asked = await pay(server, url, CARDS.challenge);
  expect([asked.status, asked.location]).toEqual([303, path]);
  expect(await html(path)).toContain("Did you make this payment?");
  const refused = await postForm(server, `${path}/challenge`, { answer: "refuse" });
  expect(refused.status).toBe(402);
  expect(await active(email)).toBe(false);
  await pay(server, url, CARDS.challenge);
  expect((await postForm(server, `${path}/challenge`, { answer: "confirm" })).status).toBe(303);
  expect(await active(email)).toBe(true);
});

test("a test card can be chosen without scripts", async () => {
  const { path } = await open();
  const { status, html: text } = await postForm(server, path, { fill: CARDS.challenge });
  expect(status).toBe(200);
  expect(text).toContain('value="4000 0025 0000 3155"');
});

test("pay later waits, and unlocks when the money has arrived", async () => {
  const { email, path } = await open();
  expect((await postForm(server, path, { method: "later" })).status).toBe(303);
  expect(await html(path)).toContain("Waiting for your payment");
  expect(await active(email)).toBe(false);
  expect((await postForm(server, `${path}/settle`, {})).status).toBe(303);
  expect(await active(email)).toBe(true);
});

test("a paid page says so and leads on; paying again charges nothing", async () => {
  const { url, path } = await open();
  const paid = await pay(server, url);
  const text = await html(path);
  expect(text).toContain("This is already paid");
  expect(text).toContain(paid.location?.replaceAll("&", "&amp;") ?? "-");
  const again = await pay(server, url);
  expect([again.status, again.location]).toEqual([303, path]);
});

test("an expired page says so, leads back and takes no card", async () => {
  const late = await createShop(server);
  const { url, path } = await open({ shopUrl: "https://app.example.com/pricing?id=3" }, late);
  await moveClock(server, late, { hours: 25 });
  const response = await server.fetch(path);
  expect(response.status).toBe(410);
  const text = await response.text();
  expect(text).toContain("has expired");
  expect(text).toContain("https://app.example.com/pricing?id=3#paywall_status=cancelled");
  await pay(server, url);
  expect(await server.deps.db.query(sql`select 1 from contracts where tenant_id = ${late.tenantId}`)).toEqual(
    [],
  );
});

test("an unknown session is 404, for reading and for paying", async () => {
  expect((await server.fetch("/sandbox/pay/sbs_unknown")).status).toBe(404);
  expect((await postForm(server, "/sandbox/pay/sbs_unknown", { card: CARDS.ok })).status).toBe(404);
});

test("texts of others are shown as text", async () => {
  const { path } = await open({ productName: '<img src=x onerror="alert(1)">' });
  const text = await html(path);
  expect(text).not.toContain("<img src=x");
  expect(text).toContain("&lt;img src=x");
});

test("no card number is stored anywhere", async () => {
  const { url } = await open();
  await pay(server, url);
  const tables = [
    "sandbox_sessions",
    "sandbox_subscriptions",
    "sandbox_payments",
    "sandbox_events",
    "payment_methods",
    "processor_events",
  ];
  for (const table of tables) {
    const found = await server.deps.db.query({
      text: `select 1 from ${table} t where t::text like '%4242424242424242%' or t::text like '%4242 4242%'`,
      values: [],
      name: undefined,
    });
    expect(found, table).toEqual([]);
  }
});
