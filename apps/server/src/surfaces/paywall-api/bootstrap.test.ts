import { type Bootstrap, bootstrap as bootstrapSchema } from "@tollgate/protocol/paywall-api/bootstrap";
import { emptyUser } from "@tollgate/protocol/paywall-api/user";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { sellOnce } from "../../../test/sale.ts";
import { applyYaml, idsOf, newsHeard } from "../../../test/setup.ts";
import { trustAddress } from "../../domains/identity/index.ts";
import { advanceTenantClock } from "../../domains/tenants/index.ts";
import { json, sql } from "../../platform/database/index.ts";

// The kit's default client address is the trusted proxy, which then names the country.
const ENV = { TOLLGATE_TRUSTED_PROXIES: "203.0.113.7", TOLLGATE_COUNTRY_HEADER: "CF-IPCountry" };
const from = (country: string) => ({ "cf-ipcountry": country });

const FILE = `
tenants:
  - slug: acme
    name: Acme
    hybridTrust: recent
    domains: [{ host: pay.acme.example, verified: true }]
    products: [{ sku: pro, title: Pro }]
    processors: [{ key: box, kind: sandbox }]
    authProviders: [{ provider: google, clientId: acme, clientSecret: acme-secret }]
    paywalls:
      - key: app
        name: Acme Pro
        product: pro
        domain: pay.acme.example
        checkoutMode: preauth
        allowAnonymous: true
        authProviders: [google]
        successRedirectUrl: https://acme.example/thanks
        trial: { mode: time, payload: 24 }
        purchaseOptions:
          - key: monthly
            interval: month
            amount: 9.99
            trialDays: 7
            label: Monthly
            local:
              - { currency: EUR, amount: 8.99 }
              - { currency: JPY, amount: 1480 }
              - { currency: USD, amount: 4.99, countries: [IN] }
          - { key: lifetime, interval: lifetime, amount: 199 }
        layout:
          - { type: heading, text: Hi }
          - { type: features_list, items: [Fast] }
          - { type: price_grid, view: horizontal, options: [monthly, lifetime], popular: lifetime }
          - { type: cta_button }
        locales: { de: { options: { monthly: { label: Monatlich } } } }
        offers:
          - { key: europe, discountPercent: 10, countries: [TIER2], durationMinutes: 60, label: Europe }
          - { key: ann, discountPercent: 50, emails: [ann@acme.example], endsAt: "2031-03-08T10:00:00Z", option: monthly, priority: 5 }
        experiments:
          - key: cheaper
            state: running
            variants:
              - { key: control, weight: 1 }
              - { key: b, weight: 2, options: [{ key: monthly-b, replaces: monthly, amount: 7.49, local: [{ currency: EUR, amount: 6.49 }] }] }
              - { key: c, weight: 0, options: [{ key: monthly-c, replaces: monthly, amount: 5 }] }
      - key: mac
        product: pro
        targeting: { countries: [TIER1, DE], macosOnly: true }
        purchaseOptions: [{ key: mac-monthly, interval: month, amount: 3 }]
      - key: tier1
        product: pro
        targeting: { countries: [TIER1, DE] }
        purchaseOptions: [{ key: tier-monthly, interval: month, amount: 3 }]
      - key: off
        product: pro
        visible: false
        targeting: { countries: [DE] }
        purchaseOptions: [{ key: off-monthly, interval: month, amount: 3 }]
      - key: gone
        product: pro
        status: archived
        purchaseOptions: [{ key: gone-monthly, interval: month, amount: 3 }]
      - key: draft
        product: pro
        status: draft
        purchaseOptions: [{ key: draft-monthly, interval: month, amount: 3 }]
`;

let server: TestServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
beforeAll(async () => {
  server = await startTestServer({ env: ENV });
  await applyYaml(server, FILE);
  ids = await idsOf(server, "acme");
});
afterAll(() => server[Symbol.asyncDispose]());

const path = (key = "app", query = "") => `/api/v1/paywall/${ids.paywall(key).num}/bootstrap${query}`;
const read = async (key = "app", headers: Record<string, string> = {}) => {
  const answer = await server.get<Bootstrap & { unchanged?: true }>(path(key), headers);
  expect(answer.status).toBe(200);
  return answer.body;
};
const shop = () => ({ tenantId: ids.tenantId, paywallId: ids.paywall("app").id });

describe("the payload", () => {
  test("#59 the full form has settings, prices and offers, and is what the contract describes", async () => {
    const body = await read();
    expect(bootstrapSchema.strict().parse(body)).toEqual(body);
    expect(body.offers).toEqual([]);
    expect((await read("tier1")).offers).toEqual([]);
    expect(body.settings).toMatchObject({
      id: String(ids.paywall("app").num),
      name: "Acme Pro",
      custom_domain: "pay.acme.example",
      is_test_mode: true,
      checkout_mode: "preauth",
      allow_anonymous: true,
      auth_providers: ["google"],
      success_redirect_url: "https://acme.example/thanks",
      trial: { mode: "time", payload: 24, storage: "server" },
    });
  });

  test("#49 amounts are major units of the whole period, whatever decimals a currency has", async () => {
    const [monthly, lifetime] = (await read("app", from("JP"))).prices;
    expect(monthly).toMatchObject({
      currency: "USD",
      amount: 9.99,
      interval: "month",
      interval_count: 1,
      trial_days: 7,
      label: "Monthly",
      local: { currency: "JPY", amount: 1480 },
    });
    expect(lifetime).toMatchObject({
      amount: 199,
      interval: "lifetime",
      interval_count: null,
      trial_days: null,
      local: null,
    });
  });

  test("#50 every price id is digits, those of variants included", async () => {
    const body = await read();
    const variants = body.experiment?.variants.flatMap((it) => it.prices ?? []) ?? [];
    expect(variants).toHaveLength(2);
    for (const price of [...body.prices, ...variants]) expect(price.id).toMatch(/^[0-9]+$/);
  });

  test("#54 currencies and countries are upper-case ISO codes", async () => {
    const body = await read("app", from("de"));
    expect(body.settings.visibility?.country).toBe("DE");
    expect(body.prices.map((it) => it.currency)).toEqual(["USD", "USD"]);
    expect(body.prices[0]?.local?.currency).toBe("EUR");
  });

  test("#68 lists that clients walk are always lists, whatever was stored", async () => {
    const blocks = [
      { type: "features_list" },
      { type: "tokenization_gate", queries: null },
      { type: "hologram" },
    ];
    await storeLayout("tier1", blocks);
    expect((await read("tier1")).layout?.blocks).toEqual([
      { type: "features_list", items: [] },
      { type: "tokenization_gate", queries: [] },
    ]);
  });

  test("#69 views of earlier editors are sent by their present names", async () => {
    for (const [stored, sent] of [
      ["telegram", "compact"],
      ["row", "horizontal"],
      ["vertical", "vertical"],
      ["odd", undefined],
    ]) {
      await storeLayout("tier1", [{ type: "price_grid", view: stored }]);
      expect((await read("tier1")).layout?.blocks[0]).toEqual({
        type: "price_grid",
        ...(sent && { view: sent }),
      });
    }
  });

  async function storeLayout(key: string, blocks: unknown[]) {
    await server.deps.db.execute(sql`
      update paywall_versions set body = ${json({ layout: { type: "modal", blocks } })}
      where id = (select live_version_id from paywalls where id = ${ids.paywall(key).id})`);
    await server.deps.db.query(sql`select pg_notify('tollgate', ${`paywalls ${ids.tenantId}`})`);
    await newsHeard(server);
  }

  test("#70 one experiment with all its variants in one order, never an assignment", async () => {
    const { experiment } = await read("app", from("DE"));
    expect(experiment?.variants.map((it) => [it.key, it.weight])).toEqual([
      ["control", 1],
      ["b", 2],
      ["c", 0],
    ]);
    expect(experiment?.variants[1]?.prices).toMatchObject([
      {
        replaces: String(ids.option("monthly").num),
        amount: 7.49,
        local: { currency: "EUR", amount: 6.49 },
        interval: "month",
        label: "Monthly",
      },
    ]);
    expect(JSON.stringify(experiment)).not.toContain("assigned_variant");
    const orders = new Set(
      await Promise.all(
        ["US", "FR", "JP"].map(async (it) =>
          (await read("app", from(it))).experiment?.variants.map((variant) => variant.key).join(),
        ),
      ),
    );
    expect([...orders]).toEqual(["control,b,c"]);
    expect((await read("tier1")).experiment).toBeNull();
    const shown = (await read()).prices.map((it) => it.id);
    expect(shown, "variants' prices are not on sale for everybody").toEqual([
      String(ids.option("monthly").num),
      String(ids.option("lifetime").num),
    ]);
  });

  test("#72 an unknown, archived, unpublished or malformed paywall is the same 404", async () => {
    const answers = await Promise.all(
      [
        "999999",
        String(ids.paywall("gone").num),
        ids.paywall("draft").id,
        "0",
        "-1",
        "1e3",
        "%00",
        "pw_x",
        "9".repeat(4000),
        "1'--",
      ].map((id) => server.get(`/api/v1/paywall/${id}/bootstrap`)),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual(answers[0]?.body);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    }
    expect(answers[0]?.body).toMatchObject({ code: "not_found" });
  });

  test("the prefixed id works as well as the number", async () => {
    const answer = await server.get(`/api/v1/paywall/${ids.paywall("app").id}/bootstrap`);
    expect(answer.body).toEqual(await read());
  });
});

describe("versions", () => {
  test("#60 #61 the current version gives the short form; anything else the full one", async () => {
    const { version } = await read();
    const short = await server.get(path("app", `?if_version=${encodeURIComponent(String(version))}`));
    expect(short.body).toEqual({ unchanged: true, version, user: emptyUser() });
    for (const odd of ["", "sha256:0", "%", "%ff", "x".repeat(20_000), "' or 1=1 --", `${version}%20`]) {
      const full = await server.get<Bootstrap>(path("app", `?if_version=${odd}`));
      expect(full.status).toBe(200);
      expect(full.body.settings).toBeTypeOf("object");
    }
  });

  test("#62 the version is stable and does not change when only the user does", async () => {
    const guest = await read();
    const { headers } = await signedInCustomer(server, shop());
    const known = await read("app", headers);
    expect((await read()).version).toBe(guest.version);
    expect(known.version).toBe(guest.version);
    expect(guest.version).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("#63 callers who see something different get different versions", async () => {
    const versions = await Promise.all([
      read("app", from("US")),
      read("app", from("DE")),
      read("app", from("JP")),
      read("app", from("IN")),
      read("app", { ...from("US"), "x-user-email": "ann@acme.example" }),
    ]);
    expect(new Set(versions.map((it) => it.version)).size).toBe(versions.length);
  });

  test("a change is seen by the next caller on every node, and names a new version", async () => {
    const before = await read();
    await applyYaml(server, FILE.replace("text: Hi", "text: Hello"));
    const after = await read();
    expect(after.layout?.blocks[0]).toMatchObject({ text: "Hello" });
    expect(after.version).not.toBe(before.version);
    await applyYaml(server, FILE);
    expect((await read()).version).toBe(before.version);
  });

  test("a sold price that changed is shown under its new id wherever a layout or variant names it", async () => {
    const old = String(ids.option("monthly").num);
    await sellOnce(server, { option: ids.option("monthly").id });
    await applyYaml(server, FILE.replace("amount: 9.99", "amount: 10.99"));
    const now = String((await idsOf(server, "acme")).option("monthly").num);
    const body = await read();
    expect(now).not.toBe(old);
    expect(body.prices[0]).toMatchObject({ id: now, amount: 10.99 });
    expect(body.layout?.blocks[2]).toMatchObject({ priceIds: [now, String(ids.option("lifetime").num)] });
    expect(body.locales?.de?.prices).toEqual({ [now]: { label: "Monatlich" } });
    expect(body.experiment?.variants[1]?.prices?.[0]?.replaces).toBe(now);
    expect(JSON.stringify(body)).not.toContain(`"${old}"`);
    await applyYaml(server, FILE);
    ids = await idsOf(server, "acme");
  });
});

describe("where the caller is", () => {
  test("#64 #65 visibility always has its four keys, and a reason exactly when hidden", async () => {
    const verdict = async (key: string, headers = {}) => (await read(key, headers)).settings.visibility;
    expect(await verdict("app", from("US"))).toEqual({ visible: true, reason: null, country: "US", tier: 1 });
    expect(await verdict("tier1", from("DE"))).toEqual({
      visible: true,
      reason: null,
      country: "DE",
      tier: 2,
    });
    expect(await verdict("tier1", from("FR"))).toEqual({
      visible: false,
      reason: "country_not_match",
      country: "FR",
      tier: 2,
    });
    expect(await verdict("tier1")).toEqual({
      visible: false,
      reason: "country_not_match",
      country: null,
      tier: null,
    });
    for (const country of ["US", "DE", "FR"]) {
      expect(await verdict("off", from(country))).toMatchObject({
        visible: false,
        reason: "disabled",
        country,
      });
    }
    const mac = { "sec-ch-ua-platform": '"macOS"' };
    expect(await verdict("mac", { ...from("FR"), ...mac })).toEqual({
      visible: true,
      reason: null,
      country: "FR",
      tier: 2,
    });
    expect(await verdict("mac", from("US"))).toMatchObject({ visible: false, reason: "device_not_match" });
  });

  test("#66 local prices follow the IP country and nothing else", async () => {
    const local = async (headers: Record<string, string>) => (await read("app", headers)).prices[0]?.local;
    expect(await local({ ...from("FR"), "accept-language": "ja" })).toEqual({
      currency: "EUR",
      amount: 8.99,
    });
    expect(await local({ ...from("US"), "accept-language": "de-DE" })).toBeNull();
    expect(await local(from("CH")), "no row for francs").toBeNull();
    expect(await local(from("IN")), "a row for this country, in the base currency").toEqual({
      currency: "USD",
      amount: 4.99,
    });
    expect(await local({})).toBeNull();
  });

  test("the language is the country's, English where ours lacks it, and unknown where the country is", async () => {
    const language = async (headers = {}) => (await read("app", headers)).settings.locale_default;
    expect(await language(from("AT"))).toBe("de");
    expect(await language(from("LV"))).toBe("en");
    expect(await language()).toBeNull();
  });

  test("#194 an unmapped country is tier 3; an unresolved one has neither country nor tier", async () => {
    expect((await read("app", from("ZM"))).settings.visibility).toMatchObject({ country: "ZM", tier: 3 });
    expect((await read("app", from("XX"))).settings.visibility).toMatchObject({ country: null, tier: null });
  });

  test("headers about address and country are not believed from a stranger's socket", async () => {
    const init = {
      from: "192.0.2.9",
      headers: { "cf-ipcountry": "DE", "x-forwarded-for": "203.0.113.7, 84.0.0.1" },
    };
    const stranger = (await (await server.fetch(path(), init)).json()) as Bootstrap;
    expect(stranger.settings.visibility).toMatchObject({ country: null, tier: null });
    expect(stranger.prices[0]?.local).toBeNull();
    for (const name of ["forwarded", "x-real-ip", "x-client-ip", "true-client-ip"]) {
      expect((await read("app", { [name]: "84.0.0.1" })).settings.visibility?.country).toBeNull();
    }
  });

  test("#28 #29 the mirror serves the same payload and still names the primary host", async () => {
    const mirrored = await server.fetch(path(), { host: "edge.pay.acme.example" });
    const direct = await server.fetch(path(), { host: "pay.acme.example" });
    const body = (await mirrored.json()) as Bootstrap;
    expect(body).toEqual(await direct.json());
    expect(body.settings.custom_domain).toBe("pay.acme.example");
  });

  test("a paywall without a domain, or with one on localhost, leaves the clients' check off", async () => {
    expect((await read("tier1")).settings.custom_domain).toBeNull();
    const local = `tenants: [{ slug: loc, name: L, domains: [{ host: "localhost:4400", verified: true }], products: [{ sku: a, title: A }],
      paywalls: [{ key: app, product: a, domain: "localhost:4400", purchaseOptions: [{ key: m, interval: month, amount: 1 }] }] }]`;
    await applyYaml(server, local);
    const { num } = (await idsOf(server, "loc")).paywall("app");
    const { body } = await server.get<Bootstrap>(`/api/v1/paywall/${num}/bootstrap`);
    expect(body.settings.custom_domain).toBeNull();
  });
});

describe("offers", () => {
  const keys = (body: Bootstrap) => body.offers.map((it) => it.label ?? it.price_id);

  test("#67 an offer for a country or a person is absent for everybody else", async () => {
    expect(keys(await read("app", from("US")))).toEqual([]);
    expect(keys(await read("app", from("DE")))).toEqual(["Europe"]);
    const monthly = String(ids.option("monthly").num);
    expect(keys(await read("app", { ...from("DE"), "x-user-email": " Ann@Acme.example" }))).toEqual([
      monthly,
      "Europe",
    ]);
    expect(keys(await read("app", { "x-user-email": "bob@acme.example" }))).toEqual([]);
    const ann = await signedInCustomer(server, shop(), { email: "ann@acme.example" });
    expect(keys(await read("app", ann.headers))).toEqual([monthly]);
    const bob = await signedInCustomer(server, shop(), { email: "bob2@acme.example" });
    expect(
      keys(await read("app", { ...bob.headers, "x-user-email": "ann@acme.example" })),
      "the Bearer decides",
    ).toEqual([]);
  });

  test("an offer says what clients compute with", async () => {
    const { offers } = await read("app", { ...from("DE"), "x-user-email": "ann@acme.example" });
    expect(offers).toEqual([
      {
        id: ids.offer("ann").id,
        discount_percent: 50,
        expires_at: "2031-03-08T10:00:00.000Z",
        duration_minutes: null,
        price_id: String(ids.option("monthly").num),
        label: null,
      },
      {
        id: ids.offer("europe").id,
        discount_percent: 10,
        expires_at: null,
        duration_minutes: 60,
        price_id: null,
        label: "Europe",
      },
    ]);
  });

  test("an offer ends at its second, on the tenant's clock, also where it was cached", async () => {
    await using other = await startTestServer({ env: ENV });
    await applyYaml(other, FILE);
    const there = await idsOf(other, "acme");
    const offers = async () =>
      (
        await other.get<Bootstrap>(`/api/v1/paywall/${there.paywall("app").num}/bootstrap`, {
          "x-user-email": "ann@acme.example",
        })
      ).body.offers.length;
    expect(await offers()).toBe(1);
    const realNow = other.clock.now();
    const advance = (target: string) =>
      other.deps.db.transaction((tx) =>
        advanceTenantClock(tx, there.tenantId, { realNow, target: new Date(target) }),
      );
    await advance("2031-03-08T09:59:59.000Z");
    await newsHeard(other);
    expect(await offers()).toBe(1);
    other.clock.advance({ ms: 999 });
    expect(await offers()).toBe(1);
    other.clock.advance({ ms: 1 });
    expect(await offers()).toBe(0);
  });
});

describe("the user", () => {
  test("#71 nobody in particular gets the four-field empty user", async () => {
    expect((await read()).user).toEqual(emptyUser());
    expect(Object.keys((await read()).user ?? {})).toEqual([
      "has_active_subscription",
      "purchases",
      "trial",
      "had_previous_trial",
    ]);
  });

  test("#22 a Bearer that does not resolve is a guest, not an error", async () => {
    const guest = await read();
    for (const bearer of ["Bearer x", "Bearer a.b.c", "Basic x", "Bearer", `Bearer ${"x".repeat(30_000)}`]) {
      expect(await read("app", { authorization: bearer })).toEqual(guest);
    }
  });

  test("#71 X-User-Email fills the user from an address this person is known at, and tells others nothing", async () => {
    const email = "carl@acme.example";
    const { customer } = await signedInCustomer(server, shop(), { email });
    await server.deps.db.execute(sql`
      insert into entitlements (id, tenant_id, mode, customer_id, product_id, source_kind, source_id, state, valid_from_at, created_at, updated_at)
      values (${server.deps.ids.next("entitlement")}, ${ids.tenantId}, 'test', ${customer.id}, ${ids.paywall("app").productId}, 'grant', 'x', 'active',
        ${server.clock.now()}, ${server.clock.now()}, ${server.clock.now()})`);
    const userFrom = async (address: string, header = email) => {
      const response = await server.fetch(path(), { from: address, headers: { "x-user-email": header } });
      return ((await response.json()) as Bootstrap).user;
    };
    expect(await userFrom("198.51.100.4")).toEqual(emptyUser());
    await server.deps.db.transaction((tx) =>
      trustAddress(tx, server.deps, {
        tenantId: ids.tenantId,
        customerId: customer.id,
        address: "198.51.100.4",
        now: server.clock.now(),
      }),
    );
    expect((await userFrom("198.51.100.4"))?.has_active_subscription).toBe(true);
    expect(await userFrom("198.51.100.5")).toEqual(emptyUser());
    expect(await userFrom("198.51.100.4", "nobody@acme.example")).toEqual(emptyUser());
    expect(await userFrom("198.51.100.4", "x".repeat(30_000))).toEqual(emptyUser());

    const { version } = await read();
    const short = await server.fetch(path("app", `?if_version=${version}`), {
      from: "198.51.100.4",
      headers: { "x-user-email": email },
    });
    expect(await short.json()).toMatchObject({
      unchanged: true,
      version,
      user: { has_active_subscription: true },
    });
  });

  test("another tenant's session shows nothing here", async () => {
    await applyYaml(
      server,
      "tenants: [{ slug: other, name: O, products: [{ sku: a, title: A }], paywalls: [{ key: app, product: a, purchaseOptions: [{ key: m, interval: month, amount: 1 }] }] }]",
    );
    const other = await idsOf(server, "other");
    const { headers } = await signedInCustomer(server, {
      tenantId: other.tenantId,
      paywallId: other.paywall("app").id,
    });
    expect((await read("app", headers)).user).toEqual(emptyUser());
  });

  test("#12 answers for somebody are stored nowhere; those for guests in no shared cache", async () => {
    const policy = async (headers: Record<string, string>) =>
      (await server.get(path(), headers)).headers.get("cache-control");
    expect(await policy({})).toBe("private, no-cache");
    expect(await policy({ "x-user-email": "ann@acme.example" })).toBe("no-store");
    expect(await policy({ authorization: "Bearer x" })).toBe("no-store");
  });
});
