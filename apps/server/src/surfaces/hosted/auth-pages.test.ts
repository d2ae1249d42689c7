import { afterAll, beforeAll, expect, test } from "vitest";
import { newestMail, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { findCustomerByEmail } from "../../domains/identity/index.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const PASSWORD = "correct horse";
type Body = Record<string, unknown> & { user: { id: string }; access_token: string; refresh_token: string };
const signIn = (email: string, password = PASSWORD) =>
  server.post<Body>(shop.api("auth/email/signin"), { email, password });

async function signUp(email: string) {
  await server.post(shop.api("auth/email/signup"), { email, password: PASSWORD });
  return (await newestMail(server, email))!;
}
async function askReset(email: string) {
  await server.post(shop.api("auth/password/request-reset"), { email });
  return (await newestMail(server, email))!;
}
async function open(path: string, init: RequestInit = {}) {
  const response = await server.fetch(path, init);
  return { status: response.status, text: await response.text(), headers: response.headers };
}
const submit = (path: string, fields: Record<string, string>) =>
  open(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
const CONFIRM = "/paywall/v3/auth/confirm";
const RESET = "/paywall/v3/auth/reset";

test("a scanner that opens a confirmation link, or asks for its head, does not use it up; the form does", async () => {
  const mail = await signUp("scanned@example.com");
  const path = mail.link.slice(new URL(mail.link).origin.length);
  for (let i = 0; i < 3; i += 1) expect((await open(path)).status).toBe(200);
  expect((await open(path, { method: "HEAD" })).status).toBe(200);
  expect((await signIn("scanned@example.com")).body).toMatchObject({ code: "email_not_confirmed" });

  const page = await open(path);
  expect(page.text).toContain("scanned@example.com");
  const token = /name="token_hash" value="([\w-]+)"/.exec(page.text)![1]!;
  const done = await submit(CONFIRM, { token_hash: token });
  expect(done.status).toBe(200);
  expect(done.text).toContain("Address confirmed");
  expect(done.text).toContain("window.close()");
  expect((await signIn("scanned@example.com")).status).toBe(200);
});

test("a confirmation link that was used says so, also when opened twice at once", async () => {
  const mail = await signUp("twice@example.com");
  const answers = await Promise.all([
    submit(CONFIRM, { token_hash: mail.token }),
    submit(CONFIRM, { token_hash: mail.token }),
  ]);
  expect(answers.filter((answer) => answer.text.includes("Address confirmed"))).toHaveLength(1);
  expect(answers.filter((answer) => answer.text.includes("Already used"))).toHaveLength(1);
  expect((await open(`${CONFIRM}?token_hash=${mail.token}`)).text).toContain("Already used");
});

test("an expired and an unknown link get the same page and confirm nothing", async () => {
  const mail = await signUp("late@example.com");
  server.clock.advance({ hours: 1 });
  for (const answer of [
    await open(`${CONFIRM}?token_hash=${mail.token}&type=signup`),
    await submit(CONFIRM, { token_hash: mail.token }),
    await open(`${CONFIRM}?token_hash=unknown`),
    await open(CONFIRM),
    await submit(CONFIRM, {}),
  ]) {
    expect(answer.status).toBe(410);
    expect(answer.text).toContain("This link no longer works");
  }
  expect(
    (await findCustomerByEmail(server.deps.db, shop.tenantId, "late@example.com"))?.emailVerifiedAt,
  ).toBeNull();
});

test("confirming opens no session: the page cannot hand one to the merchant's site", async () => {
  const mail = await signUp("nosession@example.com");
  const done = await submit(CONFIRM, { token_hash: mail.token });
  expect(done.text).not.toMatch(/rt_|access_token/);
  expect(done.headers.get("set-cookie")).toBeNull();
  const customer = await findCustomerByEmail(server.deps.db, shop.tenantId, "nosession@example.com");
  expect(
    await server.deps.db.query(sql`select 1 from sessions where customer_id = ${customer!.id}`),
  ).toHaveLength(0);
});

test("the link of a sign-in code confirms the address and leaves the code to be typed", async () => {
  await server.post(shop.api("auth/otp/send"), { email: "code@example.com" });
  const mail = (await newestMail(server, "code@example.com"))!;
  expect((await submit(CONFIRM, { token_hash: mail.token })).text).toContain("type the code");
  const verified = await server.post(shop.api("auth/otp/verify"), {
    email: "code@example.com",
    token: mail.code,
  });
  expect(verified.status).toBe(200);
});

test("pages behind mailed links run only our script, keep their opener, and pass the token to nobody", async () => {
  const mail = await signUp("headers@example.com");
  for (const path of [`${CONFIRM}?token_hash=${mail.token}`, `${RESET}?token_hash=x`]) {
    const { headers, text } = await open(path);
    const csp = headers.get("content-security-policy")!;
    const nonce = /script-src 'nonce-([^']+)'/.exec(csp)![1]!;
    expect(csp).toContain("default-src 'none'");
    expect(csp).not.toMatch(/unsafe|\*/);
    for (const script of text.match(/<(script|style)[^>]*>/g) ?? [])
      expect(script).toContain(`nonce="${nonce}"`);
    expect(text).not.toMatch(/ style="| on[a-z]+="/);
    expect(headers.get("cross-origin-opener-policy")).toBeNull();
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  }
});

test("the older addresses lead to the pages with their query, and nowhere else", async () => {
  for (const name of ["confirm", "reset"]) {
    const { status, headers } = await open(
      `/paywall/auth/${name}?token_hash=abc&type=signup&next=https://evil.example`,
    );
    expect(status).toBe(302);
    expect(headers.get("location")).toBe(
      `/paywall/v3/auth/${name}?token_hash=abc&type=signup&next=https://evil.example`,
    );
  }
  const mail = await askResetOf("moved@example.com");
  const { headers } = await open(`${CONFIRM}?token_hash=${mail.token}&type=recovery`);
  expect(headers.get("location")).toBe(`${RESET}?token_hash=${mail.token}`);
});

async function askResetOf(email: string) {
  await signedInCustomer(server, shop, { email });
  return askReset(email);
}

test("a reset link sets the password once, ends every session, and tells the customer by mail", async () => {
  const session = await signedInCustomer(server, shop, { email: "forgot@example.com" });
  const mail = await askReset("forgot@example.com");
  const page = await open(`${RESET}?token_hash=${mail.token}&type=recovery`);
  expect(page.status).toBe(200);
  expect(page.text).toContain("forgot@example.com");
  const fields = { token_hash: mail.token, password: "brand new one", repeat: "brand new one" };
  expect((await submit(RESET, fields)).text).toContain("Password changed");
  expect((await signIn("forgot@example.com", "brand new one")).status).toBe(200);
  expect((await server.post(shop.api("auth/refresh"), { refresh_token: session.refreshToken })).status).toBe(
    401,
  );
  expect((await newestMail(server, "forgot@example.com"))?.subject).toContain("was changed");

  const again = await submit(RESET, { ...fields, password: "thief's own", repeat: "thief's own" });
  expect(again.status).toBe(410);
  expect(again.text).toContain("already been used");
  expect((await signIn("forgot@example.com", "brand new one")).status).toBe(200);
});

test("two people who submit one reset link at once: one password counts, the other is told", async () => {
  const mail = await askResetOf("contest@example.com");
  const answers = await Promise.all(
    ["password one", "password two"].map((password) =>
      submit(RESET, { token_hash: mail.token, password, repeat: password }),
    ),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410]);
});

test("a password that is too short or typed differently is explained at its field, and the link stays good", async () => {
  const mail = await askResetOf("careful@example.com");
  const short = await submit(RESET, { token_hash: mail.token, password: "12345", repeat: "12345" });
  expect(short.status).toBe(422);
  expect(short.text).toMatch(/id="password-error" role="alert">Choose a password of at least 6/);
  expect(short.text).toMatch(/aria-describedby="password-hint password-error"/);
  const different = await submit(RESET, {
    token_hash: mail.token,
    password: "long enough",
    repeat: "long enouph",
  });
  expect(different.text).toContain("not the same");
  expect(different.text).not.toContain("long enou");
  const good = await submit(RESET, {
    token_hash: mail.token,
    password: "long enough",
    repeat: "long enough",
  });
  expect(good.status).toBe(200);
});

test("a confirmation link resets no password, and a reset link of an hour ago neither", async () => {
  const confirm = await signUp("wrongkind@example.com");
  const fields = { password: "long enough", repeat: "long enough" };
  expect((await submit(RESET, { ...fields, token_hash: confirm.token })).status).toBe(410);
  const mail = await askResetOf("slow@example.com");
  server.clock.advance({ hours: 1 });
  expect((await submit(RESET, { ...fields, token_hash: mail.token })).status).toBe(410);
  expect((await open(`${RESET}?token_hash=${mail.token}`)).status).toBe(410);
});

test("oversized and garbled forms are refused without a 5xx", async () => {
  expect((await open(RESET, { method: "POST", body: "x".repeat(20_000) })).status).toBe(413);
  expect((await open(CONFIRM, { method: "POST", body: new Uint8Array([0xff, 0, 0x80, 0x3d]) })).status).toBe(
    410,
  );
  expect((await open(`${CONFIRM}?token_hash=${"%00"}${"x".repeat(3000)}`)).status).toBe(410);
});
