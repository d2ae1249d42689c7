import { expect, test } from "vitest";
import { useAuthPage } from "./auth-page.ts";
import { someone } from "./core-page.ts";

const host = useAuthPage({ paywall: { allowAnonymous: true } });
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const REFRESH = "/auth/refresh";

/** Signs in and starts over with an access token that has seconds to live. */
async function signedInLongAgo() {
  await host.auth();
  const email = someone();
  await host.signIn(email);
  await host.expire();
  await host.auth();
  return email;
}

test("B-139: without a paywall or an origin there is no client", async () => {
  await host.prepare(host.page);
  expect(
    await inPage(() =>
      Promise.all(
        [{}, { paywallId: "1" }, { apiOrigin: "https://a.b" }].map((given) =>
          window.failure(Promise.resolve().then(() => new window.sdk.AuthClient(given as never))),
        ),
      ),
    ),
  ).toEqual(Array(3).fill(expect.objectContaining({ code: "invalid_config", ours: true })));
});

test("B-140: a stored session is there after ready(); whatever is not one is as if there was none", async () => {
  const whole = {
    access_token: "a",
    refresh_token: "r",
    expires_at: Date.now() + 3_600_000,
    user: { id: "u", email: "ada@example.com" },
  };
  await host.put("auth-v1", JSON.stringify(whole));
  await host.auth();
  expect(await host.session()).toEqual(whole);
  expect(await inPage(() => window.auth.getCachedUser())).toEqual(whole.user);
  const broken = ["", "null", "[]", "{", '"text"', "7"].concat(
    [
      { ...whole, access_token: 1 },
      { ...whole, refresh_token: undefined },
      { ...whole, expires_at: "soon" },
      { ...whole, user: null },
    ].map((it) => JSON.stringify(it)),
  );
  for (const text of broken) {
    await host.put("auth-v1", text);
    await host.auth();
    expect(await host.session(), text).toBeNull();
  }
});

test("B-141, B-149: an expired session is kept, and the first use refreshes it once for everybody who asks", async () => {
  const email = await signedInLongAgo();
  const before = await host.session();
  expect(before?.user.email).toBe(email);
  expect(host.count(REFRESH)).toBe(0);
  const tokens = await inPage(() =>
    Promise.all(Array.from({ length: 5 }, () => window.auth.getAccessToken())),
  );
  expect(host.count(REFRESH)).toBe(1);
  expect(new Set(tokens).size).toBe(1);
  const after = await host.session();
  expect(tokens[0]).toBe(after?.access_token);
  expect(after?.refresh_token).not.toBe(before?.refresh_token);
});

test("B-148: a token with more than a minute to live is handed out without a request", async () => {
  await host.auth();
  await host.signIn(someone());
  const sent = host.requests.length;
  expect(await inPage(() => window.auth.getAccessToken())).toBe((await host.session())?.access_token);
  expect(host.requests.length).toBe(sent);
});

test("B-150: when the server has ended the session, a refresh signs out here and gives null", async () => {
  await signedInLongAgo();
  const { refresh_token } = (await host.session())!;
  // Ended elsewhere: the family is revoked by signing out on another device.
  const { body } = await host.server.post<{ access_token: string }>(host.shop.api("auth/refresh"), {
    refresh_token,
    visitor_id: await inPage(() => localStorage.getItem("pw-visitor-id")),
  });
  await host.server.post(host.shop.api("auth/revoke-all"), undefined, {
    authorization: `Bearer ${body.access_token}`,
  });
  expect(await inPage(() => window.auth.getAccessToken())).toBeNull();
  expect(await host.session()).toBeNull();
  expect(await host.raw("auth-v1")).toBeNull();
  expect((await host.heard()).map(([event]) => event)).toEqual(["INITIAL_SESSION", "SIGNED_OUT"]);
});

test("B-151: a server in trouble or a dead network costs nobody their session; the old token is handed out", async () => {
  await signedInLongAgo();
  const before = await host.session();
  const attempt = () =>
    inPage(async () => [
      await window.auth.getAccessToken(),
      (await window.failure(window.auth.refresh())).code,
    ]);
  await host.fault(REFRESH, { status: 503, body: { error: "upstream" } });
  expect(await attempt()).toEqual([before?.access_token, "upstream"]);
  await host.mend();
  await host.fault(REFRESH, "abort");
  expect(await attempt()).toEqual([before?.access_token, "network_error"]);
  await host.mend();
  expect(await host.session()).toEqual(before);
  expect((await host.heard()).map(([event]) => event)).toEqual(["INITIAL_SESSION"]);
  await inPage(() => window.auth.getAccessToken());
  expect((await host.session())?.refresh_token).not.toBe(before?.refresh_token);
});

test("B-152: without a session there is nothing to refresh and nothing is asked", async () => {
  await host.auth();
  expect(await inPage(() => window.auth.refresh())).toBeNull();
  expect(host.requests).toEqual([]);
});

test("B-153: a refresh keeps the user and tells of new tokens", async () => {
  await host.auth();
  const email = someone();
  await host.signIn(email);
  const before = await host.session();
  const after = await inPage(() => window.auth.refresh());
  expect(after?.user).toEqual(before?.user);
  expect(after?.refresh_token).not.toBe(before?.refresh_token);
  expect(await host.stored(host.key("auth-v1"))).toEqual(after);
  expect((await host.heard()).at(-1)).toEqual(["TOKEN_REFRESHED", email]);
});

test("B-154, B-156: every subscriber gets one INITIAL_SESSION, with null too; who leaves before gets none", async () => {
  const initial = () =>
    inPage(async () => {
      const told: unknown[] = [];
      for (const name of ["one", "two", "gone"]) {
        const off = window.auth.onAuthChange((event, session) =>
          told.push([name, event, session?.user.id ?? null]),
        );
        if (name === "gone") off();
      }
      const inSameTick = told.length;
      await window.auth.ready();
      await new Promise((resolve) => setTimeout(resolve));
      return { inSameTick, told };
    });
  await host.auth();
  expect(await initial()).toEqual({
    inSameTick: 0,
    told: [
      ["one", "INITIAL_SESSION", null],
      ["two", "INITIAL_SESSION", null],
    ],
  });
  await host.signIn(someone());
  const { id } = (await host.session())!.user;
  expect((await initial()).told).toEqual([
    ["one", "INITIAL_SESSION", id],
    ["two", "INITIAL_SESSION", id],
  ]);
});

test("B-155: INITIAL_SESSION comes first even when the session changes in the tick of the subscription", async () => {
  await host.auth();
  await host.signIn(someone());
  expect(
    await inPage(async () => {
      const told: string[] = [];
      const signOut = window.auth.signOut();
      window.auth.onAuthChange((event, session) => told.push(`${event} ${!!session}`));
      await signOut;
      await new Promise((resolve) => setTimeout(resolve));
      return told;
    }),
  ).toEqual(["INITIAL_SESSION true", "SIGNED_OUT false"]);
});

test("B-157: the session that is there already, set again, is no news", async () => {
  await host.auth();
  await host.signIn(someone());
  const before = (await host.heard()).length;
  const other = await host.tab();
  const text = (await host.raw("auth-v1"))!;
  await host.put("auth-v1", JSON.stringify({ ...JSON.parse(text), extra: 1 }), other);
  await host.put("auth-v1", text, other);
  // A sign-out by the same route is heard, so what came before it has been heard as well.
  await host.put("auth-v1", null, other);
  await host.page.waitForFunction(() => !window.auth.getCachedSession());
  expect((await host.heard()).slice(before)).toEqual([["SIGNED_OUT", undefined]]);
});

test("a listener that throws is logged and stops neither the others nor the client", async () => {
  const logged: string[] = [];
  host.page.on("console", (message) => logged.push(message.text()));
  await host.auth();
  await inPage(() => {
    window.auth.onAuthChange(() => {
      throw new Error("mine");
    });
    window.auth.onAuthChange((event) => window.authEvents.push([event, "later"]));
  });
  await host.signIn(someone());
  expect(await host.heard()).toContainEqual(["SIGNED_IN", "later"]);
  expect(logged.join()).toContain("a listener threw");
});
