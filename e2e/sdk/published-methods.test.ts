import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { payAtSandbox } from "./host-page.ts";
import { call, called, untilReady, usePublishedSite } from "./published-page.ts";

const site = usePublishedSite();

let context: BrowserContext;
/** A reader whom an access list gives everything, signed in on an article's page. */
let page: Page;
/** What was sent to the fixed hosts, which no setting of the client moves (publisher API §1.2). */
const logged: { status: number; events: { event?: string; type?: string }[] }[] = [];

beforeAll(async () => {
  context = await site.browser.newContext();
  context.on("response", (response) => {
    const request = response.request();
    if (!request.url().startsWith("https://logs.sesamy.com/events") || request.method() !== "POST") return;
    const events = JSON.parse(request.postData() ?? "[]") as [];
    logged.push({ status: response.status(), events });
  });
  page = await site.openArticle(context);
  await site.signInByRedirect(page, "press@example.com");
});
afterAll(() => context?.close());

const ask = (path: string, ...args: unknown[]) => call(page, path, ...args);
const notFound = { error: expect.stringContaining("API Error 404") };
const everything = { sku: "sid:all", type: "pass", hasAccess: true, url: expect.stringMatching(/^http/) };

test("P-151: the published client is ready, says its version, and finds its reader", async () => {
  expect(await ask("isReady")).toEqual({ value: true });
  expect(await ask("getVersion")).toEqual({ value: "1.74.0" });
  expect(await ask("auth.isAuthenticated")).toEqual({ value: true });
  expect((await ask("auth.getTokenSilently")).value).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect((await ask("auth.getUser")).value).toMatchObject({
    email: "press@example.com",
    emailVerified: true,
  });
  expect(await ask("clearCache")).toEqual({ value: "Cache cleared" });
  expect(await ask("log", "said")).toEqual({});
});

test("P-151: its entitlements are listed, found, asked about, and give an address with a proof", async () => {
  const listed = (await ask("entitlements.list")).value as { id: string; sku: string }[];
  expect(listed).toContainEqual(expect.objectContaining(everything));
  const { id = "" } = listed.find(({ sku }) => sku === "sid:all") ?? {};
  expect((await ask("entitlements.get", id)).value).toMatchObject({ ...everything, id });
  expect(await ask("entitlements.get", "ent_none")).toEqual(notFound);
  for (const method of ["entitlements.access", "entitlements.getAccess"]) {
    const { value } = await ask(method, id);
    expect(value).toMatchObject({ id, url: expect.stringContaining("?token="), token: expect.any(String) });
  }
  expect((await ask("entitlements.hasAccess", "sid:all")).value).toMatchObject(everything);
  expect((await ask("entitlements.hasAccess", `${site.origin}/x`, [`${site.origin}/`])).value).toMatchObject(
    everything,
  );
  expect(await ask("entitlements.hasAccess", "sid:other")).toEqual({});
  expect(await ask("entitlements.signedLinks")).toEqual({ value: [] });
  const waited = await ask("entitlements.list", { includeSignedLinks: false });
  expect(waited.value).toEqual(listed);
});

test("its contracts, bills, transactions, payment issues and subscriptions are bare lists, and unknown ids are not found", async () => {
  for (const list of ["contracts", "bills", "transactions", "paymentIssues", "subscriptions"]) {
    expect(await ask(`${list}.list`), list).toEqual({ value: [] });
  }
  expect(await ask("getPaymentIssues")).toEqual({ value: [] });
  expect(await ask("contracts.get", "ctr_none")).toEqual(notFound);
  expect(await ask("contracts.cancel", "ctr_none")).toEqual(notFound);
  const amendment = { discountCode: "NONE", amendmentType: "DISCOUNT" };
  expect(await ask("contracts.createAmendment", "ctr_none", amendment)).toEqual(notFound);
  expect(await ask("contracts.confirmAmendment", "ctr_none", "amd_none")).toEqual(notFound);
  expect(await ask("bills.get", "bil_none")).toEqual(notFound);
  expect(await ask("transactions.get", "txn_none")).toEqual({});
});

test("products are described, and onboarding answers what the reader has", async () => {
  expect((await ask("products.get", "sid:all")).value).toMatchObject({
    sku: "sid:all",
    title: "Everything",
    purchaseOptions: [{ price: 4.9, currency: "EUR", recurringInterval: "MONTH" }],
  });
  expect(await ask("products.get", "sid:none")).toEqual(notFound);
  expect((await ask("products.autoOnboard", "sid:all")).value).toContainEqual(
    expect.objectContaining(everything),
  );
});

test("tallies are pushed, read and deleted; an unknown one cannot be", async () => {
  expect(await ask("tallies.push", "read", { value: "a" })).toEqual({ value: ["a"] });
  const policies = { unique: true, maxItems: 2, overflow: "fifo" };
  expect(await ask("tallies.push", "read", { value: ["a", "b"], policies })).toEqual({ value: ["a", "b"] });
  expect(await ask("tallies.get", "read")).toEqual({ value: ["a", "b"] });
  expect(await ask("tallies.list")).toEqual({ value: { read: ["a", "b"] } });
  expect(await ask("tallies.delete", "read")).toEqual({ value: true });
  expect(await ask("tallies.list")).toEqual({ value: {} });
});

test("tags and metadata go there and back, whatever is in them", async () => {
  expect(await ask("tags.set", "a b/å")).toEqual({ value: true });
  expect(await ask("tags.list")).toEqual({ value: ["a b/å"] });
  expect(await ask("tags.delete", "a b/å")).toEqual({ value: true });
  expect(await ask("tags.list")).toEqual({ value: [] });
  expect(await ask("userMetadata.set", "theme", "dark")).toEqual({});
  expect(await ask("userMetadata.get")).toEqual({ value: { theme: "dark" } });
  expect(await ask("userMetadata.delete", "theme")).toEqual({});
  expect(await ask("userMetadata.get")).toEqual({ value: {} });
});

test("the profile is read and changed, and knows no other account until it is linked", async () => {
  expect(await ask("profile.update", { givenName: "Ada", familyName: "Reader" })).toEqual({ value: true });
  expect((await ask("profile.get")).value).toMatchObject({ givenName: "Ada", name: "Ada Reader" });
  expect(await ask("profile.isSpotifyLinked")).toEqual({ value: false });
  expect(await ask("profile.unlinkSpotify")).toEqual({ value: true });
});

test("the vendor is told; the list of vendors is not a reader's", async () => {
  expect((await ask("vendor.get")).value).toMatchObject({ id: "daily", name: "The Daily" });
  expect((await ask("vendor.list")).error).toContain("API Error 403");
});

test("paywalls are read by id and by address", async () => {
  const { id } = site.ids.paywall("news");
  const news = { id, vendorId: "daily", settings: { template: "BOXES", leaky: { enabled: true, limit: 2 } } };
  expect((await ask("paywalls.get", id)).value).toMatchObject(news);
  expect((await ask("paywalls.get", `${site.login}/paywalls/daily/${id}`)).value).toMatchObject(news);
});

test("the article is found, may be read, and its locked text comes through the proxy, at the proxy's fixed host", async () => {
  const article = { id: "article", title: "Title of article", accessLevel: "entitlement" };
  expect((await ask("content.list")).value).toMatchObject([article]);
  expect((await ask("content.get", "sesamy-article")).value).toMatchObject(article);
  expect(await ask("content.getLanguage")).toEqual({ value: "en" });
  expect(await ask("content.getPropertyFromHTML", { key: "nothing", defaultValue: "none" })).toEqual({
    value: "none",
  });
  expect((await ask("content.hasAccess", "sesamy-article")).value).toMatchObject(everything);
  const locked = "<p>The locked text of article.</p>";
  expect(await ask("content.unlock", "sesamy-article", ".story")).toEqual({ value: locked });
  const entitlement = (await ask("entitlements.hasAccess", "sid:all")).value as { id: string };
  const access = (await ask("entitlements.access", entitlement.id)).value as { token: string };
  const other = await ask("proxy.getContent", access.token, `${site.origin}/other`, ".story");
  expect(other).toEqual({ value: "<p>The locked text of other.</p>" });
  expect((await ask("proxy.getContent", "no.valid.token", `${site.origin}/other`)).error).toBeDefined();
});

test("links to the hosted pages carry the reader's token, and a shortened one leads to the whole of it", async () => {
  for (const params of [
    { target: "account" },
    { target: "change-payment", contractId: "c" },
    { target: "change-plan", contractId: "c" },
    { target: "consume", sku: "sid:all" },
    { target: "checkout", itemSrc: "sid:all" },
  ]) {
    expect((await ask("generateLink", params)).value, params.target).toMatch(
      /#access_token=[\w-]+\.[\w-]+\.[\w-]+$/,
    );
  }
  const short = (await ask("generateLink", { target: "account", shorten: true, ttl: 60 })).value as string;
  const path = new URL(short).pathname;
  const response = await site.server.fetch(path);
  expect(response.status).toBe(302);
  expect(response.headers.get("location")).toMatch(/^https:\/\/account\.sesamy\.com\/.*#access_token=/);
  expect(await ask("generateLink", { target: "nowhere" })).toEqual({ error: "Error: Invalid target" });
});

test("its links to the account, to a bought thing and to Spotify lead to pages, signed in, at the fixed hosts", async () => {
  const tab = await context.newPage();
  const follow = async (path: string, ...args: unknown[]) => {
    await tab.goto(`${site.origin}/article`);
    await untilReady(tab);
    // These go away instead of answering.
    void call(tab, path, ...args).catch(() => undefined);
    await tab.waitForURL((url) => url.hostname.endsWith("sesamy.com"));
  };
  await follow("profile.openHostedAccountPage");
  await tab.getByRole("link", { name: "Where you are signed in" }).waitFor();
  await follow("products.linkSpotify", "sid:all");
  await tab.getByText("The Daily does not deliver to Spotify").waitFor();
  expect(tab.url()).not.toContain("access_token");
  await tab.goto((await ask("generateLink", { target: "consume", sku: "sid:all" })).value as string);
  await tab.waitForURL(`${site.origin}/**`);
  await untilReady(tab);
  expect(tab.url()).not.toContain("token");
  await tab.close();
});

test("flags, attribution, the browser's own questions and events need no server", async () => {
  await ask("flags.set", "beta", true);
  expect(await ask("flags.get", "beta")).toEqual({ value: true });
  expect(await ask("flags.list")).toEqual({ value: { beta: true } });
  await ask("flags.delete", "beta");
  expect(await ask("flags.list")).toEqual({ value: {} });
  await ask("attribution.set", { utmSource: "letter" });
  expect((await ask("attribution.get")).value).toMatchObject({ utmSource: "letter" });
  expect(await ask("browser.detectAdblock")).toEqual({ value: false });
  expect(await ask("browser.isInAppBrowser")).toEqual({
    value: { isInAppBrowser: false, browserName: null },
  });
  expect(await ask("browser.isIncognito")).toEqual({ value: false });
  expect(await ask("events.emit", "opened", { at: "top" })).toEqual({ value: { canceled: false } });
  await page.evaluate(() => {
    type Client = { events: { cancel(event: Event, message: string): void } };
    const { events } = window.sesamy as unknown as Client;
    window.addEventListener("closing", (event) => events.cancel(event, "not yet"));
  });
  expect(await ask("events.emit", "closing", {}, true)).toEqual({
    value: { canceled: true, message: "not yet" },
  });
});

test("what is tracked is stored by the server, at the collector's fixed host", async () => {
  await ask("analytics.track", "finished", { article: "article" });
  await expect.poll(() => JSON.stringify(logged)).toContain("finished");
  expect(logged.map(({ status }) => status)).not.toContain(400);
  expect(new Set(logged.map(({ status }) => status))).toEqual(new Set([204]));
});

test("an anonymous reader reads what is public and is refused the rest before any request", async () => {
  const anonymous = await site.openArticle();
  const asked: string[] = [];
  anonymous.on("request", (request) => asked.push(new URL(request.url()).pathname));
  expect(await call(anonymous, "entitlements.list")).toEqual({ value: [] });
  expect(await call(anonymous, "profile.get")).toEqual({ value: null });
  expect(await call(anonymous, "auth.getTokenSilently", false)).toEqual({ value: null });
  expect(await call(anonymous, "content.hasAccess", "sesamy-article")).toEqual({ value: null });
  expect((await call(anonymous, "products.get", "sid:all")).value).toMatchObject({ sku: "sid:all" });
  expect((await call(anonymous, "paywalls.get", site.ids.paywall("news").id)).value).toBeDefined();
  expect((await call(anonymous, "tallies.push", "seen", { value: "a" })).value).toEqual(["a"]);
  for (const method of ["tags.list", "subscriptions.list", "products.autoOnboard"]) {
    expect((await call(anonymous, method, "sid:all")).error, method).toMatch(
      /No access token|Missing Refresh Token|throttled/,
    );
  }
  expect(asked.filter((path) => /^\/(entitlements|profile|tags|subscriptions|oauth)/.test(path))).toEqual([]);
});

test("a token that was handed over signs in, an expired one does not, and signing out ends it", async () => {
  const token = (await ask("auth.getTokenSilently")).value;
  const other = await site.openArticle();
  expect((await call(other, "auth.setToken", "a.e30.b")).error).toContain("Invalid token");
  await call(other, "auth.setToken", token);
  expect(await call(other, "auth.isAuthenticated")).toEqual({ value: true });
  expect((await call(other, "entitlements.list")).value).toContainEqual(expect.objectContaining(everything));
  const left = other.waitForResponse((response) => response.url().includes("/v2/logout"));
  await other.evaluate(() => void (window.sesamy as never as { auth: { logout(): void } }).auth.logout());
  expect((await left).status()).toBe(302);
  await other.waitForURL(`${site.origin}/**`);
  await untilReady(other);
  expect(await call(other, "auth.isAuthenticated")).toEqual({ value: false });
});

/** Whether a reader may read an article without paying, asked as a publisher's page asks (publisher API §5.5). */
const mayRead = (page: Page, id: string) =>
  page.evaluate(
    async ([login, paywall, id]) => {
      type Client = { auth: { getTokenSilently(throws: boolean): Promise<string | null> } };
      const { auth } = window.sesamy as unknown as Client;
      const token = await auth.getTokenSilently(false);
      const anonymous = () => `Basic ${btoa(`daily|${localStorage.getItem("__anon_id")}:`)}`;
      const response = await fetch(`${login}/paywalls/${paywall}/access`, {
        method: "POST",
        headers: {
          authorization: token ? `Bearer ${token}` : anonymous(),
          "content-type": "application/json",
        },
        // The browser says who it was before anybody signed in: what was read then counts on.
        body: JSON.stringify({
          publisherContentId: id,
          url: `${location.origin}/${id}`,
          anonymousId: localStorage.getItem("__anon_id"),
        }),
      });
      return (await response.json()) as {
        status: string;
        remaining: number;
        signedLink?: string;
        paywall?: { id: string; subscriptions: { id: string }[] };
      };
    },
    [site.login, site.ids.paywall("news").id, id] as const,
  );

test("from the meter to the paywall to the purchase to the unlocked text, and what was bought is the reader's to manage", async () => {
  const reader = await site.newReader();
  const tab = await site.openArticle(reader);

  // Two articles are free; the link that opens one is known to the client, and to the proxy.
  const free = await mayRead(tab, "one");
  expect(free).toMatchObject({ status: "allowed", remaining: 1 });
  await tab.goto(free.signedLink ?? "");
  await untilReady(tab);
  expect(tab.url()).toBe(`${site.origin}/one`);
  const [link] = (await call(tab, "entitlements.signedLinks")).value as { token: string }[];
  expect((await call(tab, "content.hasAccess", "sesamy-article")).value).toMatchObject({
    token: link?.token,
  });
  const opened = await call(tab, "proxy.getContent", link?.token, `${site.origin}/one`, ".story");
  expect(opened).toEqual({ value: "<p>The locked text of one.</p>" });
  const other = await call(tab, "proxy.getContent", link?.token, `${site.origin}/three`, ".story");
  expect(other.error).toBeDefined();
  expect(await mayRead(tab, "two")).toMatchObject({ status: "allowed", remaining: 0 });

  // The third is not, before and after signing in.
  await tab.goto(`${site.origin}/three`);
  await untilReady(tab);
  const stopped = await mayRead(tab, "three");
  expect(stopped).toMatchObject({ status: "paywall", remaining: 0, paywall: { headline: "Read on" } });
  expect(stopped.signedLink).toBeUndefined();
  await site.signInByRedirect(tab, "buyer@example.com");
  expect(await mayRead(tab, "three")).toMatchObject({ status: "paywall" });
  expect((await call(tab, "content.unlock", "sesamy-article", ".story")).error).toContain(
    "does not have access",
  );

  // The purchase.
  const made = await call(tab, "checkouts.create", {
    items: [{ sku: "sid:all", purchaseOptionId: stopped.paywall?.subscriptions[0]?.id }],
    redirectUrl: `${site.origin}/three?force-refetch-entitlements=true&sesamy-purchase=sid%3Aall`,
  });
  const checkout = made.value as { id: string; checkoutUrl: string };
  expect(checkout).toMatchObject({
    status: "PENDING",
    price: 4.9,
    language: "en",
    payer: { email: "buyer@example.com" },
  });
  expect((await call(tab, "checkouts.get", checkout.id)).value).toMatchObject({ id: checkout.id });
  const changed = await call(tab, "checkouts.update", checkout.id, { language: "sv" });
  expect(changed.value).toMatchObject({ language: "sv", price: 4.9 });
  await tab.goto(`${checkout.checkoutUrl}?lang=en`);
  await tab.locator("button[value=pay]:not([aria-hidden])").click();
  await payAtSandbox(tab);
  await tab.waitForURL(`${site.origin}/three**`);
  await untilReady(tab);
  expect(tab.url()).toBe(`${site.origin}/three`);
  expect((await call(tab, "checkouts.get", checkout.id)).value).toMatchObject({ status: "COMPLETED" });

  // Unlocked.
  expect((await call(tab, "entitlements.list", { waitForEntitlementAfter: null })).value).toContainEqual(
    expect.objectContaining({ sku: "sid:all", hasAccess: true }),
  );
  expect((await call(tab, "content.hasAccess", "sesamy-article")).value).toMatchObject({ sku: "sid:all" });
  expect(await call(tab, "content.unlock", "sesamy-article", ".story")).toEqual({
    value: "<p>The locked text of three.</p>",
  });
  expect(await mayRead(tab, "three")).toMatchObject({ status: "allowed" });

  // What was bought.
  const contracts = (await call(tab, "contracts.list")).value as { id: string; manageUrl: string }[];
  expect(contracts).toMatchObject([{ isActive: true, nextPrice: 4.9 }]);
  const { id = "", manageUrl = "" } = contracts[0] ?? {};
  expect(manageUrl).toMatch(/^https:\/\/login\.daily\.example\/account\/.*#access_token=/);
  expect((await call(tab, "contracts.get", id)).value).toMatchObject({ id, willCancelAt: null });
  const bills = (await call(tab, "bills.list")).value as { id: string }[];
  expect(bills).toMatchObject([{ status: "PAID" }]);
  expect((await call(tab, "bills.get", bills[0]?.id)).value).toMatchObject({ id: bills[0]?.id });
  const transactions = (await call(tab, "transactions.list", id)).value as { id: string }[];
  expect(transactions).toHaveLength(1);
  expect((await call(tab, "transactions.get", transactions[0]?.id)).value).toMatchObject(
    transactions[0] ?? {},
  );
  expect((await call(tab, "subscriptions.list")).value).toHaveLength(1);

  const wanted = { discountCode: "STAY", amendmentType: "DISCOUNT" };
  const amendment = (await call(tab, "contracts.createAmendment", id, wanted)).value as { id: string };
  expect(await call(tab, "contracts.confirmAmendment", id, amendment.id)).toMatchObject({
    value: { success: true },
  });
  expect((await call(tab, "contracts.get", id)).value).toMatchObject({ nextPrice: 2.45 });
  expect((await call(tab, "contracts.cancel", id)).value).toMatchObject({ success: true });
  const cancelled = (await call(tab, "contracts.get", id)).value;
  expect(cancelled).toMatchObject({ isActive: true, willCancelAt: expect.any(String) });

  await site.server.settle();
  const delivered = (await call(tab, "fulfillments.list", "sid:print")).value as { itemId: string }[];
  expect(delivered).toMatchObject([{ sku: "sid:print", status: "PENDING" }]);
  const { itemId } = delivered[0] ?? {};
  expect(await call(tab, "fulfillments.requestDelivery", "sid:print", itemId)).toEqual({ value: true });
  // The client does not do so itself after this call.
  await call(tab, "clearCache");
  const requested = (await call(tab, "fulfillments.list", "sid:print")).value;
  expect(requested).toMatchObject([{ itemId, status: "REQUESTED" }]);
  expect((await call(tab, "fulfillments.list")).error).toContain("SKU is required");
});

test("P-151: no method of the published client was left out", async () => {
  const all = await page.evaluate(() => {
    const paths: string[] = [];
    for (const [name, value] of Object.entries(window.sesamy ?? {})) {
      if (typeof value === "function") paths.push(name);
      else for (const method of Object.keys(value as object)) paths.push(`${name}.${method}`);
    }
    return paths;
  });
  expect(all.length).toBeGreaterThan(60);
  // What leaves the page, or takes an event, is called in other ways, above and in published-login.test.ts.
  const elsewhere = [
    "auth.login",
    "auth.loginWithRedirect",
    "auth.loginWithPopup",
    "auth.logout",
    "events.cancel",
    "setToken",
  ];
  expect(all.filter((path) => !called.has(path) && !elsewhere.includes(path))).toEqual([]);
});
