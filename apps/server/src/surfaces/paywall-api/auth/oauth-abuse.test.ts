import { Hono } from "hono";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailedCode, signedInCustomer } from "../../../../test/identity.ts";
import type { TestServer } from "../../../../test/kit.ts";
import { buy } from "../../../../test/selling.ts";
import { createShop, type Shop } from "../../../../test/shop.ts";
import {
  failureOf,
  type SignedInBody,
  socialSteps,
  startCompany,
  startWithProviders,
  useProvider,
} from "../../../../test/social.ts";
import { findCustomerByEmail, saveProviderCredentials } from "../../../domains/identity/index.ts";
import type { AppEnv } from "../../../http/context.ts";

let world: Awaited<ReturnType<typeof startWithProviders>>;
let liar: Awaited<ReturnType<typeof startLiar>>;
let server: TestServer;
let steps: ReturnType<typeof socialSteps>;
let shop: Shop;
/** A paywall that signs people in at once, as a merchant may choose. */
let trusting: Shop;
beforeAll(async () => {
  liar = await startLiar();
  world = await startWithProviders({ allow: [liar.origin] });
  server = world.server;
  steps = socialSteps(server);
  shop = await createShop(server, { settings: { allowAnonymous: true } });
  trusting = await createShop(server, { settings: { allowAnonymous: true, confirmEmail: false } });
  for (const it of [shop, trusting])
    for (const provider of ["google", "apple", "github", "facebook"] as const)
      await useProvider(server, it, provider, world.origin);
});
afterAll(async () => {
  await world.stop();
  await liar.stop();
});

/** A provider that says whatever a test wants, signed with whatever key. */
async function startLiar() {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const other = await generateKeyPair("ES256");
  let says: (honest: JWTPayload) => JWTPayload = (it) => it;
  let wrongKey = false;
  let status = 200;
  const nonces = new Map<string, string>();
  const company = await startCompany(new Hono<AppEnv>());
  const jwk: JWK = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256", use: "sig" };
  company.app.get("/.well-known/openid-configuration", (c) =>
    c.json({
      issuer: company.origin,
      authorization_endpoint: `${company.origin}/authorize`,
      token_endpoint: `${company.origin}/token`,
      jwks_uri: `${company.origin}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
      authorization_response_iss_parameter_supported: true,
    }),
  );
  company.app.get("/jwks", (c) => c.json({ keys: [jwk] }));
  company.app.post("/token", async (c) => {
    if (status !== 200) return c.json({ error: "invalid_request" }, status as 500);
    const form = new URLSearchParams(await c.req.text());
    const seconds = Math.floor(server.clock.now().getTime() / 1000);
    const honest = {
      iss: company.origin,
      aud: "victim-app",
      sub: "someone",
      email: "someone@mail.example",
      email_verified: true,
      nonce: nonces.get(form.get("code") ?? ""),
      iat: seconds,
      exp: seconds + 300,
    };
    const idToken = await new SignJWT(says(honest))
      .setProtectedHeader({ alg: "ES256", kid: "k1" })
      .sign(wrongKey ? other.privateKey : pair.privateKey);
    return c.json({ access_token: "at", token_type: "bearer", id_token: idToken });
  });
  return {
    ...company,
    nonces,
    behave(next: { says?: typeof says; wrongKey?: boolean; status?: number } = {}) {
      says = next.says ?? ((it) => it);
      wrongKey = next.wrongKey ?? false;
      status = next.status ?? 200;
    },
  };
}

async function shopOfLiar(issuer = liar.origin): Promise<Shop> {
  const made = await createShop(server);
  await server.deps.db.transaction((tx) =>
    saveProviderCredentials(tx, server.deps, {
      tenantId: made.tenantId,
      provider: "google",
      clientId: "victim-app",
      secret: "a secret",
      options: { issuer },
      state: "active",
      now: server.clock.now(),
    }),
  );
  return made;
}

let people = 0;
const someone = (verified: "0" | "1" = "1") => {
  people += 1;
  return { name: `Person ${people}`, email: `abuse${people}@mail.example`, verified };
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const isAlive = async (at: Shop, token: string) =>
  (await server.get(at.api("user-state"), bearer(token))).status === 200;

describe("an address that the provider has not confirmed", () => {
  test.each(["google", "apple", "github", "facebook"])(
    "%s: opens nobody's account, and waits for nobody",
    async (provider) => {
      const person = someone("0");
      const owner = await signedInCustomer(server, shop, { email: person.email });
      await buy(server, shop, { email: person.email, headers: owner.headers });
      const intruder = await steps.signIn(shop, provider, person);
      expect(intruder.body.user.id).not.toBe(owner.userId);
      expect(intruder.body.user.email).toBeNull();
      const state = await server.get<{ has_active_subscription: boolean }>(
        shop.api("user-state"),
        bearer(intruder.body.access_token),
      );
      expect(state.body.has_active_subscription).toBe(false);

      // Before anybody has the address: nothing is kept for whoever comes to have it.
      const early = someone("0");
      const squatter = await steps.signIn(shop, provider, early);
      expect(await findCustomerByEmail(server.deps.db, shop.tenantId, early.email)).toBeNull();
      const code = await mailedCode(server, shop, early.email);
      const real = await server.post<SignedInBody>(shop.api("auth/otp/verify"), {
        email: early.email,
        token: code,
        type: "email",
      });
      expect(real.body.user.id).not.toBe(squatter.body.user.id);
    },
  );

  test("a guest who links such an identity gets no address, and the account of that address is not touched", async () => {
    const person = someone("0");
    const owner = await signedInCustomer(server, shop, { email: person.email });
    const guest = (await server.post<SignedInBody>(shop.api("auth/anonymous/signin"), {})).body;
    const linked = await steps.signIn(shop, "github", person, { headers: bearer(guest.access_token) });
    expect(linked.body.user).toMatchObject({ id: guest.user.id, email: null });
    expect((await findCustomerByEmail(server.deps.db, shop.tenantId, person.email))?.uuid).toBe(owner.userId);
  });

  test("the address on a GitHub profile counts for nothing, and neither does one that came through the browser from Apple", async () => {
    const victim = await signedInCustomer(server, shop, { email: "victim-of-names@example.com" });
    // GitHub's profile says `email` for an unconfirmed one, too; only the list of confirmed ones is asked.
    const viaGithub = await steps.signIn(shop, "github", { name: "X", email: victim.email!, verified: "0" });
    expect(viaGithub.body.user.id).not.toBe(victim.userId);
    const started = await steps.init(shop, "apple");
    const back = await steps.choose(started.body.authorize_url, { person: "cleo" });
    const form = new URLSearchParams(back.body);
    form.set("user", JSON.stringify({ name: { firstName: "<b>Eve</b>" }, email: victim.email }));
    form.set("email", victim.email!);
    const callback = await steps.comeBack({ url: back.url, body: form.toString() });
    const { body } = await steps.exchange(shop, callback.searchParams.get("code"));
    expect(body.user.id).not.toBe(victim.userId);
    expect(body.user.email).toBeNull();
  });
});

describe("somebody who was there first", () => {
  test("a password and a social sign-in that were set up without proof end when the owner signs in with a provider", async () => {
    const victim = someone();
    // The attacker registers the victim's address and adds an identity of their own to it.
    const squat = await server.post<SignedInBody>(trusting.api("auth/email/signup"), {
      email: victim.email,
      password: "attackers password",
    });
    expect(squat.status).toBe(200);
    const attacker = someone();
    const linked = await steps.signIn(trusting, "github", attacker, {
      headers: bearer(squat.body.access_token),
    });
    expect(linked.body.user.id).toBe(squat.body.user.id);
    const waiting = await steps.callback(trusting, "facebook", someone(), {
      headers: bearer(squat.body.access_token),
    });

    const owner = await steps.signIn(trusting, "google", victim);
    expect(owner.body.user).toMatchObject({ id: squat.body.user.id, email: victim.email });
    expect(await isAlive(trusting, squat.body.access_token)).toBe(false);
    expect(await isAlive(trusting, linked.body.access_token)).toBe(false);
    expect(await isAlive(trusting, owner.body.access_token)).toBe(true);
    const password = await server.post(trusting.api("auth/email/signin"), {
      email: victim.email,
      password: "attackers password",
    });
    expect(password.status).toBe(401);
    expect((await steps.signIn(trusting, "github", attacker)).body.user.id).not.toBe(owner.body.user.id);
    // Nor does a link that was begun before and is finished now.
    expect((await steps.exchange(trusting, waiting.searchParams.get("code"))).status).toBe(401);
  });

  test("the same ends when the owner proves the address with a mailed code", async () => {
    const victim = someone();
    const squat = await server.post<SignedInBody>(trusting.api("auth/email/signup"), {
      email: victim.email,
      password: "attackers password",
    });
    const attacker = someone();
    await steps.signIn(trusting, "google", attacker, { headers: bearer(squat.body.access_token) });
    const code = await mailedCode(server, trusting, victim.email);
    const owner = await server.post<SignedInBody>(trusting.api("auth/otp/verify"), {
      email: victim.email,
      token: code,
      type: "email",
    });
    expect(owner.body.user.id).toBe(squat.body.user.id);
    expect((await steps.signIn(trusting, "google", attacker)).body.user.id).not.toBe(owner.body.user.id);
  });
});

describe("what comes back from a provider", () => {
  const refused = async (url: URL) => {
    expect(url.searchParams.has("code")).toBe(false);
    return failureOf(url).error_code;
  };
  const at = (provider: string, params: Record<string, string>) =>
    `http://tollgate.test/paywall/v3/auth/provider/${provider}?${new URLSearchParams(params)}`;

  test("a forged, missing or repeated state leads to an error page on our own host, and signs nobody in", async () => {
    for (const params of [{ code: "x" }, { code: "x", state: "" }, { code: "x", state: "forged" }]) {
      const back = await steps.comeBack({ url: at("google", params as Record<string, string>) });
      expect(back.origin).toBe("http://tollgate.test");
      expect(await refused(back)).toBe("flow_expired");
    }
    const started = await steps.init(shop, "google");
    const answer = await steps.choose(started.body.authorize_url, someone());
    const [first, second] = await Promise.all([steps.comeBack(answer), steps.comeBack(answer)]);
    const codes = [first, second].map((it) => it.searchParams.get("code")).filter(Boolean);
    expect(codes).toHaveLength(1);
    expect(await refused(await steps.comeBack(answer))).toBe("flow_expired");
  });

  test("an answer that comes after ten minutes is refused", async () => {
    const started = await steps.init(shop, "google");
    server.clock.advance({ minutes: 10 });
    const answer = await steps.choose(started.body.authorize_url, someone());
    expect(await refused(await steps.comeBack(answer))).toBe("flow_expired");
  });

  test("a state of one provider is no state of another, and another issuer's answer is refused", async () => {
    const started = await steps.init(shop, "google");
    const answer = new URL((await steps.choose(started.body.authorize_url, someone())).url);
    const params = Object.fromEntries(answer.searchParams);
    expect(await refused(await steps.comeBack({ url: at("github", params) }))).toBe("flow_expired");
    expect(await refused(await steps.comeBack({ url: at("apple", params) }))).toBe("flow_expired");
    const mixed = { ...params, iss: "https://evil.example" };
    expect(await refused(await steps.comeBack({ url: at("google", mixed) }))).toBe("provider_refused");
    const { iss: _, ...without } = params;
    const again = await steps.init(shop, "google");
    const other = new URL((await steps.choose(again.body.authorize_url, someone())).url).searchParams;
    const silent = { ...without, state: other.get("state")!, code: other.get("code")! };
    expect(await refused(await steps.comeBack({ url: at("google", silent) }))).toBe("provider_refused");
  });

  test.each(["google", "apple", "github", "facebook"])(
    "%s: a code that was stolen from one sign-in is of no use in another",
    async (provider) => {
      const [victims, attackers] = [await steps.init(shop, provider), await steps.init(shop, provider)];
      const stolen = await steps.choose(victims.body.authorize_url, someone());
      const own = await steps.choose(attackers.body.authorize_url, someone());
      const codeOf = (it: { url: string; body?: string }) =>
        new URLSearchParams(it.body ?? new URL(it.url).search).get("code")!;
      const swap = (text: string) => text.replace(codeOf(own), codeOf(stolen));
      const back = await steps.comeBack({ url: swap(own.url), body: own.body && swap(own.body) });
      expect(await refused(back)).toBe("provider_refused");
    },
  );

  test("an ID token with another nonce, audience, issuer, key or age is refused; the honest one is taken", async () => {
    const naive = await shopOfLiar();
    const attempt = async () => {
      const { body } = await steps.init(naive, "google");
      const asked = new URL(body.authorize_url).searchParams;
      const code = `code-${liar.nonces.size}`;
      liar.nonces.set(code, asked.get("nonce")!);
      return steps.comeBack({ url: at("google", { code, state: asked.get("state")!, iss: liar.origin }) });
    };
    const lies: Parameters<typeof liar.behave>[0][] = [
      { says: (it) => ({ ...it, nonce: "another" }) },
      { says: ({ nonce: _, ...it }) => it },
      { says: (it) => ({ ...it, aud: "another-app" }) },
      { says: (it) => ({ ...it, iss: "https://accounts.google.com" }) },
      { says: (it) => ({ ...it, exp: (it.iat ?? 0) - 3600 }) },
      { says: ({ sub: _, ...it }) => it },
      { says: (it) => ({ ...it, sub: " " }) },
      { wrongKey: true },
      { status: 400 },
    ];
    for (const lie of lies) {
      liar.behave(lie);
      expect(await refused(await attempt()), JSON.stringify(lie)).toBe("provider_refused");
    }
    liar.behave({ status: 503 });
    expect(await refused(await attempt())).toBe("provider_unavailable");
    liar.behave();
    const back = await attempt();
    expect((await steps.exchange(naive, back.searchParams.get("code"))).body.user.email).toBe(
      "someone@mail.example",
    );
  });

  test("a refusal becomes a fixed sentence: neither a provider's words nor an address's reach the page", async () => {
    const started = await steps.init(shop, "google");
    const state = new URL(started.body.authorize_url).searchParams.get("state")!;
    const words = {
      error: "<script>",
      error_description: "Call +1 555 now",
      error_uri: "https://evil.example",
      state,
    };
    const back = await steps.comeBack({ url: at("google", words) });
    expect(back.href).not.toMatch(/<|%3C|555|evil/i);
    expect(failureOf(back)).toEqual({
      error: "server_error",
      error_code: "provider_refused",
      error_description: "The provider did not confirm the sign-in",
    });
    for (const provider of ["google", "apple", "github", "facebook"]) {
      const { body } = await steps.init(shop, provider);
      const denied = await steps.comeBack(await steps.choose(body.authorize_url, { deny: "1" }));
      expect(failureOf(denied)).toMatchObject({ error: "access_denied", error_code: "access_denied" });
    }
  });

  test("nothing in an address decides where the browser goes", async () => {
    const started = await steps.init(shop, "google", {
      body: { redirect_to: "https://evil.example", redirectTo: "https://evil.example" },
    });
    const answer = await steps.choose(started.body.authorize_url, someone());
    const url = `${answer.url}&redirect_uri=https://evil.example&redirect_to=https://evil.example&next=//evil.example`;
    const back = await steps.comeBack({ url });
    expect(back.host).toMatch(/^pay\d+\.example\.com$/);
    expect(back.pathname).toBe("/paywall/v3/auth/callback");
  });

  test("only the four providers have an address, only Apple's takes a form, and a huge form is refused", async () => {
    for (const provider of ["myspace", "constructor", ""]) {
      expect((await server.fetch(`/paywall/v3/auth/provider/${provider}?state=x`)).status).toBe(404);
    }
    expect(
      (await server.fetch("/paywall/v3/auth/provider/google", { method: "POST", body: "state=x" })).status,
    ).toBe(404);
    const huge = await server.fetch("/paywall/v3/auth/provider/apple", {
      method: "POST",
      body: "x".repeat(70_000),
    });
    expect(huge.status).toBe(413);
  });
});

describe("our own requests", () => {
  test("a provider at a private address that the operator did not name is never reached", async () => {
    let reached = 0;
    const inside = await startCompany(
      new Hono<AppEnv>().all("*", (c) => {
        reached += 1;
        return c.json({});
      }),
    );
    const tricked = await shopOfLiar(inside.origin);
    expect(await steps.init(tricked, "google")).toMatchObject({ status: 502, body: { code: "upstream" } });
    const named = await shopOfLiar("https://127.0.0.1");
    expect((await steps.init(named, "google")).status).toBe(502);
    expect(reached).toBe(0);
    await inside.stop();
  });

  test("a provider whose issuer is not who it says, or that does not answer, gives 502 upstream", async () => {
    const poser = new Hono<AppEnv>();
    const company = await startCompany(poser);
    poser.get("/.well-known/openid-configuration", (c) =>
      c.json({
        issuer: "https://accounts.google.com",
        authorization_endpoint: "https://accounts.google.com/a",
        token_endpoint: `${company.origin}/t`,
        jwks_uri: `${company.origin}/j`,
      }),
    );
    server.deps.config.identityAllowedOrigins.push(company.origin);
    expect((await steps.init(await shopOfLiar(company.origin), "google")).status).toBe(502);
    await company.stop();
    expect((await steps.init(await shopOfLiar(company.origin), "google")).status).toBe(502);
  });
});

describe("too much of it", () => {
  test("the 201st start from one client address within an hour gives 429, another address does not", async () => {
    const from = "198.51.100.77";
    const busy = await createShop(server);
    await useProvider(server, busy, "github", world.origin);
    for (let i = 0; i < 200; i += 1) expect((await steps.init(busy, "github", { from })).status).toBe(200);
    expect(await steps.init(busy, "github", { from })).toMatchObject({
      status: 429,
      body: { code: "over_request_rate_limit" },
    });
    expect((await steps.init(busy, "github", { from: "198.51.100.78" })).status).toBe(200);
  });

  test("sixty wrong codes in an hour are enough for one client address", async () => {
    const from = "198.51.100.79";
    for (let i = 0; i < 60; i += 1)
      expect((await steps.exchange(shop, `wrong-${i}`, { from })).status).toBe(401);
    expect(await steps.exchange(shop, "wrong", { from })).toMatchObject({
      status: 429,
      body: { code: "over_request_rate_limit" },
    });
    expect((await steps.exchange(shop, "wrong", { from: "198.51.100.80" })).status).toBe(401);
  });
});

test("the sandbox hands a browser to registered addresses only, and a code to whoever has the app's secret", async () => {
  const started = await steps.init(shop, "google");
  const url = new URL(started.body.authorize_url);
  for (const [name, value] of [
    ["redirect_uri", "https://evil.example/"],
    ["client_id", "unknown"],
    ["response_type", "token"],
  ] as const) {
    const bent = new URL(url);
    bent.searchParams.set(name, value);
    const response = await fetch(bent, { method: "POST", redirect: "manual", body: "person=ana" });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  }
  const answer = new URL((await steps.choose(url.href, { person: "ana" })).url);
  const token = await fetch(`${world.origin}/sandbox/identity/google/token`, {
    method: "POST",
    body: new URLSearchParams({
      code: answer.searchParams.get("code")!,
      client_id: `${shop.slug}-web`,
      client_secret: "guessed",
    }),
  });
  expect([token.status, await token.json()]).toEqual([400, { error: "invalid_client" }]);
});
