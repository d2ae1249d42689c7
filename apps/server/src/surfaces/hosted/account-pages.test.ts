import { afterAll, beforeAll, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, contractOf, postForm, type Sale, someone } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { createDiscountCode } from "../../domains/growth/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

async function portalUrl(email: string, at: Shop = shop): Promise<string> {
  const { body } = await server.post<{ url: string }>(
    at.api("get-customer-portal"),
    { email, returnUrl: "https://app.example.com/back" },
    { "x-api-key": at.secretKey },
  );
  return new URL(body.url).pathname + new URL(body.url).search;
}

type Browser = { cookie: string; csrf: string; base: string };

/** Opens the account page as a browser does: the link, its cookie, and the token in the page's forms. */
async function enter(email: string, at: Shop = shop): Promise<Browser> {
  const entered = await server.fetch(await portalUrl(email, at));
  expect(entered.status).toBe(303);
  const cookie = entered.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  const base = `/paywall/${at.paywall}/customer-portal`;
  expect(cookie).toContain(`Path=${base}`);
  expect(entered.headers.get("location")).toBe(`${base}/get`);
  const name = cookie.split(";")[0] ?? "";
  const page = await (await server.fetch(`${base}/get`, { headers: { cookie: name } })).text();
  return { cookie: name, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "", base };
}

const get = async (browser: Browser, path: string) => {
  const response = await server.fetch(browser.base + path, { headers: { cookie: browser.cookie } });
  return { status: response.status, text: await response.text(), location: response.headers.get("location") };
};
const post = (browser: Browser, path: string, fields: Record<string, string>) =>
  postForm(server, browser.base + path, { csrf: browser.csrf, ...fields }, { cookie: browser.cookie });
const customer = async (
  options: { price?: "monthly" | "lifetime" } = {},
): Promise<Sale & { email: string }> => {
  const email = someone();
  return { email, ...(await buy(server, shop, { email, ...options })) };
};

test("a link opens the account once, within ten minutes, and only its own paywall's", async () => {
  const { email } = await customer();
  const once = await portalUrl(email);
  // A link preview.
  await server.fetch(once, { method: "HEAD" });
  expect((await server.fetch(once)).status).toBe(303);
  expect((await server.fetch(once)).status).toBe(401);

  const old = await portalUrl(email);
  server.clock.advance({ minutes: 11 });
  expect((await server.fetch(old)).status).toBe(401);

  const other = await createShop(server);
  const moved = (await portalUrl(email)).replace(`/paywall/${shop.paywall}/`, `/paywall/${other.paywall}/`);
  expect((await server.fetch(moved)).status).toBe(401);
  expect((await server.fetch(`/paywall/${shop.paywall}/customer-portal/get?token=guess`)).status).toBe(401);
  expect((await server.fetch(`/paywall/${shop.paywall}/customer-portal/get`)).status).toBe(401);
});

test("the account shows plans with their next date, receipts and the way back", async () => {
  const { email } = await customer();
  const browser = await enter(email);
  const { text } = await get(browser, "/get");
  expect(text).toContain(email);
  expect(text).toMatch(/Renews on \w+ \d+, 2031 for \$9\.99/);
  expect(text).toContain("Visa ending in 4242");
  expect(text).toContain("https://app.example.com/back");
  expect(text).toContain("/receipts/bil_");
});

test("cancelling asks why, shows the end date, can be taken back, and takes at most two steps", async () => {
  const me = await customer();
  const browser = await enter(me.email);
  const reason = await get(browser, `/cancel?contract=${me.contractId}`);
  expect(reason.text).toContain("Why are you leaving?");
  expect((await get(browser, `/cancel?contract=${me.contractId}&step=confirm`)).status).toBe(422);
  const confirm = await get(
    browser,
    `/cancel?contract=${me.contractId}&step=confirm&reason=not_using&comment=bye`,
  );
  expect(confirm.text).toContain("Access until");

  const done = await post(browser, "/cancel", {
    contract: me.contractId,
    reason: "not_using",
    comment: "bye",
  });
  expect(done.location).toBe(`${browser.base}/get?done=cancelled`);
  expect(await contractOf(server, me.contractId)).toMatchObject({
    state: "active",
    cancelAtPeriodEnd: true,
    cancelReason: "not_using: bye",
  });
  const after = await get(browser, "/get?done=cancelled");
  expect(after.text).toContain("Keep my subscription");

  const undone = await post(browser, "/undo", { contract: me.contractId });
  expect(undone.location).toContain("done=kept");
  expect(await contractOf(server, me.contractId)).toMatchObject({
    cancelAtPeriodEnd: false,
    cancelReason: null,
  });
  // And once more, now that it was taken back.
  await post(browser, "/cancel", { contract: me.contractId, reason: "other", comment: "" });
  expect((await contractOf(server, me.contractId)).cancelAtPeriodEnd).toBe(true);
});

test("a form without the page's token, or with another visitor's, changes nothing", async () => {
  const [me, other] = [await customer(), await customer()];
  const browser = await enter(me.email);
  const theirs = await enter(other.email);
  for (const csrf of ["", "guess", theirs.csrf]) {
    const answer = await post(browser, "/cancel", { contract: me.contractId, reason: "other", csrf });
    expect(answer.status).toBe(401);
  }
  expect((await contractOf(server, me.contractId)).cancelAtPeriodEnd).toBe(false);
});

test("nobody reaches another customer's contract or receipt", async () => {
  const [me, other] = [await customer(), await customer()];
  const browser = await enter(me.email);
  const answer = await post(browser, "/cancel", { contract: other.contractId, reason: "other" });
  expect(answer.location).toContain("done=nothing");
  expect((await contractOf(server, other.contractId)).cancelAtPeriodEnd).toBe(false);
  const bill = await server.deps.db.one<{ id: string }>(
    sql`select id from bills where contract_id = ${other.contractId}`,
  );
  expect((await get(browser, `/receipts/${bill.id}`)).status).toBe(404);
});

test("a receipt names number, parties, lines and total, and that it is a test", async () => {
  const me = await customer({ price: "lifetime" });
  const browser = await enter(me.email);
  const bill = await server.deps.db.one<{ id: string }>(
    sql`select id from bills where contract_id = ${me.contractId}`,
  );
  const { status, text } = await get(browser, `/receipts/${bill.id}`);
  expect(status).toBe(200);
  expect(text).toMatch(/TEST-\d{6}/);
  expect(text).toContain("$199.00");
  expect(text).toContain(me.email);
  expect(text).toContain("Test receipt");
});

test("an altered or foreign cookie opens nothing, and one hour ends the visit", async () => {
  const me = await customer();
  const browser = await enter(me.email);
  const broken = { ...browser, cookie: `${browser.cookie.slice(0, -3)}abc` };
  expect((await get(broken, "/get")).status).toBe(401);
  const other = await createShop(server);
  expect((await get({ ...browser, base: `/paywall/${other.paywall}/customer-portal` }, "/get")).status).toBe(
    401,
  );
  server.clock.advance({ minutes: 61 });
  expect((await get(browser, "/get")).status).toBe(401);
});

test("no 3.x endpoint reads the account's cookie", async () => {
  const me = await customer();
  const browser = await enter(me.email);
  expect((await server.get(shop.api("user"), { cookie: browser.cookie })).status).toBe(401);
});

test("the return page and the checkout pages answer anybody and give nothing away", async () => {
  const pages = ["customer-portal/return", "checkout/success", "checkout/error"];
  for (const path of pages) {
    const response = await server.fetch(`/paywall/${shop.paywall}/${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(response.headers.get("cross-origin-opener-policy")).toBeNull();
    expect((await server.fetch(`/paywall/99999999/${path}`)).status).toBe(404);
  }
});

test("the success page tells its opener, then closes itself or goes on after three and a half seconds", async () => {
  const own = await (await server.fetch(`/paywall/${shop.paywall}/checkout/success`)).text();
  expect(own).toContain('type: "paywall_purchase"');
  expect(own).toContain("window.close()");
  expect(own).toContain("3500");
  const configured = await createShop(server, {
    settings: { successRedirectUrl: "https://app.example.com/in?a=1&b=</script>" },
  });
  const going = await (await server.fetch(`/paywall/${configured.paywall}/checkout/success`)).text();
  expect(going).toContain("location.replace(goTo)");
  expect(going.match(/<\/script>/g)).toHaveLength(1);
});

test("the account leads to where its customer is signed in, and ends it there; nobody else's, and not without the page's token", async () => {
  const { email } = await customer();
  const mine = await signedInCustomer(server, shop, { email });
  const stranger = await signedInCustomer(server, shop);
  const isAlive = async (it: typeof mine) => (await server.get(shop.api("user"), it.headers)).status === 200;
  const browser = await enter(email);
  expect((await get(browser, "/get")).text).toContain(`${browser.base}/devices`);
  expect((await get(browser, "/devices")).text).toContain(mine.sessionId);
  await post(browser, "/devices", { action: "one", session: stranger.sessionId });
  await post({ ...browser, csrf: "guess" }, "/devices", { action: "all" });
  expect([await isAlive(mine), await isAlive(stranger)]).toEqual([true, true]);
  await post(browser, "/devices", { action: "one", session: mine.sessionId });
  expect(await isAlive(mine)).toBe(false);
  const again = await signedInCustomer(server, shop, { email });
  await post(browser, "/devices", { action: "all" });
  expect([await isAlive(again), await isAlive(stranger)]).toEqual([false, true]);
  expect((await get(browser, "/devices")).text).toContain("Nobody is signed in anywhere");
});

test("while a discount lasts, the account says what is paid and what it will cost afterwards", async () => {
  const draft = {
    code: "THREE",
    name: "Stay",
    description: null,
    percentBp: 5000,
    amountMinor: null,
    currency: null,
    duration: "repeating" as const,
    cycles: 3,
    validFromAt: null,
    validToAt: null,
    maxRedemptions: null,
    maxPerCustomer: null,
    productIds: [],
    optionKeys: [],
    status: "ACTIVE" as const,
  };
  const { tenantId } = shop;
  await server.deps.db.transaction((tx) =>
    createDiscountCode(tx, server.deps, { tenantId, draft, now: server.clock.now() }),
  );
  const { email, headers } = await signedInCustomer(server, shop);
  const { contractId } = await buy(server, shop, { email: email ?? "", headers });
  const wanted = { amendmentType: "DISCOUNT", discountCode: "THREE", contractId };
  const path = `/contracts/${contractId}/amendments`;
  const proposed = await server.post<{ id: string }>(path, wanted, headers);
  expect((await server.post(`${path}/${proposed.body.id}/confirm`, undefined, headers)).status).toBe(200);
  const { text } = await get(await enter(email ?? ""), "/get");
  expect(text).toContain("$4.99 per month, then $9.99");
  expect(text).toMatch(/Renews on .* for \$4\.99\./);
});
