import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createLoginClients } from "../../../test/login.ts";
import { buy, CARDS, contractOf, moveClock, postForm } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  await createLoginClients(server, shop, "daily");
});
afterAll(() => server[Symbol.asyncDispose]());

async function subscriber(card: string = CARDS.ok) {
  const reader = await signedInCustomer(server, shop);
  const sale = await buy(server, shop, { email: reader.email ?? "", headers: reader.headers, card });
  return { ...reader, ...sale };
}
type Reader = Awaited<ReturnType<typeof subscriber>>;

/** From the address that the client makes to the account's page for it, as a browser goes there. */
async function arrive(me: Reader, contract = me.contractId) {
  const response = await server.fetch("/account/enter", {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
    body: JSON.stringify({
      token: me.accessToken,
      client: "daily",
      contract,
      action: "change-payment-method",
      returnTo: null,
    }),
  });
  const { location } = (await response.json()) as { location: string };
  const cookie = (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const page = await server.fetch(location, { headers: { cookie } });
  const html = await page.text();
  return { location, cookie, html, csrf: /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "" };
}

/** On to the processor's own page. */
async function cardPage(me: Reader): Promise<{ path: string; cookie: string }> {
  const { location, cookie, csrf } = await arrive(me);
  const path = location.split("?")[0] ?? "";
  const sent = await postForm(server, path, { csrf, contract: me.contractId }, { cookie });
  expect(sent.status).toBe(303);
  return { path: new URL(sent.location ?? "").pathname, cookie };
}
const give = (path: string, card: string) => postForm(server, path, { card, expiry: "12/44", cvc: "123" });

const methodOf = (contractId: string) =>
  server.deps.db.one<{ last4: string }>(sql`
    select m.last4 from contracts k join payment_methods m on m.id = k.method_id where k.id = ${contractId}`);

test("the address for a new card leads there, and the card pays from then on", async () => {
  const me = await subscriber();
  const page = await arrive(me);
  expect(page.location).toBe(
    `/paywall/${shop.paywall}/customer-portal/payment-method?contract=${me.contractId}`,
  );
  expect(page.html).toContain("Pay with another card");
  const { path, cookie } = await cardPage(me);
  expect((await server.fetch(path)).status).toBe(200);
  const given = await give(path, CARDS.failsLater);
  expect(given.status).toBe(303);
  expect(given.location).toBe(`http://tollgate.test/paywall/${shop.paywall}/customer-portal/get?done=method`);
  const back = await server.fetch(new URL(given.location ?? "").pathname, { headers: { cookie } });
  expect(await back.text()).toContain("0341");
  expect(await methodOf(me.contractId)).toEqual({ last4: "0341" });
  // It is this card that is charged next.
  await moveClock(server, shop, { days: 32 });
  expect(await contractOf(server, me.contractId)).toMatchObject({ state: "past_due" });
});

test("a payment that is owed is tried with the new card at once, and the contract goes on from its own date", async () => {
  const me = await subscriber(CARDS.failsLater);
  const before = await contractOf(server, me.contractId);
  await moveClock(server, shop, { days: 32 });
  expect((await server.get<unknown[]>("/payment-issues", me.headers)).body).toHaveLength(1);
  const { path } = await cardPage(me);
  expect((await give(path, CARDS.ok)).status).toBe(303);
  const after = await contractOf(server, me.contractId);
  expect(after).toMatchObject({ state: "active", periodStartAt: before.periodEndAt });
  expect((await server.get<unknown[]>("/payment-issues", me.headers)).body).toEqual([]);
  const paid = await server.deps.db.query(
    sql`select state from bills where contract_id = ${me.contractId} order by number`,
  );
  expect(paid).toEqual([{ state: "paid" }, { state: "paid" }]);
});

test("a card that is refused, or is none, changes nothing; submitting twice at once is one card", async () => {
  const me = await subscriber();
  const { path } = await cardPage(me);
  for (const card of [CARDS.declined, CARDS.challenge]) expect((await give(path, card)).status).toBe(402);
  expect((await give(path, "4242 4242 4242 4241")).status).toBe(422);
  expect(await methodOf(me.contractId)).toEqual({ last4: "4242" });
  const both = await Promise.all([1, 2].map(() => give(path, CARDS.disputed)));
  expect(both.map(({ status }) => status)).toEqual([303, 303]);
  expect(await methodOf(me.contractId)).toEqual({ last4: "0259" });
});

test("the processor's page opens for half an hour, for nobody who guesses, and not for what is over", async () => {
  const me = await subscriber();
  const { path } = await cardPage(me);
  for (const wrong of [`${path}x`, path.slice(0, -3), "/sandbox/card/abc"]) {
    expect((await server.fetch(wrong)).status).toBe(410);
    expect((await give(wrong, CARDS.ok)).status).toBe(410);
  }
  await server.fetch("/profile", { method: "DELETE", headers: me.headers });
  await moveClock(server, shop, { days: 32 });
  expect((await give(path, CARDS.ok)).status).toBe(410);
  const other = await subscriber();
  const late = (await cardPage(other)).path;
  server.clock.advance({ minutes: 31 });
  expect((await server.fetch(late)).status).toBe(410);
});

test("only the contract's own customer gets there, and only by the page's own form", async () => {
  const [me, you] = [await subscriber(), await subscriber()];
  const { location, cookie, csrf } = await arrive(me, you.contractId);
  expect(location).not.toContain(you.contractId);
  const path = `/paywall/${shop.paywall}/customer-portal/payment-method`;
  const theirs = await postForm(server, path, { csrf, contract: you.contractId }, { cookie });
  expect(theirs.location).not.toContain("/sandbox/");
  const forged = await postForm(server, path, { csrf: "x", contract: me.contractId }, { cookie });
  expect(forged.status).toBe(401);
  expect((await postForm(server, path, { contract: me.contractId })).status).toBe(401);
});
