import { afterAll, beforeAll, expect, test } from "vitest";
import { mailedCode, newestMail, signedInCustomer } from "../../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../../test/kit.ts";
import { createShop, type Shop } from "../../../../test/shop.ts";
import { findCustomerByEmail, findOrCreateCustomer } from "../../../domains/identity/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { listMails } from "../../../platform/mail/index.ts";

let server: TestServer;
let shop: Shop;
let bare: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
  bare = await createShop(server, { host: null, settings: { allowAnonymous: true } });
});
afterAll(() => server[Symbol.asyncDispose]());

type Body = Record<string, unknown> & {
  user: { id: string; email: string };
  access_token: string;
  refresh_token: string;
};
const send = (email: string, extra: object = {}, at = shop) =>
  server.post<Body>(at.api("auth/otp/send"), { email, ...extra });
const verify = (email: string, token: string, type?: string, from?: string) =>
  server.post<Body>(
    shop.api("auth/otp/verify"),
    { email, token, ...(type ? { type } : {}) },
    undefined,
    from,
  );
const mailsTo = async (to: string) => (await listMails(server.deps.db, { to, limit: 50 })).length;
const sessionsOf = async (email: string) =>
  (
    await server.deps.db.query(
      sql`select 1 from sessions s join customers c on c.id = s.customer_id where c.email = ${email}`,
    )
  ).length;
const wrongFor = (code: string, step = 1) => String((Number(code) + step) % 1_000_000).padStart(6, "0");

test("a mailed code signs in, creates the customer with a proven address, and carries a link as well", async () => {
  const code = await mailedCode(server, shop, "New@Example.com".toLowerCase());
  expect(code).toMatch(/^[0-9]{6}$/);
  expect(await findCustomerByEmail(server.deps.db, shop.tenantId, "new@example.com")).toBeNull();
  const mail = await newestMail(server, "new@example.com");
  expect(mail?.link).toMatch(
    /^https:\/\/pay\d+\.example\.com\/paywall\/v3\/auth\/confirm\?token_hash=[\w-]{43}&type=magiclink$/,
  );
  const { status, body } = await verify("NEW@example.com", `${code.slice(0, 3)} ${code.slice(3)}`);
  expect(status).toBe(200);
  expect(body.user).toMatchObject({ email: "new@example.com", is_anonymous: false });
  const customer = await findCustomerByEmail(server.deps.db, shop.tenantId, "new@example.com");
  expect(customer).toMatchObject({ uuid: body.user.id, emailVerifiedAt: server.clock.now() });
});

test("the token of the mailed link works as type magiclink, also after newer codes were sent", async () => {
  await send("link@example.com");
  const first = await newestMail(server, "link@example.com");
  server.clock.advance({ minutes: 2 });
  await send("link@example.com");
  expect((await verify("link@example.com", first!.code)).status).toBe(401);
  expect((await verify("someone@example.com", first!.token, "magiclink")).status).toBe(401);
  expect((await verify("link@example.com", first!.token, "magiclink")).status).toBe(200);
});

test("#46 a second code within a minute is refused, and a code for another address is not", async () => {
  expect((await send("hasty@example.com")).status).toBe(200);
  const refused = await send("hasty@example.com");
  expect(refused).toMatchObject({ status: 429, body: { code: "over_email_send_rate_limit" } });
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  expect((await send("patient@example.com")).status).toBe(200);
  server.clock.advance({ seconds: 60 });
  expect((await send("hasty@example.com")).status).toBe(200);
});

test("#130 resend, code and reset answer known and unknown addresses with the same bytes and the same limits", async () => {
  await signedInCustomer(server, shop, { email: "real@example.com" });
  for (const path of ["auth/email/resend", "auth/otp/send", "auth/password/request-reset"]) {
    for (const extra of [{}, { create_user: false }]) {
      server.clock.advance({ minutes: 2 });
      const ask = (email: string) =>
        server.fetch(shop.api(path), { method: "POST", body: JSON.stringify({ email, ...extra }) });
      const [known, unknown] = [await ask("real@example.com"), await ask("nobody@example.com")];
      expect(unknown.status).toBe(known.status);
      expect(await unknown.text()).toBe(await known.text());
      expect(known.status).toBe(200);
      const [known2, unknown2] = [await ask("real@example.com"), await ask("nobody@example.com")];
      expect([known2.status, unknown2.status]).toEqual([429, 429]);
      expect(await unknown2.text()).toBe(await known2.text());
    }
  }
});

test("#131 create_user:false with an unknown address answers ok, sends nothing, creates nobody", async () => {
  expect(await send("ghost@example.com", { create_user: false })).toMatchObject({
    status: 200,
    body: { ok: true },
  });
  expect(await mailsTo("ghost@example.com")).toBe(0);
  expect(await findCustomerByEmail(server.deps.db, shop.tenantId, "ghost@example.com")).toBeNull();
  await signedInCustomer(server, shop, { email: "exists@example.com" });
  await send("exists@example.com", { create_user: false });
  expect(await mailsTo("exists@example.com")).toBe(1);
});

test("a request that sends no mail does not disarm the code that was mailed before it", async () => {
  const code = await mailedCode(server, shop, "armed@example.com");
  server.clock.advance({ minutes: 2 });
  await send("armed@example.com", { create_user: false });
  expect((await verify("armed@example.com", code)).status).toBe(200);
});

test("#132 wrong, expired and never-sent codes give the same 401; an unknown type gives 400 invalid_type", async () => {
  const code = await mailedCode(server, shop, "late@example.com");
  const wrong = await verify("late@example.com", wrongFor(code));
  const never = await verify("never@example.com", "123456");
  const malformed = await verify("late@example.com", "abc");
  server.clock.advance({ hours: 1 });
  const expired = await verify("late@example.com", code);
  expect(wrong).toMatchObject({ status: 401, body: { code: "invalid_otp" } });
  for (const answer of [never, malformed, expired])
    expect([answer.status, answer.body]).toEqual([401, wrong.body]);
  expect(await verify("late@example.com", code, "sms")).toMatchObject({
    status: 400,
    body: { code: "invalid_type" },
  });
  expect((await verify("late@example.com", "123456", "invite")).body).toEqual(wrong.body);
});

test("a code lives for its hour to the last second, on the tenant's clock", async () => {
  const code = await mailedCode(server, shop, "justintime@example.com");
  await server.deps.db.execute(sql`update tenants set clock_offset_ms = 3599000 where id = ${shop.tenantId}`);
  expect((await verify("justintime@example.com", code)).status).toBe(200);
});

test("a code is for its own purpose: a sign-in code resets nothing", async () => {
  const code = await mailedCode(server, shop, "purpose@example.com");
  expect((await verify("purpose@example.com", code, "recovery")).status).toBe(401);
  expect((await verify("purpose@example.com", code, "signup")).status).toBe(401);
  expect((await verify("purpose@example.com", code, "email")).status).toBe(200);
});

test("five wrong tries end a code, even when they arrive together", async () => {
  const code = await mailedCode(server, shop, "forced@example.com");
  await Promise.all([1, 2, 3, 4, 5].map((step) => verify("forced@example.com", wrongFor(code, step))));
  expect((await verify("forced@example.com", code)).status).toBe(401);
});

test("tries over many codes of one address are bounded, from wherever they come, while the mailed link still works", async () => {
  const email = "target@example.com";
  let refused = 0;
  for (let round = 0; round < 4; round += 1) {
    server.clock.advance({ minutes: 2 });
    const code = await mailedCode(server, shop, email);
    for (let step = 1; step <= 4; step += 1) {
      const answer = await verify(email, wrongFor(code, step), "email", `203.0.113.${round * 4 + step}`);
      if (answer.status === 429) refused += 1;
      else expect(answer.status).toBe(401);
    }
  }
  expect(refused).toBe(6);
  const mail = await newestMail(server, email);
  expect(await verify(email, mail!.code)).toMatchObject({
    status: 429,
    body: { code: "over_request_rate_limit" },
  });
  expect((await verify(email, mail!.token, "magiclink")).status).toBe(200);
});

test("#33 a successful verification repeated within 60 s returns the same success, later it is refused", async () => {
  const code = await mailedCode(server, shop, "mirror@example.com");
  const first = await verify("mirror@example.com", code);
  server.clock.advance({ seconds: 50 });
  const again = await verify("mirror@example.com", code);
  expect(again).toMatchObject({ status: 200, body: first.body });
  expect(await sessionsOf("mirror@example.com")).toBe(1);
  server.clock.advance({ seconds: 11 });
  expect((await verify("mirror@example.com", code)).status).toBe(401);
});

test("#33 ten verifications of one code at once open one session", async () => {
  const code = await mailedCode(server, shop, "ten@example.com");
  const answers = await Promise.all(Array.from({ length: 10 }, () => verify("ten@example.com", code)));
  expect(new Set(answers.map((answer) => answer.body.refresh_token)).size).toBe(1);
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect(await sessionsOf("ten@example.com")).toBe(1);
});

test("user_meta sent with the request for a code is stored for a new account only", async () => {
  await send("fresh@example.com", { user_meta: { from: "ad" } });
  const fresh = await newestMail(server, "fresh@example.com");
  await verify("fresh@example.com", fresh!.code);
  await signedInCustomer(server, shop, { email: "old@example.com" });
  await send("old@example.com", { user_meta: { from: "stranger" } });
  const old = await newestMail(server, "old@example.com");
  await verify("old@example.com", old!.code);
  const rows = await server.deps.db.query<{ email: string; meta: unknown }>(sql`
    select c.email, l.user_meta meta from paywall_links l join customers c on c.id = l.customer_id
    where c.email in ('fresh@example.com', 'old@example.com') order by 1`);
  expect(rows).toEqual([
    { email: "fresh@example.com", meta: { from: "ad" } },
    { email: "old@example.com", meta: {} },
  ]);
});

test("a reset code gives a session with which a new password is set; a guest may choose a first password so", async () => {
  const { deps } = server;
  await deps.db.transaction((tx) =>
    findOrCreateCustomer(tx, deps, {
      tenantId: shop.tenantId,
      email: "payer@example.com",
      now: server.clock.now(),
    }),
  );
  expect(
    await server.post(shop.api("auth/password/request-reset"), { email: "payer@example.com" }),
  ).toMatchObject({ body: { ok: true } });
  const mail = await newestMail(server, "payer@example.com");
  expect(mail?.link).toContain("/paywall/v3/auth/reset?token_hash=");
  const { body } = await verify("payer@example.com", mail!.code, "recovery");
  const headers = { authorization: `Bearer ${body.access_token}` };
  const updated = await server.post<Body>(
    shop.api("auth/password/update"),
    { password: "brand new" },
    headers,
  );
  expect(updated).toMatchObject({
    status: 200,
    body: { ok: true, user: { id: body.user.id, email: "payer@example.com" } },
  });
  const signedIn = await server.post(shop.api("auth/email/signin"), {
    email: "payer@example.com",
    password: "brand new",
  });
  expect(signedIn.status).toBe(200);
});

test("#133 a password change needs a Bearer, leaves tokens valid, and refuses a short password", async () => {
  const session = await signedInCustomer(server, shop);
  const update = (password: unknown, headers: Record<string, string>) =>
    server.post(shop.api("auth/password/update"), { password }, headers);
  expect(await update("long enough", {})).toMatchObject({
    status: 401,
    body: { code: "authorization_required" },
  });
  expect(await update("long enough", { authorization: "Bearer nonsense" })).toMatchObject({
    status: 401,
    body: { code: "invalid_token" },
  });
  expect(await update("12345", session.headers)).toMatchObject({
    status: 400,
    body: { code: "weak_password" },
  });
  expect((await update("long enough", session.headers)).status).toBe(200);
  expect((await update("even longer", session.headers)).status).toBe(200);
  expect((await server.post(shop.api("auth/refresh"), { refresh_token: session.refreshToken })).status).toBe(
    200,
  );
  expect((await newestMail(server, session.email!))?.subject).toContain("was changed");
});

test("#21 a password change that is answered 401 changed nothing", async () => {
  const session = await signedInCustomer(server, shop, { email: "steady@example.com" });
  const update = (password: string, token: string) =>
    server.post(shop.api("auth/password/update"), { password }, { authorization: `Bearer ${token}` });
  await update("the first one", session.accessToken);
  await server.post(shop.api("auth/signout"), undefined, session.headers);
  expect((await update("the second one", session.accessToken)).status).toBe(401);
  const signIn = (password: string) =>
    server.post(shop.api("auth/email/signin"), { email: "steady@example.com", password });
  expect((await signIn("the second one")).status).toBe(401);
  expect((await signIn("the first one")).status).toBe(200);
});

test("#134 without a verified domain sign-up, resend and reset give custom_domain_required and do nothing; codes work", async () => {
  const email = "domainless@example.com";
  for (const [path, body] of [
    ["auth/email/signup", { email, password: "long enough" }],
    ["auth/email/resend", { email }],
    ["auth/password/request-reset", { email }],
  ] as const) {
    expect(await server.post(bare.api(path), body)).toMatchObject({
      status: 400,
      body: { code: "custom_domain_required" },
    });
  }
  expect(await mailsTo(email)).toBe(0);
  expect(await findCustomerByEmail(server.deps.db, bare.tenantId, email)).toBeNull();
  const code = await mailedCode(server, bare, email);
  expect((await newestMail(server, email))?.link).toContain(
    `${server.deps.config.baseUrl}/paywall/v3/auth/confirm?`,
  );
  expect((await server.post(bare.api("auth/otp/verify"), { email, token: code })).status).toBe(200);
});

test("a copy of the table tells no code: equal digits have different hashes", async () => {
  await mailedCode(server, shop, "hash1@example.com");
  const row = await server.deps.db.one<{ hash: Buffer }>(sql`
    select code_hash hash from one_time_codes where email = 'hash1@example.com'`);
  const mail = await newestMail(server, "hash1@example.com");
  const { createHash } = await import("node:crypto");
  expect(row.hash.equals(createHash("sha256").update(mail!.code).digest())).toBe(false);
});

test("an unknown paywall gives 404 on every route", async () => {
  for (const route of [
    "email/signin",
    "email/signup",
    "email/resend",
    "otp/send",
    "otp/verify",
    "refresh",
    "signout",
    "revoke-all",
  ]) {
    expect((await server.post(`/api/v1/paywall/999999/auth/${route}`, {})).status).toBe(404);
  }
});

/** What a guest's sandbox purchase on a device leaves behind, as far as claiming it is concerned. */
async function guestPurchase(email: string, visitorId: string): Promise<string> {
  const { db, ids } = server.deps;
  const now = server.clock.now();
  return db.transaction(async (tx) => {
    const { customer } = await findOrCreateCustomer(tx, server.deps, { tenantId: shop.tenantId, email, now });
    const option = await tx.one<{ id: string }>(
      sql`select id from purchase_options where num = ${shop.prices.lifetime}`,
    );
    const [checkout, contract] = [ids.next("checkout"), ids.next("contract")];
    await tx.execute(sql`
      insert into checkouts (id, tenant_id, mode, paywall_id, customer_id, product_id, option_id, currency, subtotal_minor, total_minor,
        connection_id, success_url, error_url, product_name, terms_hash, created_at, expires_at)
      values (${checkout}, ${shop.tenantId}, 'test', ${shop.paywallId}, ${customer.id}, ${shop.productId}, ${option.id}, 'USD', 19900, 19900,
        ${shop.connectionId}, 'https://a.example', 'https://a.example', 'Pro', '\\x00', ${now}, ${now})`);
    await tx.execute(sql`
      insert into contracts (id, tenant_id, mode, paywall_id, customer_id, checkout_id, product_id, option_id, duration, state, currency,
        price_minor, period_start_at, connection_id, external_id, snapshot, visitor_id, created_at)
      values (${contract}, ${shop.tenantId}, 'test', ${shop.paywallId}, ${customer.id}, ${checkout}, ${shop.productId}, ${option.id}, 'PERPETUAL',
        'active', 'USD', 19900, ${now}, ${shop.connectionId}, ${contract}, '{}', ${visitorId}, ${now})`);
    return contract;
  });
}
const ownerOf = async (contract: string) =>
  (
    await server.deps.db.one<{ email: string }>(sql`
    select c.email from contracts k join customers c on c.id = k.customer_id where k.id = ${contract}`)
  ).email;

test("#141 a sign-in carrying visitor_id attaches guest purchases made under that id, and no other sign-in does", async () => {
  const device = "visitor-that-bought-something";
  const contract = await guestPurchase("typed.at.checkout@example.com", device);
  const signInAs = async (email: string, visitorId?: string) => {
    server.clock.advance({ minutes: 2 });
    const token = await mailedCode(server, shop, email);
    const answer = await server.post(shop.api("auth/otp/verify"), { email, token, visitor_id: visitorId });
    expect(answer.status).toBe(200);
  };
  await signInAs("bystander@example.com");
  await signInAs("bystander@example.com", "visitor-of-somebody-else");
  expect(await ownerOf(contract)).toBe("typed.at.checkout@example.com");
  await signInAs("buyer@example.com", device);
  expect(await ownerOf(contract)).toBe("buyer@example.com");
  // What is owned by somebody proven moves no more.
  await signInAs("next.on.device@example.com", device);
  expect(await ownerOf(contract)).toBe("buyer@example.com");
});
