import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { settle, sharedStorage, stubFetch } from "../../test/stub-fetch.ts";
import { AuthClient } from "./auth-client.ts";
import type { PaywallError } from "./errors.ts";
import type { AuthSession } from "./types.ts";

const ADA = { email: "ada@example.com", password: "correct" };
const KEY = "pw-7-auth-v1";
let storage: ReturnType<typeof sharedStorage>;
let serial = 0;
let faults: Record<string, { status: number; body?: object } | "offline">;

const tokens = (extra: object = {}) => ({
  access_token: `at_${++serial}`,
  refresh_token: `rt_${serial}`,
  expires_in: 3600,
  expires_at: null,
  ...extra,
});
const wire = () =>
  stubFetch(({ path, body }) => {
    const call = path.split("/auth/")[1]!;
    const fault = faults[call];
    if (fault) return fault;
    const { email } = (body ?? {}) as { email?: string };
    if (call === "email/signin" || call === "otp/verify")
      return { body: tokens({ user: { id: "u1", email: email ?? null } }) };
    if (call === "anonymous/signin") return { body: tokens({ user: { id: "g1", email: null } }) };
    if (call === "refresh") return { body: tokens() };
    return { body: { ok: true } };
  });
type Wire = ReturnType<typeof wire>;
const build = (net: Wire) =>
  new AuthClient({ paywallId: "7", apiOrigin: "http://api.test", storage: storage.tab(), fetch: net.fetch });
const stored = () => JSON.parse(storage.data.get(KEY) ?? "null") as AuthSession | null;
const keep = (patch: Partial<AuthSession> = {}) =>
  storage.data.set(
    KEY,
    JSON.stringify({
      access_token: "old_at",
      refresh_token: "old_rt",
      expires_at: Date.now() + 3_600_000,
      user: { id: "u1", email: ADA.email },
      ...patch,
    }),
  );
const failure = (promise: Promise<unknown>): Promise<PaywallError> =>
  promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );
const paths = (net: Wire) => net.calls.map(({ path }) => path.split("/auth/")[1]);
function listen(auth: AuthClient): string[] {
  const events: string[] = [];
  auth.onAuthChange((event, session) => events.push(session ? `${event} ${session.user.id}` : event));
  return events;
}

beforeEach(() => {
  storage = sharedStorage();
  serial = 0;
  faults = {};
});
afterEach(() => vi.useRealTimers());

describe("the stored session", () => {
  test("B-139, B-140, B-141: a usable one is there after ready(), a malformed one is not", async () => {
    expect(() => new AuthClient({ paywallId: "", apiOrigin: "x" })).toThrow(
      expect.objectContaining({ code: "invalid_config" }),
    );
    keep({ expires_at: 5 });
    const auth = build(wire());
    expect(auth.getCachedSession()).toBe(null);
    await auth.ready();
    expect(auth.getCachedUser()?.id).toBe("u1");
    for (const bad of [
      "{",
      "7",
      '{"access_token":"a"}',
      '{"access_token":"a","refresh_token":"b","expires_at":1}',
    ]) {
      storage.data.set(KEY, bad);
      const other = build(wire());
      await other.ready();
      expect(other.getCachedSession()).toBe(null);
    }
  });

  test("B-154, B-155, B-156: every subscriber starts with one INITIAL_SESSION, whatever happens meanwhile", async () => {
    const auth = build(wire());
    const events = listen(auth);
    const left = vi.fn();
    auth.onAuthChange(left)();
    await settle();
    expect(events).toEqual(["INITIAL_SESSION"]);
    await auth.signInWithEmail(ADA);
    const late = listen(auth);
    void auth.signOut();
    await settle();
    expect(late).toEqual(["INITIAL_SESSION u1", "SIGNED_OUT"]);
    expect(events).toEqual(["INITIAL_SESSION", "SIGNED_IN u1", "SIGNED_OUT"]);
    expect(left).not.toHaveBeenCalled();
  });

  test("B-155: INITIAL_SESSION comes first also when another tab signs in during the very same tick", async () => {
    const auth = build(wire());
    await auth.ready();
    keep();
    void storage.tab().setItem(KEY, storage.data.get(KEY)!);
    const events = listen(auth);
    await settle();
    expect(events).toEqual(["INITIAL_SESSION", "SIGNED_IN u1"]);
  });

  test("B-158, B-159: what another tab does is seen here and not written back", async () => {
    const [mine, theirs] = [build(wire()), build(wire())];
    const events = listen(mine);
    await settle();
    const write = vi.spyOn(storage.data, "set");
    await theirs.signInWithEmail(ADA);
    await theirs.refresh();
    await settle();
    const sessionWrites = write.mock.calls.filter(([key]) => key === KEY).length;
    await theirs.signOut();
    await settle();
    expect(events).toEqual(["INITIAL_SESSION", "SIGNED_IN u1", "TOKEN_REFRESHED u1", "SIGNED_OUT"]);
    expect(sessionWrites).toBe(2);
    expect(mine.getCachedSession()).toBe(null);
  });
});

describe("tokens", () => {
  test("B-148, B-149: a good token is used, a dying one refreshed once for everybody", async () => {
    keep({ expires_at: Date.now() + 61_000 });
    const net = wire();
    expect(await build(net).getAccessToken()).toBe("old_at");
    expect(net.calls).toEqual([]);
    keep({ expires_at: Date.now() + 59_000 });
    const auth = build(net);
    expect(await Promise.all([auth.getAccessToken(), auth.getAccessToken(), auth.getAccessToken()])).toEqual([
      "at_1",
      "at_1",
      "at_1",
    ]);
    expect(paths(net)).toEqual(["refresh"]);
  });

  test("B-150, B-152: a refused refresh signs out; without a session there is nothing to refuse", async () => {
    const net = wire();
    expect(await build(net).refresh()).toBe(null);
    expect(net.calls).toEqual([]);
    keep({ expires_at: 1 });
    faults.refresh = { status: 401, body: { error: "invalid_refresh_token" } };
    const auth = build(net);
    const events = listen(auth);
    expect(await auth.getAccessToken()).toBe(null);
    expect(events).toEqual(["INITIAL_SESSION u1", "SIGNED_OUT"]);
    expect(stored()).toBe(null);
  });

  test.each([
    ["a server error", { status: 503, body: {} }],
    ["no network", "offline" as const],
  ])("B-151: %s keeps the session and the old token", async (_, fault) => {
    keep({ expires_at: 1 });
    faults.refresh = fault;
    const auth = build(wire());
    expect(await auth.getAccessToken()).toBe("old_at");
    await failure(auth.refresh());
    expect(stored()?.refresh_token).toBe("old_rt");
  });

  test("B-153: a refresh keeps the person and says so", async () => {
    keep();
    const auth = build(wire());
    const events = listen(auth);
    expect((await auth.refresh())?.user).toEqual({ id: "u1", email: ADA.email });
    expect(events).toEqual(["INITIAL_SESSION u1", "TOKEN_REFRESHED u1"]);
    expect(stored()?.access_token).toBe("at_1");
  });

  test("a token that another tab has rotated meanwhile is adopted, not spent twice", async () => {
    keep();
    const net = wire();
    const auth = build(net);
    await auth.ready();
    // Written behind the watcher's back, as a frozen tab would find it.
    keep({ access_token: "their_at", refresh_token: "their_rt" });
    expect((await auth.refresh())?.access_token).toBe("their_at");
    expect(net.calls).toEqual([]);
  });

  test("a browser that stores nothing still keeps its session through a refresh", async () => {
    const net = wire();
    const nowhere = { getItem: async () => null, setItem: async () => {}, removeItem: async () => {} };
    const auth = new AuthClient({
      paywallId: "7",
      apiOrigin: "http://a.b",
      storage: nowhere,
      fetch: net.fetch,
    });
    await auth.signInWithEmail(ADA);
    expect((await auth.refresh())?.user.id).toBe("u1");
  });

  test("B-160: without a session the storage is looked at once more", async () => {
    const auth = build(wire());
    await auth.ready();
    keep();
    expect(await auth.getAccessToken()).toBe("old_at");
  });
});

describe("e-mail", () => {
  test("B-142, B-143, B-147: signing in stores, tells once, remembers, and names the known visitor", async () => {
    const net = wire();
    const auth = build(net);
    const events = listen(auth);
    await auth.signInWithEmail({ ...ADA, idempotencyKey: "k1", userMeta: { plan: "x" } });
    expect(net.calls[0]?.body).toEqual({ ...ADA, user_meta: { plan: "x" } });
    expect(net.calls[0]?.headers.get("idempotency-key")).toBe("k1");
    expect(events).toEqual(["INITIAL_SESSION", "SIGNED_IN u1"]);
    expect(stored()?.access_token).toBe("at_1");
    expect(await auth.getLastLogin()).toEqual({ method: "email", email: ADA.email });
    storage.data.set("pw-visitor-id", "v".repeat(16));
    await auth.signInWithEmail(ADA);
    expect(net.calls[1]?.body).toMatchObject({ visitor_id: "v".repeat(16) });
  });

  test.each([
    [
      "B-144: confirmation",
      { status: "confirmation_required", user: { id: "n", email: ADA.email } },
      ADA.email,
    ],
    ["B-145: a known address", { status: "already_registered", email: ADA.email }, undefined],
  ])("%s makes no session", async (_, body, remembered) => {
    faults["email/signup"] = { status: 200, body };
    const auth = build(wire());
    expect((await auth.signUp(ADA)).kind).toBe(body.status);
    expect(auth.getCachedSession()).toBe(null);
    expect((await auth.getLastLogin())?.email).toBe(remembered);
  });

  test("B-146: a sign-up that signs in is a sign-in", async () => {
    faults["email/signup"] = {
      status: 200,
      body: { status: "signed_in", ...tokens({ user: { id: "u9" } }) },
    };
    const auth = build(wire());
    const events = listen(auth);
    expect((await auth.signUp(ADA)).kind).toBe("signed_in");
    expect(events.at(-1)).toBe("SIGNED_IN u9");
  });

  test("B-164, B-165: codes", async () => {
    const net = wire();
    const auth = build(net);
    const events = listen(auth);
    await auth.sendOtp({ email: ADA.email });
    await auth.sendOtp({ email: ADA.email, createUser: false });
    expect(net.calls.map(({ body }) => (body as { create_user: boolean }).create_user)).toEqual([
      true,
      false,
    ]);
    await auth.verifyOtp({ email: ADA.email, token: "123456" });
    expect(net.calls[2]?.body).toMatchObject({ token: "123456", type: "email" });
    await auth.verifyOtp({ email: ADA.email, token: "123456", type: "recovery" });
    expect(events.slice(1)).toEqual(["SIGNED_IN u1", "PASSWORD_RECOVERY u1"]);
    expect(await auth.getLastLogin()).toBe(null);
  });

  test("B-163, B-166: what needs a session says so before it asks", async () => {
    const net = wire();
    const auth = build(net);
    for (const refused of [
      auth.updatePassword({ password: "n" }),
      auth.revokeAllSessions(),
      auth.upgradeAnonymousToEmail(ADA),
    ])
      expect((await failure(refused)).code).toBe("not_authenticated");
    expect(net.calls).toEqual([]);
    await auth.signInWithEmail(ADA);
    const events = listen(auth);
    await auth.updatePassword({ password: "n" });
    expect(net.calls[1]?.headers.get("authorization")).toBe("Bearer at_1");
    faults["revoke-all"] = { status: 500, body: {} };
    await failure(auth.revokeAllSessions());
    expect(auth.getCachedSession()).not.toBe(null);
    expect(events).toEqual(["INITIAL_SESSION u1"]);
  });

  test("B-161: signing out is done here before the server hears of it, and its errors do not matter", async () => {
    keep();
    faults.signout = "offline";
    const net = wire();
    const auth = build(net);
    await auth.signOut();
    expect(stored()).toBe(null);
    expect(net.calls[0]?.headers.get("authorization")).toBe("Bearer old_at");
  });
});

describe("guests", () => {
  const GUEST = "pw-7-anon-rt-v1";

  test("B-167, B-171, B-172: one guest, however often it is asked for", async () => {
    const net = wire();
    const auth = build(net);
    const [a, b] = await Promise.all([auth.signInAnonymously(), auth.signInAnonymously()]);
    expect(a).toBe(b);
    expect(a.user).toMatchObject({ id: "g1", email: null, is_anonymous: true });
    expect(await auth.signInAnonymously()).toEqual(a);
    expect(paths(net)).toEqual(["anonymous/signin"]);
    expect(net.calls[0]?.body).toEqual({});
    expect(storage.data.get(GUEST)).toBe("rt_1");
  });

  test("B-162, B-168, B-170: a guest comes back as the same one, unless forgotten", async () => {
    const net = wire();
    const auth = build(net);
    await auth.signInAnonymously();
    await auth.signOut();
    expect(storage.data.get(GUEST)).toBe("rt_1");
    await auth.signInAnonymously();
    expect(net.calls[1]?.body).toEqual({ refresh_token: "rt_1" });
    expect(storage.data.get(GUEST)).toBe("rt_2");
    await auth.signInAnonymously({ forceNewAnon: true });
    expect(paths(net)).toEqual(["anonymous/signin", "refresh", "anonymous/signin"]);
    await auth.signOut({ forgetAnonymous: true });
    expect(storage.data.has(GUEST)).toBe(false);
    expect(paths(net).at(-1)).toBe("signout");
  });

  test("B-169: a guest token that is refused is dropped, one that cannot be tried is kept", async () => {
    storage.data.set(GUEST, "old");
    faults.refresh = { status: 503, body: {} };
    await failure(build(wire()).signInAnonymously());
    expect(storage.data.get(GUEST)).toBe("old");
    faults.refresh = { status: 401, body: {} };
    const session = await build(wire()).signInAnonymously();
    expect(session.user.id).toBe("g1");
    expect(storage.data.get(GUEST)).toBe(session.refresh_token);
  });

  test("B-173, B-174: an upgrade keeps the person, or changes nothing yet", async () => {
    const auth = build(wire());
    await auth.signInAnonymously();
    faults["anonymous/upgrade"] = {
      status: 200,
      body: { status: "confirmation_required", email: ADA.email },
    };
    expect(await auth.upgradeAnonymousToEmail(ADA)).toEqual({
      kind: "confirmation_required",
      email: ADA.email,
    });
    expect(auth.getCachedUser()?.is_anonymous).toBe(true);
    faults["anonymous/upgrade"] = {
      status: 200,
      body: { status: "updated", user: { id: "g1", email: ADA.email, is_anonymous: false } },
    };
    const events = listen(auth);
    await auth.upgradeAnonymousToEmail(ADA);
    expect(auth.getCachedUser()).toMatchObject({ id: "g1", email: ADA.email, is_anonymous: false });
    expect(events).toEqual(["INITIAL_SESSION g1", "USER_UPDATED g1"]);
    expect(storage.data.has(GUEST)).toBe(false);
  });
});

test("B-183: after destroy nothing is told or stored", async () => {
  const auth = build(wire());
  const events = listen(auth);
  await settle();
  auth.destroy();
  auth.destroy();
  await auth.signInWithEmail(ADA);
  expect(auth.isDestroyed()).toBe(true);
  expect(events).toEqual(["INITIAL_SESSION"]);
  expect([...storage.data.keys()]).toEqual([]);
});
