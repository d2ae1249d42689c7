import { verify } from "@node-rs/argon2";
import { type Bootstrap, bootstrap as bootstrapSchema } from "@tollgate/protocol/paywall-api/bootstrap";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticateOAuthClient, findOAuthClient, resolveApiKey } from "../src/domains/tenants/index.ts";
import { sql } from "../src/platform/database/index.ts";
import { startTestServer, type TestServer } from "../test/kit.ts";
import { newsHeard } from "../test/setup.ts";
import { type DemoFacts, demoFacts, seedDemo } from "./seed.ts";

const BASE_URL = "http://localhost:4559";
const MOVED = "http://localhost:4558";

let server: TestServer;
let facts: DemoFacts;
beforeAll(async () => {
  server = await startTestServer({
    env: { TOLLGATE_DEMO: "1", TOLLGATE_BASE_URL: BASE_URL, TOLLGATE_WEBHOOK_ALLOW: MOVED },
  });
  facts = await seedDemo(server.deps, { baseUrl: BASE_URL });
});
afterAll(() => server[Symbol.asyncDispose]());

const bootstrapOf = async (id: string) =>
  (await server.get<Bootstrap>(`/api/v1/paywall/${id}/bootstrap`)).body;

test("pages and a back end of the demonstration are clients of the login service", async () => {
  expect(facts.clientId).toBe("lumen-web");
  const client = await findOAuthClient(server.deps.db, "lumen-web");
  expect(client?.origins).toEqual([BASE_URL]);
  const { clientId, clientSecret } = facts.machine ?? { clientId: "", clientSecret: "" };
  expect(await authenticateOAuthClient(server.deps.db, clientId, clientSecret)).toMatchObject({
    kind: "machine",
  });
});

test("the app paywall sells a month, a year with a trial and a lifetime, in several currencies and languages", async () => {
  const body = await bootstrapOf(facts.paywalls.app.id);
  expect(bootstrapSchema.strict().parse(body)).toEqual(body);
  expect(facts.paywalls.app.prices).toEqual(body.prices.map(({ id, interval }) => ({ id, interval })));
  expect(body.prices.map((it) => [it.interval, it.trial_days])).toEqual([
    ["month", null],
    ["year", 7],
    ["lifetime", null],
  ]);
  const tags = "ar de es fr he hi it ja ko pl pt th tr uk zh";
  expect(
    Object.keys(body.locales ?? {})
      .sort()
      .join(" "),
  ).toBe(tags);
  expect(body.offers).toHaveLength(1);
  expect(body.settings).toMatchObject({ custom_domain: null, is_test_mode: true, allow_anonymous: true });
  expect(body.settings.auth_providers).toEqual(["google", "apple", "github"]);
  const types = body.layout?.blocks.map((it) => it.type);
  expect(types).toEqual(
    expect.arrayContaining([
      "heading",
      "features_list",
      "price_grid",
      "cta_button",
      "guarantee_badge",
      "current_session",
    ]),
  );
  const layouts = [body.layout, ...Object.values(body.locales ?? {}).map((it) => it.layout)];
  for (const layout of layouts) {
    expect(
      layout?.blocks.map((it) => it.type),
      "every language has the same blocks",
    ).toEqual(types);
    const grid = layout?.blocks.find((it) => it.type === "price_grid");
    expect(grid).toMatchObject({ popular_price_id: body.prices[1]?.id });
  }
});

test("the credits and news paywalls are there under the ids that the facts name", async () => {
  const credits = await bootstrapOf(facts.paywalls.credits.id);
  expect(credits.layout?.blocks.some((it) => it.type === "tokenization_gate")).toBe(true);
  const news = await bootstrapOf(facts.paywalls.news.id);
  expect(news.prices[0]?.currency).toBe("EUR");
  const option = await server.deps.db.one(sql`
    select s.sku, p.surface from purchase_options o join products s on s.id = o.product_id join paywalls p on p.id = o.paywall_id
    where o.id = ${facts.paywalls.news.purchaseOptionId}`);
  expect(option).toEqual({ sku: facts.paywalls.news.sku, surface: "publisher" });
});

test("the shown credentials are the ones that work", async () => {
  const now = server.clock.now();
  for (const [secret, kind] of [
    [facts.secretKey, "secret"],
    [facts.publishableKey, "publishable"],
  ] as const) {
    expect(await resolveApiKey(server.deps.db, secret, now)).toMatchObject({
      tenantId: facts.tenant.id,
      kind,
      mode: "test",
      active: true,
    });
  }
  const owner = await server.deps.db.one<{ hash: string; role: string }>(sql`
    select s.password_hash hash, m.role from staff_accounts s join memberships m on m.staff_id = s.id where s.email = ${facts.merchant.email}`);
  expect(owner.role).toBe("owner");
  expect(await verify(owner.hash, facts.merchant.password)).toBe(true);
  const endpoint = await server.deps.db.one<{ id: string; url: string; sealed: string }>(sql`
    select id, url, secret_sealed sealed from webhook_endpoints where tenant_id = ${facts.tenant.id}`);
  expect(endpoint.url).toBe(`${BASE_URL}/dev/webhooks`);
  expect(server.deps.keys.open(endpoint.sealed, `webhook-endpoint:${endpoint.id}`)).toBe(facts.webhookSecret);
});

test("both sandbox processors share the checkouts evenly", async () => {
  const shares = await server.deps.db.query(sql`
    select c.acquiring, x.weight from paywall_connections x join processor_connections c on c.id = x.connection_id
    join paywalls p on p.id = x.paywall_id where p.num = ${facts.paywalls.app.id} order by c.acquiring`);
  expect(shares).toEqual([
    { acquiring: "paddle", weight: 50 },
    { acquiring: "stripe", weight: 50 },
  ]);
});

test("a restart shows the same facts, follows a new port and undoes nothing", async () => {
  expect(await demoFacts(server.deps)).toEqual(facts);
  await server.deps.db.execute(
    sql`update paywalls set name = 'Renamed' where num = ${facts.paywalls.app.id}`,
  );
  const moved = await seedDemo(server.deps, { baseUrl: MOVED });
  const articles = facts.paywalls.news.articles.map((url) => url.replace(BASE_URL, MOVED));
  expect(articles).toHaveLength(13);
  const news = { ...facts.paywalls.news, articles };
  expect(moved).toEqual({ ...facts, baseUrl: MOVED, paywalls: { ...facts.paywalls, news } });
  expect(
    await server.deps.db.query(sql`
      select url, url_key, pass_url, pass_url_key, url_patterns, url_likes from products where sku = 'lantern-pass'`),
  ).toEqual([
    {
      url: `${MOVED}/storefronts/news`,
      url_key: "localhost:4558/storefronts/news",
      pass_url: `${MOVED}/storefronts/news`,
      pass_url_key: "localhost:4558/storefronts/news",
      url_patterns: [`${MOVED}/storefronts/news/*`],
      url_likes: ["localhost:4558/storefronts/news/%"],
    },
  ]);
  const { name, host } = await server.deps.db.one<{ name: string; host: string }>(sql`
    select p.name, d.host from paywalls p join domains d on d.id = p.domain_id where p.num = ${facts.paywalls.app.id}`);
  expect({ name, host }).toEqual({ name: "Renamed", host: "localhost:4558" });
  const providers = await server.deps.db.query<{ at: string; redirectUri: string }>(sql`
    select coalesce(p.options->>'issuer', p.options->>'baseUrl') at, a.redirect_uri "redirectUri"
    from auth_providers p join sandbox_identity_apps a using (provider, client_id) order by provider`);
  expect(providers).toEqual(
    ["apple", "github", "google"].map((provider) => ({
      at: `${MOVED}/sandbox/identity/${provider}`,
      redirectUri: `${MOVED}/paywall/v3/auth/provider/${provider}`,
    })),
  );
  await newsHeard(server);
});

test("another installation has other credentials", async () => {
  await using other = await startTestServer({
    env: { TOLLGATE_DEMO: "1", TOLLGATE_BASE_URL: BASE_URL },
    secret: "another-secret-another-secret-0001",
  });
  const theirs = await seedDemo(other.deps, { baseUrl: BASE_URL });
  for (const key of ["secretKey", "publishableKey", "webhookSecret"] as const)
    expect(theirs[key]).not.toBe(facts[key]);
  expect(theirs.merchant.password).not.toBe(facts.merchant.password);
});
