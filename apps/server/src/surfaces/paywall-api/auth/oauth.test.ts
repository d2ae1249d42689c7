import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../../test/identity.ts";
import type { TestServer } from "../../../../test/kit.ts";
import { buy, userState } from "../../../../test/selling.ts";
import { newsHeard } from "../../../../test/setup.ts";
import { createShop, type Shop } from "../../../../test/shop.ts";
import {
  challengeOf,
  failureOf,
  type SignedInBody,
  socialSteps,
  startWithProviders,
  useProvider,
  VERIFIER,
} from "../../../../test/social.ts";
import { findCustomerByEmail } from "../../../domains/identity/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { listMails } from "../../../platform/mail/index.ts";

let world: Awaited<ReturnType<typeof startWithProviders>>;
let server: TestServer;
let steps: ReturnType<typeof socialSteps>;
let shop: Shop;
const PROVIDERS = ["google", "apple", "github", "facebook"] as const;
beforeAll(async () => {
  world = await startWithProviders();
  server = world.server;
  steps = socialSteps(server);
  shop = await newShop();
});
afterAll(() => world.stop());

async function newShop(options: Parameters<typeof createShop>[1] = {}): Promise<Shop> {
  const made = await createShop(server, { settings: { allowAnonymous: true }, ...options });
  for (const provider of PROVIDERS) await useProvider(server, made, provider, world.origin);
  return made;
}
let people = 0;
/** Somebody new at the provider, with a confirmed address. */
const newcomer = (): { name: string; email: string; verified: string } => {
  people += 1;
  return { name: `Person ${people}`, email: `person${people}@mail.example`, verified: "1" };
};
const identitiesOf = async (uuid: string) =>
  server.deps.db.query<{ provider: string; subject: string }>(sql`
    select i.provider, i.subject from identities i join customers c on c.id = i.customer_id where c.uuid = ${uuid} order by i.provider`);
const me = (token: string) =>
  server.get<{ user: { id: string } }>(shop.api("user"), { authorization: `Bearer ${token}` });
const hasAccess = async (token: string): Promise<boolean> => {
  const { body } = await server.get<{ has_active_subscription: boolean }>(shop.api("user-state"), {
    authorization: `Bearer ${token}`,
  });
  return body.has_active_subscription;
};
const anonymously = async (at = shop) =>
  (await server.post<SignedInBody>(at.api("auth/anonymous/signin"), {})).body;

describe("starting", () => {
  test("#148 init accepts s256 and S256, needs no state, and answers an absolute URL of the provider", async () => {
    for (const method of ["s256", "S256"]) {
      const { status, body } = await steps.init(shop, "google", { body: { code_challenge_method: method } });
      expect(status).toBe(200);
      const url = new URL(body.authorize_url);
      expect(url.origin).toBe(world.origin);
      const asked = Object.fromEntries(url.searchParams);
      expect(asked).toMatchObject({
        response_type: "code",
        scope: "openid email profile",
        redirect_uri: "http://tollgate.test/paywall/v3/auth/provider/google",
        code_challenge_method: "S256",
        prompt: "select_account",
      });
      // What goes to the provider is ours; the client's challenge stays here.
      expect(asked.code_challenge).not.toBe(challengeOf(VERIFIER));
      expect(body.authorize_url).not.toContain(challengeOf(VERIFIER));
      expect(Buffer.from(asked.state ?? "", "base64url")).toHaveLength(32);
      expect(Buffer.from(asked.nonce ?? "", "base64url")).toHaveLength(32);
    }
  });

  test("#134 without a verified domain init gives 400 custom_domain_required", async () => {
    const bare = await newShop({ host: null });
    expect(await steps.init(bare, "google")).toMatchObject({
      status: 400,
      body: { code: "custom_domain_required" },
    });
  });

  test("a provider that is unknown, not set up or left out of the paywall's list gives 400 provider_not_supported", async () => {
    const refused = { status: 400, body: { code: "provider_not_supported" } };
    const some = await createShop(server, { settings: { authProviders: ["google"] } });
    await useProvider(server, some, "github", world.origin);
    for (const provider of ["google", "github", "myspace", "__proto__", ""]) {
      expect(await steps.init(some, provider), provider).toMatchObject(refused);
    }
    await useProvider(server, some, "google", world.origin);
    expect((await steps.init(some, "google")).status).toBe(200);
    await server.deps.db.execute(
      sql`update auth_providers set state = 'disabled' where tenant_id = ${some.tenantId}`,
    );
    expect(await steps.init(some, "google")).toMatchObject(refused);
  });

  test("a body without a usable challenge gives 400, and scopes are asked of the provider as they are named", async () => {
    const bad: Record<string, unknown>[] = [
      { code_challenge: undefined },
      { code_challenge: "short" },
      { code_challenge: `${challengeOf(VERIFIER)}=` },
      { code_challenge_method: "plain" },
      { code_challenge_method: undefined },
      { provider: 7 },
      { scopes: ["with space"] },
      { scopes: 'a"b' },
    ];
    for (const body of bad)
      expect((await steps.init(shop, "google", { body })).status, JSON.stringify(body)).toBe(400);
    for (const scopes of ["calendar email", ["calendar", "email"]]) {
      const { body } = await steps.init(shop, "google", { body: { scopes } });
      expect(new URL(body.authorize_url).searchParams.get("scope")).toBe("openid email profile calendar");
    }
  });

  test("bootstrap lists only providers that are set up, in the paywall's order, in settings and in blocks", async () => {
    const listed = await createShop(server, { settings: { authProviders: ["apple", "google", "github"] } });
    const read = async () => {
      await server.deps.db.transaction(async (tx) => {
        const { recordPaywallChanged } = await import("../../../domains/paywalls/index.ts");
        await recordPaywallChanged(tx, server.deps, {
          tenantId: listed.tenantId,
          paywallId: listed.paywallId,
          now: server.clock.now(),
        });
      });
      await newsHeard(server);
      const { body } = await server.get<{
        settings: { auth_providers?: string[] };
        layout?: { blocks: unknown[] };
      }>(listed.api("bootstrap"));
      return body;
    };
    expect("auth_providers" in (await read()).settings).toBe(false);
    await useProvider(server, listed, "github", world.origin);
    await useProvider(server, listed, "apple", world.origin);
    await useProvider(server, listed, "facebook", world.origin);
    await server.deps.db.execute(sql`
      update paywall_versions set body = ${JSON.stringify({ layout: { type: "modal", blocks: [{ type: "auth_panel", providers: ["google", "github", "facebook"] }] } })}
      where paywall_id = ${listed.paywallId}`);
    const { settings, layout } = await read();
    expect(settings.auth_providers).toEqual(["apple", "github"]);
    expect(layout?.blocks).toEqual([{ type: "auth_panel", providers: ["github"] }]);
  });

  test("#152 a flow started through the mirror returns to the mirror's callback path, and no other host is believed", async () => {
    const mirrored = await newShop({ host: "pay.mirrored-oauth.example" });
    const backTo = async (host: string) => {
      const started = await server.fetch(mirrored.api("auth/oauth/init"), {
        method: "POST",
        host,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          provider: "google",
          code_challenge: challengeOf(VERIFIER),
          code_challenge_method: "s256",
        }),
      });
      const { authorize_url } = (await started.json()) as { authorize_url: string };
      const back = await steps.comeBack(await steps.choose(authorize_url, { person: "ana" }));
      return back.origin + back.pathname;
    };
    const path = "/paywall/v3/auth/callback";
    expect(await backTo("pay.mirrored-oauth.example")).toBe(`https://pay.mirrored-oauth.example${path}`);
    expect(await backTo("edge.pay.mirrored-oauth.example")).toBe(
      `https://edge.pay.mirrored-oauth.example${path}`,
    );
    expect(await backTo("evil.example")).toBe(`https://pay.mirrored-oauth.example${path}`);
    expect(await backTo("edge.evil.example")).toBe(`https://pay.mirrored-oauth.example${path}`);
  });
});

describe("signing in", () => {
  test.each(PROVIDERS)("%s: a person comes back as themselves, with name and user id", async (provider) => {
    const person = newcomer();
    const { status, body } = await steps.signIn(shop, provider, person);
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ name: person.name, is_anonymous: false });
    // Facebook does not say whether an address was ever proven, so it counts for nothing.
    expect(body.user.email).toBe(provider === "facebook" ? null : person.email);
    expect((await me(body.access_token)).body.user.id).toBe(body.user.id);
    const again = await steps.signIn(shop, provider, person);
    expect(again.body.user.id).toBe(body.user.id);
    expect((await identitiesOf(body.user.id)).map((it) => it.provider)).toEqual([provider]);
    const refreshed = await server.post(shop.api("auth/refresh"), { refresh_token: body.refresh_token });
    expect(refreshed.status).toBe(200);
  });

  test("one confirmed address is one customer, whichever provider confirms it, and events tell of it once", async () => {
    const person = newcomer();
    const ids = new Set<string>();
    for (const provider of ["google", "apple", "github"] as const) {
      ids.add((await steps.signIn(shop, provider, person)).body.user.id);
    }
    expect(ids.size).toBe(1);
    const customer = await findCustomerByEmail(server.deps.db, shop.tenantId, person.email);
    expect(customer?.emailVerifiedAt).not.toBeNull();
    const types = await server.deps.db.query<{ type: string }>(sql`
      select type from events where object_id = ${customer!.id} order by id`);
    expect(types.map((it) => it.type)).toEqual(["customer.created", "customer.updated"]);
  });

  test("Apple tells a name only the first time, and it stays; a name is kept from the first provider that has one", async () => {
    const person = newcomer();
    expect((await steps.signIn(shop, "apple", person)).body.user.name).toBe(person.name);
    const renamed = { ...person, name: "Somebody Else" };
    expect((await steps.signIn(shop, "apple", renamed)).body.user.name).toBe(person.name);
    expect((await steps.signIn(shop, "google", renamed)).body.user.name).toBe(person.name);
  });

  test("somebody who keeps the address private gets an account without one, and it is theirs again next time", async () => {
    const first = await steps.signIn(shop, "apple", { person: "cleo" });
    expect(first.body.user).toMatchObject({ email: null, is_anonymous: false });
    expect((await steps.signIn(shop, "apple", { person: "cleo" })).body.user.id).toBe(first.body.user.id);
    // They can buy, too: the processor asks for an address where it needs one.
    await buy(server, shop, { headers: { authorization: `Bearer ${first.body.access_token}` } });
    await server.settle();
    expect(await hasAccess(first.body.access_token)).toBe(true);
  });

  test("an address that is confirmed later is taken up, unless somebody has it", async () => {
    const [person, other] = [newcomer(), newcomer()];
    const first = await steps.signIn(shop, "google", { ...person, verified: "0" });
    expect(first.body.user.email).toBeNull();
    expect((await steps.signIn(shop, "google", person)).body.user).toMatchObject({
      id: first.body.user.id,
      email: person.email,
    });
    const stranger = await steps.signIn(shop, "google", { ...other, verified: "0" });
    await signedInCustomer(server, shop, { email: other.email });
    expect((await steps.signIn(shop, "google", other)).body.user).toMatchObject({
      id: stranger.body.user.id,
      email: null,
    });
  });

  test("#141 a sign-in carrying visitor_id attaches guest purchases made under that id, and keeps user_meta", async () => {
    const person = newcomer();
    const visitorId = "visitor-social-0123456789";
    await buy(server, shop, { email: "paid-as-guest@example.com", body: { visitorId } });
    const { body } = await steps.signIn(shop, "google", person, {
      exchange: { visitor_id: visitorId, user_meta: { plan: "team" } },
    });
    const state = await server.get<{ has_active_subscription: boolean }>(shop.api("user-state"), {
      authorization: `Bearer ${body.access_token}`,
    });
    expect(state.body.has_active_subscription).toBe(true);
    const meta = await server.deps.db.one<{ userMeta: unknown }>(sql`
      select l.user_meta "userMeta" from paywall_links l join customers c on c.id = l.customer_id where c.uuid = ${body.user.id}`);
    expect(meta.userMeta).toEqual({ plan: "team" });
    const long = await steps.exchange(shop, "any", { body: { user_meta: { a: "x".repeat(101) } } });
    expect(long).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
  });

  test("whoever has had the address for longer hears of a new way into the account, once", async () => {
    const person = newcomer();
    const mails = async () =>
      (await listMails(server.deps.db, { to: person.email, limit: 10 })).map((it) => it.subject);
    await steps.signIn(shop, "google", person);
    expect(await mails()).toEqual([]);
    server.clock.advance({ minutes: 1 });
    await steps.signIn(shop, "github", person);
    await steps.signIn(shop, "github", person);
    await steps.signIn(shop, "google", person);
    expect(await mails()).toEqual([expect.stringMatching(/^GitHub can now sign you in to Shop/)]);
  });

  test("two first sign-ins of one person at once make one customer", async () => {
    const person = { ...newcomer(), verified: "0" };
    const codes = await Promise.all(
      [1, 2, 3, 4].map(async () => (await steps.callback(shop, "github", person)).searchParams.get("code")),
    );
    const answers = await Promise.all(codes.map((code) => steps.exchange(shop, code)));
    expect(answers.map((it) => it.status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map((it) => it.body.user.id)).size).toBe(1);
  });
});

describe("linking", () => {
  test("#149 with a Bearer the user id stays; a guest becomes permanent and keeps what this device bought", async () => {
    const guest = await anonymously();
    const visitorId = "visitor-of-a-guest-012345";
    await buy(server, shop, { email: "guest-pays@example.com", body: { visitorId } });
    const person = newcomer();
    const linked = await steps.signIn(shop, "google", person, {
      headers: { authorization: `Bearer ${guest.access_token}` },
      exchange: { visitor_id: visitorId },
    });
    expect(linked.status).toBe(200);
    expect(linked.body.user).toMatchObject({ id: guest.user.id, email: person.email, is_anonymous: false });
    expect(await hasAccess(linked.body.access_token)).toBe(true);
    expect((await steps.signIn(shop, "google", person)).body.user.id).toBe(guest.user.id);
    // The session that asked for it goes on, as that of the same person.
    expect(await hasAccess(guest.access_token)).toBe(true);
  });

  test("a customer with another address keeps it, and can sign in with the provider from then on", async () => {
    const reader = await signedInCustomer(server, shop);
    const person = newcomer();
    const linked = await steps.signIn(shop, "github", person, { headers: reader.headers });
    expect(linked.body.user).toMatchObject({ id: reader.userId, email: reader.email });
    expect((await steps.signIn(shop, "github", person)).body.user.id).toBe(reader.userId);
    expect(await findCustomerByEmail(server.deps.db, shop.tenantId, person.email)).toBeNull();
  });

  test("a guest without a confirmed address at the provider becomes permanent without one", async () => {
    const guest = await anonymously();
    const linked = await steps.signIn(shop, "facebook", newcomer(), {
      headers: { authorization: `Bearer ${guest.access_token}` },
    });
    expect(linked.body.user).toMatchObject({ id: guest.user.id, email: null, is_anonymous: false });
  });

  test("#150 an identity owned by another account comes back as identity_already_exists, and nothing is linked", async () => {
    const person = newcomer();
    const owner = await steps.signIn(shop, "google", person);
    const guest = await anonymously();
    const bearer = { authorization: `Bearer ${guest.access_token}` };
    const back = await steps.callback(shop, "google", person, { headers: bearer });
    expect(back.searchParams.has("code")).toBe(false);
    expect(failureOf(back)).toMatchObject({ error: "server_error", error_code: "identity_already_exists" });
    // The same address through another provider is the same account.
    expect(failureOf(await steps.callback(shop, "github", person, { headers: bearer })).error_code).toBe(
      "identity_already_exists",
    );
    expect((await identitiesOf(guest.user.id)).map((it) => it.provider)).toEqual(["anonymous"]);
    // What a client then offers: the same flow without the Bearer.
    expect((await steps.signIn(shop, "google", person)).body.user.id).toBe(owner.body.user.id);
  });

  test("two who link one identity at once: one gets it, the other 422 identity_already_exists", async () => {
    const person = newcomer();
    const guests = [await anonymously(), await anonymously()];
    const backs = await Promise.all(
      guests.map((it) =>
        steps.callback(shop, "google", person, { headers: { authorization: `Bearer ${it.access_token}` } }),
      ),
    );
    const answers = await Promise.all(backs.map((it) => steps.exchange(shop, it.searchParams.get("code"))));
    expect(answers.map((it) => it.status).sort()).toEqual([200, 422]);
    expect(answers.find((it) => it.status === 422)?.body.code).toBe("identity_already_exists");
  });

  test("an invalid Bearer is ignored: plain sign-in", async () => {
    const person = newcomer();
    const { status, body } = await steps.signIn(shop, "google", person, {
      headers: { authorization: "Bearer nonsense" },
    });
    expect(status).toBe(200);
    expect(body.user.email).toBe(person.email);
  });

  test("a link that was asked for in a session that has ended since is refused, and links nothing", async () => {
    const reader = await signedInCustomer(server, shop);
    const person = newcomer();
    const back = await steps.callback(shop, "google", person, { headers: reader.headers });
    await server.post(shop.api("auth/signout"), {}, reader.headers);
    expect(await steps.exchange(shop, back.searchParams.get("code"))).toMatchObject({
      status: 401,
      body: { code: "exchange_failed" },
    });
    expect(await identitiesOf(reader.userId)).toEqual([]);
  });
});

describe("the code", () => {
  const refused = { status: 401, body: { code: "exchange_failed" } };

  test("#151 a wrong, used or expired code and a wrong verifier give 401 exchange_failed", async () => {
    expect(await steps.exchange(shop, "no-such-code")).toMatchObject(refused);
    const code = (await steps.callback(shop, "google", newcomer())).searchParams.get("code");
    expect(await steps.exchange(shop, code, { verifier: `${VERIFIER}x` })).toMatchObject(refused);
    // Whoever saw the address could neither use the code nor spoil it.
    expect((await steps.exchange(shop, code)).status).toBe(200);
    server.clock.advance({ seconds: 61 });
    expect(await steps.exchange(shop, code)).toMatchObject(refused);

    const late = (await steps.callback(shop, "google", newcomer())).searchParams.get("code");
    server.clock.advance({ minutes: 10 });
    expect(await steps.exchange(shop, late)).toMatchObject(refused);
    const intime = (await steps.callback(shop, "google", newcomer())).searchParams.get("code");
    server.clock.advance({ minutes: 9, seconds: 59 });
    expect((await steps.exchange(shop, intime)).status).toBe(200);
  });

  test("#33 repeating a successful exchange within 60 s returns the same session, also at the same moment", async () => {
    const code = (await steps.callback(shop, "google", newcomer())).searchParams.get("code");
    const [first, mirrored] = await Promise.all([steps.exchange(shop, code), steps.exchange(shop, code)]);
    expect(first.status).toBe(200);
    expect(mirrored.body).toEqual(first.body);
    server.clock.advance({ seconds: 50 });
    expect((await steps.exchange(shop, code)).body).toEqual(first.body);
    expect(await steps.exchange(shop, code, { verifier: "another" })).toMatchObject(refused);
  });

  test("a code of another paywall or tenant gives 401 there and still works where it belongs", async () => {
    const elsewhere = await newShop();
    const code = (await steps.callback(shop, "google", newcomer())).searchParams.get("code");
    expect(await steps.exchange(elsewhere, code)).toMatchObject(refused);
    const sibling = await server.deps.db.one<{ num: number }>(sql`
      insert into paywalls (id, tenant_id, key, default_product_id, domain_id)
      select ${server.deps.ids.next("paywall")}, tenant_id, 'second', default_product_id, domain_id from paywalls
      where id = ${shop.paywallId} returning num`);
    const second = { ...shop, api: (path: string) => `/api/v1/paywall/${sibling.num}/${path}` };
    expect(await steps.exchange(second, code)).toMatchObject(refused);
    expect((await steps.exchange(shop, code)).status).toBe(200);
  });

  test("neither codes nor states nor secrets nor what a provider said can be read in the database", async () => {
    const person = newcomer();
    const started = await steps.init(shop, "google");
    const state = new URL(started.body.authorize_url).searchParams.get("state")!;
    const nonce = new URL(started.body.authorize_url).searchParams.get("nonce")!;
    const back = await steps.comeBack(await steps.choose(started.body.authorize_url, person));
    const rows = JSON.stringify([
      await server.deps.db.query(sql`select f::text from oauth_flows f`),
      await server.deps.db.query(sql`select p::text from auth_providers p`),
    ]);
    const { secret } = await useProvider(server, shop, "google", world.origin);
    for (const word of [state, nonce, back.searchParams.get("code")!, person.email, secret])
      expect(rows).not.toContain(word);
    expect(rows).toContain(challengeOf(VERIFIER));
  });

  test("what is over is forgotten after a day", async () => {
    await steps.callback(shop, "google", newcomer());
    server.clock.advance({ days: 2 });
    await server.settle();
    expect(await server.deps.db.query(sql`select id from oauth_flows`)).toEqual([]);
  });
});

test("the user state of somebody who signed in is that of the address that the provider confirmed", async () => {
  const person = newcomer();
  await buy(server, shop, { email: person.email });
  const { body } = await steps.signIn(shop, "google", person);
  const state = await server.get<{ has_active_subscription: boolean }>(shop.api("user-state"), {
    authorization: `Bearer ${body.access_token}`,
  });
  expect(state.body.has_active_subscription).toBe(true);
  expect((await userState(server, shop, person.email)).body.has_active_subscription).toBe(true);
});
