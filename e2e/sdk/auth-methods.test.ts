import { expect, test } from "vitest";
import { sql } from "../../apps/server/src/platform/database/index.ts";
import { PASSWORD, useAuthPage, withDomain } from "./auth-page.ts";
import { someone } from "./core-page.ts";

const host = useAuthPage({ paywall: { allowAnonymous: true } });
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const events = async () => (await host.heard()).map(([event]) => event);
const KEYED = { idempotencyKey: "key-of-one-attempt" };

/** A paywall with a domain: sign-up with a password works, with or without a confirmation by mail. */
async function withPasswords(confirmEmail = false) {
  const { paywall, tenant } = withDomain();
  host.use(await host.server.sell({ ...paywall, confirmEmail, allowAnonymous: true }, tenant));
  await host.auth();
}
const guest = (options: object = {}) =>
  host.page.evaluate((given) => window.auth.signInAnonymously(given), options);

test("B-142, B-146: sign-up without confirmation and sign-in store the session, say so once and are remembered", async () => {
  await withPasswords();
  const email = someone();
  expect(await host.signUp(email)).toMatchObject({ kind: "signed_in", session: { user: { email } } });
  expect(await events()).toEqual(["INITIAL_SESSION", "SIGNED_IN"]);
  expect(await inPage(() => window.auth.getLastLogin())).toEqual({ method: "email", email });
  const { id } = (await host.session())!.user;
  await inPage(() => window.auth.signOut());
  await host.put("last-login-email", null);
  const session = await host.page.evaluate((given) => window.auth.signInWithEmail(given), {
    email,
    password: PASSWORD,
  });
  expect(session.user).toMatchObject({ id, email });
  expect(await host.stored(host.key("auth-v1"))).toEqual(session);
  expect((await events()).slice(2)).toEqual(["SIGNED_OUT", "SIGNED_IN"]);
  expect(await inPage(() => window.auth.getLastLogin())).toEqual({ method: "email", email });
  // Nobody is remembered for a password that was wrong.
  await inPage(() => window.auth.signOut());
  await host.put("last-login-method", null);
  const wrong = await host.page.evaluate(
    (to) => window.failure(window.auth.signInWithEmail({ email: to, password: "not it at all" })),
    email,
  );
  expect(wrong).toMatchObject({ code: "invalid_credentials", status: 401, ours: true });
  expect(await inPage(() => window.auth.getLastLogin())).toBeNull();
});

test("B-143: the stored visitor id goes along with a sign-in, and none is made up for it", async () => {
  await withPasswords();
  await host.signUp(someone());
  expect(host.bodyOf("/email/signup")).not.toHaveProperty("visitor_id");
  expect(await inPage(() => localStorage.getItem("pw-visitor-id"))).toBeNull();
  const id = await inPage(() => window.sdk.ensureVisitorId(window.sdk.createStorage()));
  await host.signIn(someone());
  expect(host.bodyOf("/otp/verify")).toMatchObject({ visitor_id: id });
  await guest({ forceNewAnon: true });
  expect(host.bodyOf("/anonymous/signin")).toMatchObject({ visitor_id: id });
  await inPage(() => localStorage.setItem("pw-visitor-id", "too-short"));
  await guest({ forceNewAnon: true });
  expect(host.bodyOf("/anonymous/signin")).not.toHaveProperty("visitor_id");
});

test("B-144, B-145: sign-up that waits for a mail signs nobody in and remembers the address; a taken address does not", async () => {
  await withPasswords(true);
  const email = someone();
  expect(await host.signUp(email)).toMatchObject({ kind: "confirmation_required", user: { email } });
  expect(await host.session()).toBeNull();
  expect(await inPage(() => window.auth.getLastLogin())).toEqual({ method: "email", email });
  const early = await host.page.evaluate((given) => window.failure(window.auth.signInWithEmail(given)), {
    email,
    password: PASSWORD,
  });
  expect(early.code).toBe("email_not_confirmed");
  const token = await host.server.codeFor(email);
  await host.page.evaluate((given) => window.auth.verifyOtp({ ...given, type: "signup" }).then(() => {}), {
    email,
    token,
  });
  await inPage(() => window.auth.signOut());
  await host.put("last-login-method", null);
  await host.put("last-login-email", null);
  expect(await host.signUp(email)).toEqual({ kind: "already_registered", email });
  expect(await host.session()).toBeNull();
  expect(await inPage(() => window.auth.getLastLogin())).toBeNull();
});

test("B-147: the idempotency key of a sign-in, sign-up, resend and upgrade is sent as a header, and makes a repeat safe", async () => {
  await withPasswords();
  const email = someone();
  const given = { email, password: PASSWORD, ...KEYED };
  await guest();
  const [first, again] = await host.page.evaluate(
    async (it) => [
      await window.auth.upgradeAnonymousToEmail(it),
      await window.auth.upgradeAnonymousToEmail(it),
    ],
    given,
  );
  expect(again).toEqual(first);
  await host.page.evaluate((it) => window.auth.signInWithEmail(it), given);
  await host.page.evaluate((it) => window.auth.signUp({ ...it, email: `new-${it.email}` }), given);
  await host.page.evaluate((it) => window.auth.resendConfirmation(it), given);
  for (const path of ["/email/signin", "/email/signup", "/email/resend", "/anonymous/upgrade"]) {
    expect(host.lastCall(path)?.headers["idempotency-key"], path).toBe(KEYED.idempotencyKey);
    expect(host.lastCall(path)?.body).not.toContain(KEYED.idempotencyKey);
  }
  await host.page.evaluate((it) => window.auth.signInWithEmail(it), { email, password: PASSWORD });
  expect(host.lastCall("/email/signin")?.headers).not.toHaveProperty("idempotency-key");
});

test("B-161: signing out empties this device before the server is asked, and the server's trouble is nobody's", async () => {
  await host.auth();
  await host.signIn(someone());
  const { refresh_token } = (await host.session())!;
  let duringCall: unknown = "not called";
  await host.context.route(
    (url) => url.pathname.endsWith("/auth/signout"),
    async (route) => {
      duringCall = await host.raw("auth-v1");
      await route.fulfill({ status: 500, headers: { "access-control-allow-origin": "*" }, body: "{}" });
    },
  );
  await inPage(() => window.auth.signOut());
  expect(duringCall).toBeNull();
  expect(await events()).toEqual(["INITIAL_SESSION", "SIGNED_IN", "SIGNED_OUT"]);
  await host.mend();
  await host.signIn(someone());
  await host.fault("/auth/signout", "abort");
  await inPage(() => window.auth.signOut());
  await host.mend();
  await inPage(() => window.auth.signOut());
  expect(await host.session()).toBeNull();
  // Control: the server was not reached, so signing out happened here alone.
  const alive = () => host.server.post(host.shop.api("auth/refresh"), { refresh_token });
  expect((await alive()).status).toBe(200);
});

test("signing out long after the access token ran out ends the session on the server all the same", async () => {
  await host.auth();
  await host.signIn(someone());
  await host.expire();
  await host.auth();
  host.server.clock.advance({ hours: 2 });
  const { refresh_token } = (await host.session())!;
  await inPage(() => window.auth.signOut());
  expect((await host.server.post(host.shop.api("auth/refresh"), { refresh_token })).status).toBe(401);
});

test("B-162: a guest who signs out can be resumed and the server is not told; forgotten, the guest is gone for good", async () => {
  await host.auth();
  const { user } = await guest();
  expect(user).toMatchObject({ email: null, is_anonymous: true });
  const token = await host.raw("anon-rt-v1");
  await inPage(() => window.auth.signOut());
  expect(await host.session()).toBeNull();
  expect(host.count("/auth/signout")).toBe(0);
  expect(await host.raw("anon-rt-v1")).toBe(token);
  expect((await guest()).user.id).toBe(user.id);
  const last = (await host.session())!.refresh_token;
  await inPage(() => window.auth.signOut({ forgetAnonymous: true }));
  expect(host.count("/auth/signout")).toBe(1);
  expect(await host.raw("anon-rt-v1")).toBeNull();
  expect(
    (await host.server.post(host.shop.api("auth/refresh"), { refresh_token: last })).status,
    "the server ended it",
  ).toBe(401);
  expect((await guest()).user.id).not.toBe(user.id);
});

test("B-163: revoking all sessions asks the server first, and its refusal leaves everybody signed in", async () => {
  await host.auth();
  expect(await inPage(() => window.failure(window.auth.revokeAllSessions()))).toMatchObject({
    code: "not_authenticated",
    ours: true,
  });
  expect(host.requests).toEqual([]);
  const email = someone();
  await host.signIn(email);
  await host.fault("/auth/revoke-all", { status: 502, body: { error: "upstream" } });
  expect((await inPage(() => window.failure(window.auth.revokeAllSessions()))).code).toBe("upstream");
  await host.mend();
  expect((await host.session())?.user.email).toBe(email);
  const { refresh_token } = (await host.session())!;
  await inPage(() => window.auth.revokeAllSessions());
  expect(await host.session()).toBeNull();
  expect(await events()).toEqual(["INITIAL_SESSION", "SIGNED_IN", "SIGNED_OUT"]);
  expect((await host.server.post(host.shop.api("auth/refresh"), { refresh_token })).status).toBe(401);
});

test("B-164: a code makes an account unless that is declined", async () => {
  await host.auth();
  const email = someone();
  await host.page.evaluate((to) => window.auth.sendOtp({ email: to, createUser: false }), email);
  expect(host.bodyOf("/otp/send")).toEqual({ email, create_user: false });
  const other = someone();
  await host.page.evaluate((to) => window.auth.sendOtp({ email: to, userMeta: { plan: "a" } }), other);
  expect(host.bodyOf("/otp/send")).toEqual({ email: other, create_user: true, user_meta: { plan: "a" } });
  expect(await host.server.codeFor(other)).toMatch(/^\d{6}$/);
  const mails = await host.server.deps.db.query(sql`select 1 from mails where recipient = ${email}`);
  expect(mails, "no account, no mail").toEqual([]);
});

test("B-165: a code is an e-mail code unless told otherwise, and a recovery code says that a password is due", async () => {
  await withPasswords();
  const email = someone();
  await host.signUp(email);
  await inPage(() => window.auth.signOut());
  await host.put("last-login-method", null);
  await host.signIn(email);
  expect(host.bodyOf("/otp/verify")).toMatchObject({ type: "email" });
  expect((await events()).at(-1)).toBe("SIGNED_IN");
  expect(await inPage(() => window.auth.getLastLogin())).toBeNull();
  await inPage(() => window.auth.signOut());
  await host.page.evaluate((to) => window.auth.requestPasswordReset({ email: to }), email);
  await expect
    .poll(async () => {
      const token = await host.server.codeFor(email);
      const given = { email, token, type: "recovery" as const };
      return (await host.page.evaluate((it) => window.failure(window.auth.verifyOtp(it)), given)).name;
    })
    .toBe("");
  expect((await events()).at(-1)).toBe("PASSWORD_RECOVERY");
});

test("B-166: a password is changed with the session's token, tells nobody, and without a session asks nothing", async () => {
  await withPasswords();
  const failed = await inPage(() =>
    window.failure(window.auth.updatePassword({ password: "anything at all" })),
  );
  expect(failed).toMatchObject({ code: "not_authenticated", ours: true });
  expect(host.requests).toEqual([]);
  const email = someone();
  await host.signUp(email);
  const before = await host.session();
  const told = (await events()).length;
  await inPage(() => window.auth.updatePassword({ password: "another long password" }));
  expect(host.lastCall("/password/update")?.headers.authorization).toBe(`Bearer ${before?.access_token}`);
  expect(await host.session()).toEqual(before);
  expect((await events()).length).toBe(told);
  const signedIn = await host.page.evaluate(
    (to) => window.auth.signInWithEmail({ email: to, password: "another long password" }),
    email,
  );
  expect(signedIn.user.email).toBe(email);
});

test("B-167: a guest who is one already stays the same one without a request", async () => {
  await host.auth();
  const { user } = await guest();
  const sent = host.requests.length;
  expect((await guest()).user.id).toBe(user.id);
  expect(host.requests.length).toBe(sent);
});

test("B-168: a remembered guest is resumed with their id, and the token is rotated", async () => {
  await host.auth();
  const { user, refresh_token } = await guest();
  await inPage(() => window.auth.signOut());
  const resumed = await guest();
  expect(resumed.user).toMatchObject({ id: user.id, email: null, is_anonymous: true });
  expect(resumed.refresh_token).not.toBe(refresh_token);
  expect(await host.raw("anon-rt-v1")).toBe(resumed.refresh_token);
  expect(host.calls("/anonymous/signin")).toHaveLength(1);
  expect((await events()).at(-1)).toBe("SIGNED_IN");
  // A refresh keeps the remembered token in step.
  const after = await inPage(() => window.auth.refresh());
  expect(await host.raw("anon-rt-v1")).toBe(after?.refresh_token);
});

test("B-169: a guest whom the server does not know any more is replaced; a server in trouble replaces nobody", async () => {
  await host.auth();
  const { user } = await guest();
  await inPage(() => window.auth.signOut());
  const token = await host.raw("anon-rt-v1");
  await host.fault("/auth/refresh", { status: 503, body: { error: "upstream" } });
  expect((await inPage(() => window.failure(window.auth.signInAnonymously()))).code).toBe("upstream");
  await host.mend();
  expect(await host.raw("anon-rt-v1")).toBe(token);
  await host.put("anon-rt-v1", "rt_of-nobody-at-all");
  expect((await guest()).user.id).not.toBe(user.id);
  expect(await host.raw("anon-rt-v1")).toBe((await host.session())?.refresh_token);
});

test("B-170, B-172: a new guest can be asked for, and a captcha's token goes along only when there is one", async () => {
  await host.auth();
  const { user } = await guest();
  await inPage(() => window.auth.signOut());
  expect((await guest({ forceNewAnon: true })).user.id).not.toBe(user.id);
  expect(host.count("/auth/refresh")).toBe(0);
  expect(host.bodyOf("/anonymous/signin")).not.toHaveProperty("captcha_token");
  await guest({ forceNewAnon: true, captchaToken: "solved" });
  expect(host.bodyOf("/anonymous/signin")).toMatchObject({ captcha_token: "solved" });
});

test("B-171: guests asked for at once are one guest", async () => {
  await host.auth();
  const ids = await inPage(async () =>
    (await Promise.all(Array.from({ length: 6 }, () => window.auth.signInAnonymously()))).map(
      (it) => it.user.id,
    ),
  );
  expect(new Set(ids).size).toBe(1);
  expect(host.calls("/anonymous/signin")).toHaveLength(1);
  expect(await events()).toEqual(["INITIAL_SESSION", "SIGNED_IN"]);
});

test("B-173: an upgraded guest keeps the id, has an address, and is no guest to be resumed", async () => {
  await withPasswords();
  const { user } = await guest();
  const email = someone();
  const upgraded = await host.page.evaluate((given) => window.auth.upgradeAnonymousToEmail(given), {
    email,
    password: PASSWORD,
  });
  expect(upgraded).toMatchObject({
    kind: "updated",
    session: { user: { id: user.id, email, is_anonymous: false } },
  });
  expect(await host.stored(host.key("auth-v1"))).toMatchObject({
    user: { id: user.id, email, is_anonymous: false },
  });
  expect(await host.raw("anon-rt-v1")).toBeNull();
  expect((await host.heard()).at(-1)).toEqual(["USER_UPDATED", email]);
  const refreshed = await inPage(() => window.auth.refresh());
  expect(refreshed?.user).toMatchObject({ id: user.id, email, is_anonymous: false });
  expect(await host.raw("anon-rt-v1")).toBeNull();
});

test("B-174: an upgrade that waits for a mail changes nothing here; once it is confirmed the next refresh brings it", async () => {
  await withPasswords(true);
  const { user } = await guest();
  const before = await host.session();
  const email = someone();
  const given = { email, password: PASSWORD };
  expect(await host.page.evaluate((it) => window.auth.upgradeAnonymousToEmail(it), given)).toEqual({
    kind: "confirmation_required",
    email,
  });
  expect(await host.session()).toEqual(before);
  expect(await host.raw("anon-rt-v1")).toBe(before?.refresh_token);
  expect(await events()).toEqual(["INITIAL_SESSION", "SIGNED_IN"]);
  const token = await host.server.codeFor(email);
  // Confirmed on a phone.
  await host.server.post(host.shop.api("auth/otp/verify"), { email, token, type: "signup" });
  const after = await inPage(() => window.auth.refresh());
  expect(after?.user).toMatchObject({ id: user.id, email, is_anonymous: false });
  expect(await host.raw("anon-rt-v1")).toBeNull();
});

test("B-183: a destroyed client emits and stores nothing more, and may be destroyed again", async () => {
  await host.auth();
  const email = someone();
  await host.page.evaluate((to) => window.auth.sendOtp({ email: to }), email);
  const token = await host.server.codeFor(email);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await host.context.route(
    (url) => url.pathname.endsWith("/otp/verify"),
    async (route) => {
      await held;
      await route.continue();
    },
  );
  const verified = host.page.evaluate((given) => window.failure(window.auth.verifyOtp(given)), {
    email,
    token,
  });
  await expect.poll(() => host.count("/otp/verify")).toBe(1);
  const states = await inPage(() => {
    const before = window.auth.isDestroyed();
    window.auth.destroy();
    window.auth.destroy();
    return [before, window.auth.isDestroyed()];
  });
  expect(states).toEqual([false, true]);
  release();
  await verified;
  expect(await events()).toEqual(["INITIAL_SESSION"]);
  expect(await host.raw("auth-v1")).toBeNull();
  expect(await host.session()).toBeNull();
  // Another tab's session does not reach it either.
  const other = await host.tab();
  await host.auth({}, other);
  await host.mend();
  await host.signIn(someone(), other);
  expect(await host.session()).toBeNull();
  expect(await events()).toEqual(["INITIAL_SESSION"]);
});

test("a destroyed client spends no refresh token that others still live on", async () => {
  await host.auth();
  await host.signIn(someone());
  await host.expire();
  await host.auth();
  const before = await host.session();
  await inPage(() => window.auth.destroy());
  expect(await inPage(() => window.auth.getAccessToken())).toBe(before?.access_token);
  expect(host.count("/auth/refresh")).toBe(0);
});

test("a network that answers for the server, with a page of its own, signs nobody in and nobody out", async () => {
  await host.auth();
  const email = someone();
  await host.signIn(email);
  const before = await host.session();
  await host.context.route(
    (url) => url.pathname.includes("/auth/"),
    (route) =>
      route.fulfill({
        status: 200,
        headers: { "access-control-allow-origin": "*" },
        contentType: "text/html",
        body: "<h1>Welcome to the train. Please accept our terms.</h1>",
      }),
  );
  const codes = await inPage(async () => {
    const given = { email: "a@example.com", password: "long enough" };
    const calls = [
      window.auth.refresh(),
      window.auth.signInWithEmail(given),
      window.auth.signUp(given),
      window.auth.verifyOtp({ email: given.email, token: "123456" }),
      window.auth.upgradeAnonymousToEmail(given),
      window.auth.signInAnonymously(),
    ];
    return (await Promise.all(calls.map(window.failure))).map(({ code, ours }) => [code, ours]);
  });
  expect(codes).toEqual(Array(6).fill(["unknown", true]));
  expect(await host.session()).toEqual(before);
  expect(await events()).toEqual(["INITIAL_SESSION", "SIGNED_IN"]);
});
