import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { CARDS, pay, postForm } from "../../../test/selling.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { createPurchaseOption } from "../../domains/catalogue/index.ts";
import { rebuildEntitlements } from "../../domains/entitlements/index.ts";
import { createApiKey } from "../../domains/tenants/index.ts";
import { sql } from "../../platform/database/index.ts";

const FILE = `
tenants:
  - slug: gazette
    name: The Gazette
    currency: EUR
    domains: [{ host: gazette.example, verified: true }]
    clients:
      - { clientId: gazette-web, kind: browser, origins: ["https://www.gazette.example", "http://localhost:5000"] }
      - { clientId: gazette-backend, kind: machine, secret: a-secret-of-16-characters, scopes: ["payments:contract:admin"] }
      - { clientId: gazette-reports, kind: machine, secret: a-secret-of-16-characters, scopes: ["stats:views:read"] }
    products:
      - { sku: "sid:pass", title: The Gazette, type: pass, passUrl: "https://www.gazette.example/pass" }
      - { sku: "sid:art", title: The long read, type: article, url: "https://www.gazette.example/long-read", accessRule: forever }
      - { sku: "sid:art2", title: Another read, type: article, url: "https://www.gazette.example/other", accessRule: forever }
      - { sku: "sid:tip", title: A coffee, type: donation }
      - { sku: "sid:unsold", title: Not for sale, type: article, url: "https://www.gazette.example/unsold" }
    processors: [{ key: box, kind: sandbox, acquiring: stripe }]
    paywalls:
      - key: news
        surface: publisher
        product: "sid:pass"
        purchaseOptions:
          - { key: monthly, interval: month, amount: 9.90, label: Monthly, local: [{ currency: SEK, amount: 99 }] }
          - { key: yearly, interval: year, amount: 99, label: Yearly }
          - { key: art, product: "sid:art", interval: lifetime, amount: 1.50 }
          - { key: art2, product: "sid:art2", interval: lifetime, amount: 2 }
    discountCodes:
      - { code: HALF, name: Half price, description: For a start, percent: 50, options: [monthly, art] }
      - { code: LAST, percent: 10, maxRedemptions: 1 }
      - { code: FREE, percent: 100, duration: forever }
      - { code: OFF, percent: 10, status: DISABLED }
  - slug: courier
    name: The Courier
    clients: [{ clientId: courier-web, kind: browser, origins: ["https://www.courier.example"] }]
    products: [{ sku: "sid:courier", title: The Courier, type: pass }]
    processors: [{ key: cbox, kind: sandbox }]
    paywalls:
      - key: c-news
        surface: publisher
        product: "sid:courier"
        purchaseOptions: [{ key: c-monthly, interval: month, amount: 5 }]
`;

type Checkout = {
  id: string;
  checkoutUrl: string;
  status: string;
  type: string;
  price: number;
  currency: string;
  email?: string;
  items: { sku: string; purchaseOptionId: string; price: number; currency: string; url?: string }[];
  itemsOwned: { sku: string; title: string }[];
  appliedDiscountCodes: { code: string; status: string; id?: string; name?: string }[];
  availablePaymentMethods: { provider: string; methods: string[] }[];
  payer?: { id: string; email: string };
  [more: string]: unknown;
};
type Refusal = { error: { code: string; message: string; details?: Record<string, unknown> } };

const BACK = "https://www.gazette.example/long-read?force-refetch-entitlements=true";
let server: TestServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
let key: string;
let people = 0;

beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, FILE);
  ids = await idsOf(server, "gazette");
  const { tenantId } = ids;
  key = await server.deps.db.transaction(async (tx) => {
    const secret = await createApiKey(tx, server.deps, { tenantId, name: "t", kind: "secret", mode: "test" });
    return secret.secret;
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const basic = (client: string, anonymousId: string) => ({
  authorization: `Basic ${Buffer.from(`${client}|"${anonymousId}":`).toString("base64")}`,
});
const ANONYMOUS = basic("gazette-web", "visitor-1");
const anonymous = () => {
  people += 1;
  return basic("gazette-web", `visitor-${people}-of-many`);
};
const reader = (): Promise<SignedInCustomer> =>
  signedInCustomer(server, { tenantId: ids.tenantId, paywallId: ids.paywall("news").id });
const backend = () => ({ authorization: `Bearer ${key}` });

const create = <T = Checkout>(body: Record<string, unknown>, headers: Record<string, string> = anonymous()) =>
  server.post<T>("/checkouts", { items: [{ sku: "sid:pass" }], redirectUrl: BACK, ...body }, headers);
async function patch<T = Checkout>(id: string, body: unknown, headers: Record<string, string>) {
  const response = await server.fetch(`/checkouts/${id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as T };
}
const read = (id: string, headers: Record<string, string> = ANONYMOUS) =>
  server.get<Checkout>(`/checkouts/${id}`, headers);

/** Opens the checkout's page and sends its form as a browser does, with what the page had put into it. */
async function submit(checkoutUrl: string, fields: Record<string, string> = {}, from?: string) {
  const url = new URL(checkoutUrl);
  const page = await (await server.fetch(`${url.pathname}${url.search}`)).text();
  const own: Record<string, string> = {};
  for (const [, attributes = ""] of page.matchAll(/<input ([^>]*)>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    if (name) own[name] = /value="([^"]*)"/.exec(attributes)?.[1] ?? "";
  }
  return postForm(server, url.pathname, { ...own, action: "pay", ...fields }, from ? { from } : {});
}

/** Pays a checkout as a person does. Returns where the browser ends. */
async function payFor(checkoutUrl: string, fields: Record<string, string> = {}, card: string = CARDS.ok) {
  const sent = await submit(checkoutUrl, fields);
  if (sent.status !== 303 || !sent.location) throw new Error(`not sent on: ${sent.status} ${sent.html}`);
  const paid = await pay(server, sent.location, card);
  return paid.location;
}

const contractsOf = (email: string) =>
  server.deps.db.query<{
    id: string;
    state: string;
    duration: string;
    priceMinor: number;
    currency: string;
    attribution: Record<string, string>;
    metadata: Record<string, string>;
  }>(sql`
    select k.id, k.state, k.duration, k.price_minor "priceMinor", k.currency, k.attribution, k.metadata
    from contracts k join customers c on c.id = k.customer_id
    where c.email = ${email} and c.tenant_id = ${ids.tenantId} order by k.created_at, k.id`);
const rightsOf = (email: string) =>
  server.deps.db.query<{ sku: string; sourceKind: string; validToAt: Date | null; state: string }>(sql`
    select p.sku, e.source_kind "sourceKind", e.valid_to_at "validToAt", e.state
    from entitlements e join customers c on c.id = e.customer_id join products p on p.id = e.product_id
    where c.email = ${email} and c.tenant_id = ${ids.tenantId} order by p.sku`);

test("P-127: a checkout without items or without redirectUrl is 400, and so is nonsense in either", async () => {
  for (const body of [
    { items: undefined },
    { items: [] },
    { items: "sid:pass" },
    { items: [{}] },
    { items: [{ sku: "sid:nothing" }] },
    { items: [{ sku: "sid:unsold" }] },
    { items: [{ url: "https://www.gazette.example/unknown" }] },
    { items: [{ url: "javascript:alert(1)" }] },
    { items: [{ sku: "sid:pass", purchaseOptionId: ids.option("art").id }] },
    { items: [{ sku: "sid:pass", purchaseOptionId: "po_nothing" }] },
    { items: [{ sku: "sid:pass" }, { sku: "sid:art" }] },
    { items: [{ sku: "sid:art" }, { sku: "sid:art" }] },
    { items: Array.from({ length: 21 }, () => ({ sku: "sid:pass" })) },
    { redirectUrl: undefined },
    { redirectUrl: "/relative" },
    { email: "no address" },
    { birthDate: "31.12.1990" },
    { metadata: { a: {} } },
  ]) {
    const refused = await create<Refusal>(body);
    expect(refused.status, JSON.stringify(body)).toBe(400);
    expect(refused.body.error.code).toBe("validation_error");
  }
  expect((await server.post("/checkouts", {})).status, "credentials first").toBe(401);
});

test("P-128: a created checkout is PENDING with an absolute checkoutUrl and the option's price", async () => {
  const { status, body, headers } = await create({
    email: "New@Example.com",
    language: "sv",
    metadata: { a: "b" },
  });
  expect(status).toBe(201);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(body).toMatchObject({
    status: "PENDING",
    type: "RECURRING",
    price: 9.9,
    currency: "EUR",
    email: "new@example.com",
    language: "sv",
    metadata: { a: "b" },
    redirectUrl: BACK,
    itemsOwned: [],
    appliedDiscountCodes: [],
    availablePaymentMethods: [{ provider: "STRIPE", methods: ["CARD"] }],
    items: [{ sku: "sid:pass", purchaseOptionId: ids.option("monthly").id, price: 9.9, currency: "EUR" }],
  });
  expect(body.checkoutUrl).toBe(`http://tollgate.test/checkout/${body.id}`);
  expect((await read(body.id)).body).toEqual(body);
  const yearly = await create({ items: [{ sku: "sid:pass", purchaseOptionId: ids.option("yearly").id }] });
  expect(yearly.body).toMatchObject({ price: 99 });
  const single = await create({
    items: [{ url: "https://www.gazette.example/long-read/?utm_source=x#top" }],
  });
  expect(single.body).toMatchObject({ type: "SINGLE", price: 1.5, items: [{ sku: "sid:art" }] });
  expect((await create({ currency: "sek" })).body, "a local price").toMatchObject({
    price: 99,
    currency: "SEK",
  });
});

test("P-129: unknown codes come back as UNAPPLICABLE, a fitting one as APPLIED with what it is", async () => {
  const { body } = await create({ requestedDiscountCodes: ["NOPE", "OFF", "half", "LAST"] });
  expect(body.appliedDiscountCodes).toEqual([
    { code: "NOPE", status: "UNAPPLICABLE" },
    { code: "OFF", status: "UNAPPLICABLE" },
    {
      code: "HALF",
      status: "APPLIED",
      id: expect.stringMatching(/^dsc_/),
      name: "Half price",
      description: "For a start",
    },
    // One code at a time.
    { code: "LAST", status: "UNAPPLICABLE" },
  ]);
  expect(body).toMatchObject({ price: 4.95 });
  const yearly = { items: [{ sku: "sid:pass", purchaseOptionId: ids.option("yearly").id }] };
  expect((await create({ ...yearly, requestedDiscountCodes: ["HALF"] })).body).toMatchObject({
    price: 99,
    appliedDiscountCodes: [{ status: "UNAPPLICABLE" }],
  });
});

test("P-130: setting payment data for an owned item fails with 409 and the words `User already owns item`", async () => {
  const me = await reader();
  const first = await create({}, me.headers);
  await payFor(first.body.checkoutUrl);
  // The same bytes within ten seconds would be the same checkout.
  server.clock.advance({ seconds: 11 });
  const again = await create({}, me.headers);
  expect(again.body.itemsOwned).toEqual([
    { sku: "sid:pass", purchaseOptionId: ids.option("monthly").id, title: "The Gazette" },
  ]);
  const paymentData = { provider: "STRIPE", method: "CARD" };
  const refused = await patch<Refusal>(again.body.id, { paymentData }, me.headers);
  expect(refused.status).toBe(409);
  expect(JSON.stringify(refused.body)).toContain("User already owns item");
  expect((await submit(again.body.checkoutUrl)).html, "nor does the page take money").toContain(
    "You have this already",
  );
  // Control: what is not owned can be paid for.
  const other = await create({ items: [{ sku: "sid:art" }] }, me.headers);
  expect((await patch(other.body.id, { paymentData }, me.headers)).status).toBe(200);
});

test("a stranger who types somebody's address is not told what they have", async () => {
  const me = await reader();
  await payFor((await create({}, me.headers)).body.checkoutUrl);
  const { body } = await create({ email: me.email });
  expect(body.itemsOwned).toEqual([]);
  expect(body.payer).toBeUndefined();
  const paymentData = { provider: "STRIPE", method: "CARD" };
  expect((await patch(body.id, { paymentData }, anonymous())).status).toBe(200);
  // The vendor's back end may know, but whoever takes over its checkout may not learn it from there.
  const trusted = await create({ email: me.email }, backend());
  expect(trusted.body.itemsOwned).toHaveLength(1);
  expect((await read(trusted.body.id)).body.itemsOwned).toEqual([]);
  const open = await create({ email: "nobody@example.com" }, backend());
  expect((await patch(open.body.id, { email: me.email, paymentData }, anonymous())).status).toBe(200);
});

test("P-131: GET /checkouts?items= leads to a checkout's page, and so do both forms of browsers' links", async () => {
  const items = JSON.stringify([{ sku: "sid:pass", purchaseOptionId: ids.option("yearly").id }]);
  const sdk = new URLSearchParams({
    items,
    email: "link@example.com",
    lang: "sv",
    "redirect-url": BACK,
    "gift-mode": "true",
    "payer-email": "payer@example.com",
    "require-address": "true",
    "metadata.campaign": "spring",
  });
  const follow = async (path: string, host?: string) => {
    const response = await server.fetch(path, host ? { host } : {});
    expect(response.status, await response.clone().text()).toBe(302);
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.href).toMatch(/^http:\/\/tollgate\.test\/checkout\/chk_/);
    const page = await server.fetch(`${location.pathname}${location.search}`);
    expect(page.status).toBe(200);
    return { ...(await read(location.pathname.slice("/checkout/".length))).body, page: await page.text() };
  };
  expect(await follow(`/checkouts?${sdk}`)).toMatchObject({
    status: "PENDING",
    email: "link@example.com",
    giftMode: true,
    requireAddress: true,
    metadata: { campaign: "spring" },
    redirectUrl: BACK,
    price: 99,
    page: expect.stringContaining('lang="sv"'),
  });
  const browser = new URLSearchParams({
    lang: "de",
    sku: "sid:pass",
    "po-id": ids.option("monthly").id,
    price: "0.01",
    "discount-code": "HALF",
    itemSrc: "https://www.gazette.example/long-read",
    utm_source: "letter",
    _ga: "GA1.1",
    business: "true",
    "redirect-url": BACK,
    "paymentmethods-filter": "STRIPE|CARD,VIPPS|VIPPS",
  });
  const three = { price: 4.95, isBusiness: true, redirectUrl: BACK };
  const attribution = { utmSource: "letter", itemSrc: "https://www.gazette.example/long-read", _ga: "GA1.1" };
  expect(await follow(`/checkout?${browser}`)).toMatchObject({ ...three, attribution });
  expect(await follow(`/?${browser}`, "checkout3.example.com")).toMatchObject(three);
  const older = new URLSearchParams({
    "client-id": "gazette-web",
    url: "https://www.gazette.example/long-read",
    lang: "en",
  });
  expect(await follow(`/checkout?${older}&discountCode=HALF&option=${ids.option("art").id}`)).toMatchObject({
    type: "SINGLE",
    price: 0.75,
  });
  expect((await server.fetch("/")).status, "the start page is as it was").not.toBe(302);
});

test("a link cannot be pointed elsewhere: foreign, look-alike and odd addresses to return to are refused", async () => {
  for (const redirectUrl of [
    "https://evil.example/",
    "https://www.courier.example/",
    "https://www.gazette.example.evil.example/",
    "https://www.gazette.example@evil.example/",
    "https://user:pw@www.gazette.example/",
    "http://www.gazette.example/",
    "http://gazette.example/",
    "https://www.gazette.example:8443/",
    "//www.gazette.example/",
    "javascript:alert(1)//www.gazette.example",
    "data:text/html,x",
  ]) {
    expect((await create({ redirectUrl })).status, redirectUrl).toBe(400);
    const query = new URLSearchParams({
      "client-id": "gazette-web",
      sku: "sid:pass",
      "redirect-url": redirectUrl,
    });
    expect((await server.fetch(`/checkout?${query}`)).status, redirectUrl).toBe(400);
    const { body } = await create({});
    expect((await patch(body.id, { redirectUrl }, ANONYMOUS)).status, redirectUrl).toBe(400);
    const page = await server.fetch(`/checkout/${body.id}?redirect-url=${encodeURIComponent(redirectUrl)}`);
    expect(await page.text(), redirectUrl).not.toContain("evil.example");
  }
  expect((await create({ redirectUrl: "https://gazette.example/a" })).status, "its domain").toBe(201);
  expect((await create({ redirectUrl: "http://localhost:5000/a" })).status, "a registered origin").toBe(201);
});

test("P-132: paying a checkout creates a contract, bill, transaction and entitlement, and leads back to redirectUrl", async () => {
  const me = await reader();
  const { body } = await create(
    {
      attribution: { utmSource: "mail", source: "OTHERS", sourceId: "pw", itemSrc: "x", junk: 1, _ga: 7 },
      metadata: { campaign: "spring" },
      requestedDiscountCodes: ["HALF"],
    },
    me.headers,
  );
  expect(await payFor(body.checkoutUrl)).toBe(BACK);
  expect((await read(body.id, me.headers)).body).toMatchObject({
    status: "COMPLETED",
    price: 4.95,
    itemsOwned: [],
  });
  const [contract] = await contractsOf(me.email ?? "");
  expect(contract).toMatchObject({
    state: "active",
    duration: "RECURRING",
    priceMinor: 990,
    attribution: { utmSource: "mail", source: "OTHER", sourceId: "pw", itemSrc: "x" },
    metadata: { campaign: "spring" },
  });
  const books = await server.deps.db.query(sql`
    select b.state, b.gross_minor "grossMinor", t.amount_minor "amountMinor", t.state "paid"
    from bills b join transactions t on t.bill_id = b.id where b.contract_id = ${contract?.id ?? ""}`);
  expect(books).toEqual([{ state: "paid", grossMinor: 495, amountMinor: 495, paid: "succeeded" }]);
  const wire = await server.get<unknown[]>("/contracts", me.headers);
  expect(wire.body, "what it costs, not what the first payment was").toMatchObject([
    { price: 9.9, nextPrice: 9.9 },
  ]);
  const listed = await server.get<{ sku: string; purchaseOption: string; origin: unknown }[]>(
    "/entitlements",
    me.headers,
  );
  expect(listed.body).toMatchObject([
    {
      sku: "sid:pass",
      purchaseOption: ids.option("monthly").id,
      origin: { type: "PAYMENTS", contractId: contract?.id },
    },
  ]);
  const completed = await patch<Refusal>(body.id, { email: "other@example.com" }, me.headers);
  expect(completed.status, "a completed checkout is not changed").toBe(409);
  expect((await submit(body.checkoutUrl)).html, "nor paid twice").toContain("Thank you!");
  expect(await contractsOf(me.email ?? "")).toHaveLength(1);
});

test("one article is bought by its page's address, by a guest, and stays theirs", async () => {
  const { body } = await create({ items: [{ url: "https://www.gazette.example/long-read" }] });
  expect((await submit(body.checkoutUrl, { email: "" })).html).toContain("Please fill this in");
  expect((await submit(body.checkoutUrl, { email: "nonsense" })).status).toBe(422);
  expect(await payFor(body.checkoutUrl, { email: "guest@example.com" })).toBe(BACK);
  expect(await rightsOf("guest@example.com")).toMatchObject([
    { sku: "sid:art", validToAt: null, state: "active" },
  ]);
  expect(await contractsOf("guest@example.com")).toMatchObject([{ duration: "PERPETUAL", priceMinor: 150 }]);
});

test("several articles are one payment, one bill with a line each, and a right to each", async () => {
  const items = [{ sku: "sid:art" }, { url: "https://www.gazette.example/other" }];
  const { body } = await create({ items, requestedDiscountCodes: ["HALF"] });
  expect(body, "half of the one that the code is for").toMatchObject({ price: 2.75, type: "SINGLE" });
  await payFor(body.checkoutUrl, { email: "two@example.com" });
  expect((await rightsOf("two@example.com")).map((it) => it.sku)).toEqual(["sid:art", "sid:art2"]);
  const bills = await server.deps.db.query<{ lines: unknown; grossMinor: number }>(sql`
    select b.lines, b.gross_minor "grossMinor" from bills b join customers c on c.id = b.customer_id
    where c.email = 'two@example.com'`);
  expect(bills).toMatchObject([
    {
      grossMinor: 275,
      lines: [
        { sku: "sid:art", unitMinor: 150, discountMinor: 75, totalMinor: 75 },
        { sku: "sid:art2", unitMinor: 200, discountMinor: 0, totalMinor: 200 },
      ],
    },
  ]);
});

test("a lower price in the request changes nothing, unless the vendor's back end sends it", async () => {
  const low = { price: 0.01, currency: "EUR", items: [{ sku: "sid:pass", price: 0.01, currency: "EUR" }] };
  const backendClient = {
    authorization: `Basic ${Buffer.from("gazette-backend:a-secret-of-16-characters").toString("base64")}`,
  };
  const reports = {
    authorization: `Basic ${Buffer.from("gazette-reports:a-secret-of-16-characters").toString("base64")}`,
  };
  const me = await reader();
  for (const headers of [anonymous(), me.headers, reports]) {
    const { body } = await create(low, headers);
    expect(body).toMatchObject({ price: 9.9, items: [{ price: 9.9 }] });
    expect((await patch(body.id, low, headers)).body, "nor afterwards").toMatchObject({ price: 9.9 });
  }
  const { body } = await create({ ...low, price: 5 }, backend());
  expect(body).toMatchObject({ price: 5, items: [{ price: 5 }] });
  expect((await create(low, backendClient)).body).toMatchObject({ price: 0.01 });
  const sent = await submit((await create(low)).body.checkoutUrl, {
    email: "cheap@example.com",
    price: "1",
    total: "1 EUR",
  });
  expect(sent.html, "a price that was not shown is not paid").toContain("price has changed");
  await payFor(body.checkoutUrl, { email: "special@example.com" });
  expect(await contractsOf("special@example.com")).toMatchObject([{ priceMinor: 500 }]);
  // A buyer who takes the back end's checkout over and chooses anew pays what everybody pays.
  const taken = await create(low, backend());
  expect((await patch(taken.body.id, low, anonymous())).body).toMatchObject({ price: 9.9 });
});

test("an option that leaves the amount to the buyer takes more, and never less than it says", async () => {
  const { tenantId } = ids;
  await server.deps.db.transaction(async (tx) => {
    const tip = await tx.one<{ id: string }>(
      sql`select id from products where tenant_id = ${tenantId} and sku = 'sid:tip'`,
    );
    const rest = {
      interval: null,
      intervalCount: 1,
      local: [],
      trialDays: 0,
      label: null,
      description: null,
      sort: 9,
    } as const;
    const terms = {
      key: "tip",
      kind: "custom_amount",
      amountMinor: 300,
      currency: "EUR",
      replacesId: null,
    } as const;
    const draft = { ...rest, ...terms, productId: tip.id, paywallId: ids.paywall("news").id, local: [] };
    await createPurchaseOption(tx, server.deps, { tenantId, draft, now: server.clock.now() });
  });
  const tip = async (price: number) => (await create({ items: [{ sku: "sid:tip", price }] })).body.price;
  expect(await tip(7.5)).toBe(7.5);
  expect(await tip(1)).toBe(3);
  expect((await create({ items: [{ sku: "sid:tip", price: 3.999 }] })).status).toBe(400);
});

test("another vendor's checkouts, products and options are not there; a signed-in reader's is theirs to change", async () => {
  const { body } = await create({});
  const courier = basic("courier-web", "someone");
  expect((await server.get(`/checkouts/${body.id}`, courier)).status).toBe(404);
  expect((await patch(body.id, { email: "x@example.com" }, courier)).status).toBe(404);
  expect((await server.get("/checkouts/chk_01ARZ3NDEKTSV4RRFFQ69G5FAV", ANONYMOUS)).status).toBe(404);
  expect((await server.get(`/checkouts/${body.id}`)).status).toBe(401);
  expect((await create({ items: [{ sku: "sid:courier" }] })).status).toBe(400);
  const theirs = await idsOf(server, "courier");
  const foreign = { items: [{ sku: "sid:pass", purchaseOptionId: theirs.option("c-monthly").id }] };
  expect((await create(foreign)).status).toBe(400);
  const [me, other] = [await reader(), await reader()];
  const mine = await create({}, me.headers);
  expect((await patch(mine.body.id, { email: "x@example.com" }, other.headers)).status).toBe(404);
  expect((await patch(mine.body.id, { email: "x@example.com" }, anonymous())).status).toBe(404);
  expect((await patch(mine.body.id, { givenName: "Me" }, me.headers)).body).toMatchObject({
    givenName: "Me",
  });
  expect((await patch(mine.body.id, { familyName: "Too" }, backend())).body).toMatchObject({
    givenName: "Me",
    familyName: "Too",
  });
});

test("P-26: the same create with one Idempotency-Key, or the same bytes at once, is one checkout", async () => {
  const who = anonymous();
  const again = { ...who, "idempotency-key": "order-1" };
  const [first, second] = [await create({}, again), await create({}, again)];
  expect(second.body.id).toBe(first.body.id);
  expect((await create({ email: "x@example.com" }, again)).status).toBe(422);
  const many = await Promise.all([1, 2, 3].map(() => create({ givenName: "Twice" }, who)));
  expect(new Set(many.map((it) => it.body.id)).size).toBe(1);
});

test("a buyer signs in after the checkout was made, and it becomes theirs", async () => {
  const me = await reader();
  const { body } = await create({});
  expect((await patch(body.id, {}, me.headers)).status).toBe(200);
  const page = await (await server.fetch(`/checkout/${body.id}`)).text();
  expect(page).toContain(me.email);
  await payFor(body.checkoutUrl);
  expect(await rightsOf(me.email ?? "")).toMatchObject([{ sku: "sid:pass" }]);
});

test("fields that a page asks for must be filled in: names, phone, birth date, address, company", async () => {
  const required = { enabled: true, required: true };
  const { body } = await create({
    fieldSettings: { name: required, phone: required, birthdate: required, referral: { enabled: true } },
    requireAddress: true,
    isBusiness: true,
    email: "form@example.com",
  });
  const missing = await submit(body.checkoutUrl);
  expect(missing.status).toBe(422);
  expect(missing.html.match(/aria-invalid="true"/g)?.length).toBe(4 + 4 + 4);
  const filled = {
    givenName: "Ada <b>",
    familyName: "L",
    phoneNumber: "+46 70 123",
    birthDate: "1990-02-30x",
    "address.street": "Street 1",
    "address.zip": "11111",
    "address.city": "Town",
    "address.country": "SE",
    "businessAddress.co": "Firm",
    "businessAddress.street": "Street 2",
    "businessAddress.zip": "22222",
    "businessAddress.city": "City",
    "businessAddress.country": "NO",
  };
  const odd = await submit(body.checkoutUrl, filled);
  expect(odd.status).toBe(422);
  expect(odd.html).toContain("Ada &lt;b&gt;");
  expect(await payFor(body.checkoutUrl, { ...filled, birthDate: "1990-02-28" })).toBe(BACK);
  expect((await read(body.id)).body).toMatchObject({
    status: "COMPLETED",
    givenName: "Ada <b>",
    birthDate: "1990-02-28",
    address: { street: "Street 1", country: "SE" },
    businessAddress: { co: "Firm", country: "NO" },
  });
});

test("Enter in the field of the code applies what was typed there, and only the next press pays", async () => {
  const { checkoutUrl } = (await create({})).body;
  const entered = await submit(checkoutUrl, { code: "last", email: "enter@example.com" });
  expect(entered.status).toBe(200);
  expect(entered.html).toContain("LAST is applied");
  expect(entered.html).not.toContain('role="alert"');
  const removed = await submit(checkoutUrl, { code: "" });
  expect([removed.status, removed.html]).toEqual([200, expect.not.stringContaining("LAST is applied")]);
  expect((await submit(checkoutUrl, { code: "NONE" })).html).toContain("cannot be used here");
  // What was refused and left there does not stand in the way.
  expect((await submit(checkoutUrl)).status).toBe(303);
});

test("a code is typed in on the page, and one that runs out in the meantime is not honoured in silence", async () => {
  const [first, second] = [(await create({})).body, (await create({})).body];
  const applied = await submit(first.checkoutUrl, {
    action: "apply",
    code: " last ",
    email: "a@example.com",
  });
  expect(applied.html).toContain("LAST is applied");
  expect(applied.html).toContain("8.91");
  expect((await submit(second.checkoutUrl, { action: "apply", code: "LAST" })).html).toContain(
    "LAST is applied",
  );
  expect((await submit(second.checkoutUrl, { action: "apply", code: "WHAT" })).html).toContain(
    "cannot be used here",
  );
  await submit(second.checkoutUrl, { action: "apply", code: "LAST" });
  // The first is being paid: the last use is theirs, also when they look again.
  expect((await submit(first.checkoutUrl)).status).toBe(303);
  const refused = await submit(second.checkoutUrl, { email: "b@example.com", total: "891 EUR" });
  expect(refused.status).not.toBe(303);
  expect(await payFor(first.checkoutUrl)).toBe(BACK);
  expect(await contractsOf("a@example.com")).toHaveLength(1);
  const uses = await server.deps.db.query(sql`
    select r.saved_minor "savedMinor" from discount_redemptions r join discount_codes d on d.id = r.code_id
    where d.code = 'LAST' and r.redeemed_at is not null`);
  expect(uses).toEqual([{ savedMinor: 99 }]);
});

test("a discount for the first payment is gone from the second", async () => {
  const { body } = await create({ email: "renews@example.com", requestedDiscountCodes: ["HALF"] });
  await payFor(body.checkoutUrl);
  await server.deps.db.execute(
    sql`update tenants set clock_offset_ms = clock_offset_ms + ${32 * 86_400_000} where id = ${ids.tenantId}`,
  );
  await server.settle();
  const bills = await server.deps.db.query<{ grossMinor: number }>(sql`
    select b.gross_minor "grossMinor" from bills b join customers c on c.id = b.customer_id
    where c.email = 'renews@example.com' order by b.number`);
  expect(bills.map((it) => it.grossMinor)).toEqual([495, 990]);
});

test("what may not be sold where the buyer is cannot be paid there", async () => {
  const country = async (address: string, to: string) => {
    const found = server.deps.countries.countryOf(address);
    expect(found).toBe(to);
    return address;
  };
  const sweden = await country("194.68.0.1", server.deps.countries.countryOf("194.68.0.1") ?? "SE");
  const place = server.deps.countries.countryOf(sweden) ?? "";
  const restricted = (type: string) => ({
    items: [{ sku: "sid:pass", geoRestrictions: { countries: [place], type } }],
  });
  const open = async (type: string) => (await create(restricted(type))).body;
  const from = async (id: string, address: string) =>
    (await server.fetch(`/checkout/${id}`, { from: address })).status;
  expect(await from((await open("ALLOW")).id, sweden)).toBe(200);
  expect(await from((await open("BLOCK")).id, sweden)).toBe(403);
  const unknown = "10.0.0.1";
  expect(await from((await open("ALLOW")).id, unknown), "a place that is not known is in no list").toBe(403);
  expect(await from((await open("BLOCK")).id, unknown)).toBe(200);
  const blocked = await open("BLOCK");
  const refused = await patch<Refusal>(
    blocked.id,
    { country: place, paymentData: { provider: "STRIPE", method: "CARD" } },
    anonymous(),
  );
  expect(refused.status).toBe(403);
});

test("a filter of payment methods is kept to", async () => {
  const vipps = await create({ paymentMethodsFilter: [{ provider: "VIPPS", methods: ["VIPPS"] }] });
  expect(vipps.body.availablePaymentMethods).toEqual([]);
  expect((await submit(vipps.body.checkoutUrl, { email: "v@example.com" })).status).toBe(409);
  const wallets = await create({ paymentMethodsFilter: [{ methods: ["APPLE-PAY"] }] });
  expect(wallets.body.availablePaymentMethods).toEqual([{ provider: "STRIPE", methods: ["CARD"] }]);
});

test("somebody else pays: the right is the customer's, the receipt the payer's", async () => {
  const { body } = await create({ email: "child@example.com", payerEmail: "parent@example.com" });
  expect(JSON.stringify(body)).not.toContain("parent@example.com");
  await payFor(body.checkoutUrl);
  expect(await rightsOf("child@example.com")).toMatchObject([{ sku: "sid:pass" }]);
  expect(await rightsOf("parent@example.com")).toEqual([]);
  await server.settle();
  const mails = await server.deps.db.query<{ recipient: string }>(
    sql`select recipient from mails where tenant_id = ${ids.tenantId} and recipient in ('child@example.com', 'parent@example.com') and template = 'bill.paid'`,
  );
  expect(mails.map((it) => it.recipient)).toEqual(["parent@example.com"]);
});

test("a gift's link is shown to the payer, claimed by one person once they prove their address, and never renews", async () => {
  const { body } = await create({ giftMode: true, email: "giver@example.com" });
  expect(body.type).toBe("SINGLE");
  expect(await payFor(body.checkoutUrl)).toBe(body.checkoutUrl);
  const page = await (await server.fetch(`/checkout/${body.id}`)).text();
  const link = /http:\/\/tollgate\.test(\/gift\/[\w-]+)/.exec(page)?.[1] ?? "";
  expect(link).not.toBe("");
  expect(await rightsOf("giver@example.com"), "the payer has no right").toEqual([]);
  expect(await contractsOf("giver@example.com")).toMatchObject([{ duration: "PERPETUAL", priceMinor: 990 }]);
  await server.settle();
  const receipt = await server.deps.db.one<{ text: string }>(sql`
    select text from mails where recipient = 'giver@example.com' and template = 'bill.paid'`);
  expect(receipt.text).toContain("a gift for somebody else");
  expect(await (await server.fetch(link)).text()).toContain("A gift for you: The Gazette");
  const friend = await reader();
  const claims = await Promise.all(
    [friend.email ?? "", "greedy@example.com"].map((email) => postForm(server, link, { email })),
  );
  expect(claims.map((it) => it.status).sort()).toEqual([200, 409]);
  const winner = claims[0]?.status === 200 ? (friend.email ?? "") : "greedy@example.com";
  expect((await server.fetch(link)).status).toBe(409);
  if (winner === friend.email) {
    const [right] = await rightsOf(winner);
    expect(right).toMatchObject({ sku: "sid:pass", sourceKind: "grant", state: "active" });
    expect(right?.validToAt).not.toBeNull();
  }
  expect((await postForm(server, "/gift/wrong", { email: "x@example.com" })).status).toBe(404);
});

test("a gift to an address waits there; it is taken back with the money", async () => {
  const recipient = await reader();
  const { body } = await create({ giftMode: true, email: recipient.email, payerEmail: "aunt@example.com" });
  await payFor(body.checkoutUrl);
  expect(await rightsOf(recipient.email ?? "")).toMatchObject([
    { sku: "sid:pass", sourceKind: "grant", state: "active" },
  ]);
  await server.settle();
  const mails = await server.deps.db.query<{ recipient: string; template: string }>(sql`
    select recipient, template from mails where template like 'gift.%' and recipient in (${recipient.email}, 'aunt@example.com')
    order by template`);
  expect(mails).toEqual([
    { recipient: "aunt@example.com", template: "gift.purchased" },
    { recipient: recipient.email, template: "gift.redeemed" },
  ]);
  const { refundBill } = await import("../../domains/billing/index.ts");
  const bill = await server.deps.db.one<{ id: string }>(sql`
    select b.id from bills b join customers c on c.id = b.customer_id where c.email = 'aunt@example.com'`);
  await server.deps.db.transaction((tx) =>
    refundBill(tx, server.deps, { tenantId: ids.tenantId, billId: bill.id, reason: "requested" }),
  );
  await server.settle();
  expect(await rightsOf(recipient.email ?? "")).toMatchObject([{ state: "revoked" }]);
});

test("a code that takes everything off makes a bill of nothing, which stays so", async () => {
  const { body } = await create({ email: "free@example.com", requestedDiscountCodes: ["FREE"] });
  expect(body.price).toBe(0);
  expect(await payFor(body.checkoutUrl)).toBe(BACK);
  expect(await rightsOf("free@example.com")).toMatchObject([{ state: "active" }]);
  const bills = await server.deps.db.query(sql`
    select b.gross_minor "grossMinor", b.state, k.percent_bp "percentBp" from bills b join contracts k on k.id = b.contract_id
    join customers c on c.id = b.customer_id where c.email = 'free@example.com'`);
  expect(bills).toEqual([{ grossMinor: 0, state: "paid", percentBp: 10_000 }]);
});

test("two clicks at once, and many more, are one payment page", async () => {
  const { body } = await create({ email: "double@example.com" });
  const sent = await Promise.all(Array.from({ length: 6 }, () => submit(body.checkoutUrl)));
  expect(new Set(sent.map((it) => it.location)).size).toBe(1);
  const attempts = await server.deps.db.query(sql`select id from checkouts where session_id = ${body.id}`);
  expect(attempts).toHaveLength(1);
});

test("other terms close the page of the first ones, and where that is being paid already nothing else is", async () => {
  const { body } = await create({ email: "changes@example.com" });
  const first = await submit(body.checkoutUrl);
  const second = await submit(body.checkoutUrl, { email: "changed@example.com" });
  expect(second.location).not.toBe(first.location);
  expect((await pay(server, first.location ?? "")).location, "only shown why").toContain("/sandbox/pay/");
  expect(await contractsOf("changes@example.com")).toEqual([]);
  await postForm(server, new URL(second.location ?? "").pathname, { method: "later" });
  expect((await read(body.id)).body.status).toBe("WAITING_PAYMENT_CONFIRMATION");
  const third = await submit(body.checkoutUrl, { email: "third@example.com", total: "990 EUR" });
  expect(third.status).not.toBe(303);
  await postForm(server, `${new URL(second.location ?? "").pathname}/settle`, {});
  expect((await read(body.id)).body.status).toBe("COMPLETED");
  expect(await contractsOf("changed@example.com")).toHaveLength(1);
});

test("a person who follows a bad link reads a page, a program the error", async () => {
  const bad = "/checkout?client-id=gazette-web&sku=sid:nothing&lang=sv";
  const page = await server.get<string>(bad, { accept: "text/html,*/*" });
  expect(page.status).toBe(400);
  expect(page.body).toContain("säljs inte längre");
  expect((await server.get<Refusal>(bad)).body.error.code).toBe("validation_error");
  expect((await server.get<string>("/checkouts?items=%5B", { accept: "text/html" })).status).toBe(400);
});

test("who deletes their profile leaves nothing of what they typed into checkouts", async () => {
  const me = await reader();
  const { body } = await create({ givenName: "Forget", phoneNumber: "+46 1" }, me.headers);
  await payFor(body.checkoutUrl);
  expect((await server.fetch("/profile", { method: "DELETE", headers: me.headers })).status).toBe(204);
  expect(JSON.stringify((await read(body.id)).body)).not.toContain("Forget");
});

test("rights that were written with each sale are the same when all are written anew", async () => {
  const { tenantId } = ids;
  const at = server.clock.now();
  const changed = await server.deps.db.transaction((tx) =>
    rebuildEntitlements(tx, server.deps, { tenantId, at }),
  );
  expect(changed).toBe(0);
});

test("a declined card leaves the checkout PENDING and its page open to another try", async () => {
  const { body } = await create({ email: "declined@example.com" });
  const sent = await submit(body.checkoutUrl);
  expect((await pay(server, sent.location ?? "", CARDS.declined)).status).toBe(402);
  expect((await read(body.id)).body.status).toBe("PENDING");
  expect((await submit(body.checkoutUrl)).location, "the same terms lead to the same payment").toBe(
    sent.location,
  );
  expect(await (await server.fetch(`/checkout/${body.id}?payment=cancelled`)).text()).toContain(
    "You left before paying",
  );
});

test("a checkout is good for a day, and what nobody paid is forgotten after a week", async () => {
  const { body } = await create({ email: "late@example.com" });
  const move = (hours: number) =>
    server.deps.db.execute(
      sql`update tenants set clock_offset_ms = clock_offset_ms + ${hours * 3_600_000} where id = ${ids.tenantId}`,
    );
  await move(24);
  expect((await server.fetch(`/checkout/${body.id}`)).status).toBe(410);
  expect((await patch(body.id, { email: "x@example.com" }, anonymous())).status).toBe(409);
  await move(7 * 24 + 1);
  server.clock.advance({ hours: 2 });
  await server.settle();
  expect((await read(body.id)).status).toBe(404);
});
