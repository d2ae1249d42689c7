import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { sql } from "../../apps/server/src/platform/database/index.ts";
import { useAuthPage } from "./auth-page.ts";
import { someone } from "./core-page.ts";
import { useProxy } from "./proxy.ts";

const host = useAuthPage({ paywall: { allowAnonymous: true } });
const proxy = useProxy(() => host.server.origin);
const REFRESH = "/auth/refresh";
const HOUR = 3_600_000;

const token = (on: Page = host.page) => on.evaluate(() => window.auth.getAccessToken());
const works = async (accessToken: string | null) =>
  (await host.server.get(host.shop.api("balances"), { authorization: `Bearer ${accessToken}` })).status ===
  200;

/** More tabs of the same visitor, each with a client of its own. */
async function tabs(count: number): Promise<Page[]> {
  const made: Page[] = [];
  for (let n = 0; n < count; n++) {
    const tab = await host.tab();
    await host.auth({}, tab);
    made.push(tab);
  }
  return made;
}

test("B-158, B-159: sign-in, rotation and sign-out of one tab are heard in the other, which writes nothing", async () => {
  const [other] = (await tabs(1)) as [Page];
  await host.auth();
  await other.evaluate(() => {
    for (const name of ["setItem", "removeItem"] as const) {
      const write = Storage.prototype[name] as (key: string, value?: string) => void;
      Storage.prototype[name] = function (key: string, value?: string) {
        if (key.includes("auth")) window.authEvents.push([name, key]);
        return write.call(this, key, value);
      };
    }
  });
  const email = someone();
  await host.signIn(email);
  await other.waitForFunction(() => window.auth.getCachedSession());
  await host.page.evaluate(() => window.auth.refresh());
  await other.waitForFunction(() => window.authEvents.length === 3);
  expect(await host.session(other)).toEqual(await host.session());
  await host.page.evaluate(() => window.auth.signOut());
  await other.waitForFunction(() => !window.auth.getCachedSession());
  expect(await host.heard(other)).toEqual([
    ["INITIAL_SESSION", undefined],
    ["SIGNED_IN", email],
    ["TOKEN_REFRESHED", email],
    ["SIGNED_OUT", undefined],
  ]);
});

test("B-158: another person who signs in in another tab is signed in here as well", async () => {
  const [other] = (await tabs(1)) as [Page];
  await host.auth();
  await host.signIn(someone());
  await other.waitForFunction(() => window.auth.getCachedSession());
  const email = someone();
  await host.signIn(email, other);
  await host.page.waitForFunction((to) => window.auth.getCachedUser()?.email === to, email);
  expect((await host.heard()).at(-1)).toEqual(["SIGNED_IN", email]);
});

test("B-160: with no session in memory a token is looked for in the storage once more, and that is a sign-in", async () => {
  await host.auth();
  const email = someone();
  await host.signIn(email);
  const text = (await host.raw("auth-v1"))!;
  // Storage without `watch`, into which another context writes after this client has read it.
  const [before, given, reads, heard] = await host.page.evaluate(
    async ({ target, session }) => {
      let stored: string | null = null;
      let reads = 0;
      const auth = new window.sdk.AuthClient({
        ...target,
        storage: {
          getItem: async (key) => {
            if (key.endsWith("-auth-v1")) reads++;
            return key.endsWith("-auth-v1") ? stored : null;
          },
          setItem: async () => {},
          removeItem: async () => {},
        },
      });
      const heard: string[] = [];
      auth.onAuthChange((event) => heard.push(event));
      await auth.ready();
      reads = 0;
      const before = await auth.getAccessToken();
      stored = session;
      return [before, await auth.getAccessToken(), reads, heard] as const;
    },
    { target: host.target, session: text },
  );
  expect(before).toBeNull();
  expect(given).toBe(JSON.parse(text).access_token);
  expect(reads).toBe(2);
  expect(heard).toEqual(["INITIAL_SESSION", "SIGNED_IN"]);
});

test("ten tabs that need a token at once make one refresh request, and all get the same token", async () => {
  await host.auth();
  await host.signIn(someone());
  await host.expire();
  const ten = await tabs(10);
  const tokens = await Promise.all(ten.map(token));
  expect(host.count(REFRESH)).toBe(1);
  expect(new Set(tokens).size).toBe(1);
  expect(await works(tokens[0]!)).toBe(true);
  // Control: it was the lock and the shared session, not a server that answers all of them alike.
  await host.page.evaluate(() => window.auth.refresh());
  expect(host.count(REFRESH)).toBe(2);
  expect(await token(ten[3])).toBe((await host.session())?.access_token);
}, 120_000);

test("ten tabs that call refresh() at once rotate the session once", async () => {
  await host.auth();
  await host.signIn(someone());
  const ten = await tabs(10);
  // The answer is held back, so that all ten have asked before there is one.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await host.context.route(
    (url) => url.pathname.endsWith(REFRESH),
    async (route) => {
      await held;
      await route.continue();
    },
  );
  const results = Promise.all(ten.map((tab) => tab.evaluate(() => window.auth.refresh())));
  await expect.poll(() => host.count(REFRESH), { timeout: 20_000 }).toBe(1);
  await expect
    .poll(() => host.page.evaluate(async () => (await navigator.locks.query()).pending?.length))
    .toBe(9);
  release();
  expect(new Set((await results).map((it) => it?.refresh_token)).size).toBe(1);
  expect(host.count(REFRESH)).toBe(1);
}, 120_000);

test("a tab that is closed in the middle of its refresh leaves a session that the others go on with, hours later too", async () => {
  await host.load();
  await host.auth({ apiOrigin: proxy.origin });
  await host.page.evaluate(() => window.sdk.ensureVisitorId(window.sdk.createStorage()));
  await host.signIn(someone());
  await host.expire();
  const doomed = await host.tab();
  await host.auth({ apiOrigin: proxy.origin }, doomed);
  // The server answers, and the answer never arrives.
  proxy.fault = "slow";
  void doomed.evaluate(() => window.auth.refresh()).catch(() => {});
  const spent = sql`select 1 from refresh_tokens where tenant_id = ${host.shop.tenantId} and used_at is not null`;
  await expect.poll(async () => (await host.server.deps.db.query(spent)).length).toBe(1);
  await doomed.close();
  proxy.fault = "pass";
  host.server.clock.advance({ hours: 5 });
  await host.auth({ apiOrigin: proxy.origin });
  const fresh = await host.page.evaluate(() => window.auth.refresh());
  expect(await works(fresh!.access_token)).toBe(true);
});

test("a network that is cut under the answer of a refresh, or a server that restarts, loses no session", async () => {
  await host.page.evaluate(() => window.sdk.ensureVisitorId(window.sdk.createStorage()));
  await host.auth({ apiOrigin: proxy.origin });
  const email = someone();
  await host.signIn(email);
  for (const fault of ["cut", "refuse"] as const) {
    proxy.fault = fault;
    const failed = await host.page.evaluate(() => window.failure(window.auth.refresh()));
    expect(failed.code).toBe("network_error");
    proxy.fault = "pass";
    // Longer than the server takes a repeat for a replay.
    host.server.clock.advance({ minutes: 10 });
    expect((await host.page.evaluate(() => window.auth.refresh()))?.user.email).toBe(email);
  }
  await host.server.goDown();
  expect((await host.page.evaluate(() => window.failure(window.auth.refresh()))).code).toBe("network_error");
  await host.server.comeBack();
  expect(await works((await host.page.evaluate(() => window.auth.refresh()))!.access_token)).toBe(true);
  expect((await host.heard()).map(([event]) => event)).not.toContain("SIGNED_OUT");
});

test("signing out in one tab wins over a refresh that another has under way", async () => {
  const [other] = (await tabs(1)) as [Page];
  await host.auth();
  await host.signIn(someone());
  await other.waitForFunction(() => window.auth.getCachedSession());
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await other.route(
    (url) => url.pathname.endsWith(REFRESH),
    async (route) => {
      const answer = await route.fetch();
      await held;
      await route.fulfill({ response: answer });
    },
  );
  const refreshed = other.evaluate(() => window.auth.refresh());
  await expect.poll(() => host.count(REFRESH)).toBe(1);
  await host.page.evaluate(() => window.auth.signOut());
  await other.waitForFunction(() => !window.auth.getCachedSession());
  release();
  expect(await refreshed).toBeNull();
  expect(await host.raw("auth-v1")).toBeNull();
  expect(await host.session(other)).toBeNull();
  expect(await host.session()).toBeNull();
});

test("a sign-out that is heard only after a refresh was written ends what the refresh wrote", async () => {
  await host.auth();
  await host.signIn(someone());
  const session = (await host.raw("auth-v1"))!;
  const result = await host.page.evaluate(
    async ({ target, session }) => {
      let stored: string | null = session;
      let hear = (_text: string | null) => {};
      const ours = (key: string) => key.endsWith("-auth-v1");
      const auth = new window.sdk.AuthClient({
        ...target,
        storage: {
          getItem: async (key) => (ours(key) ? stored : null),
          setItem: async (key, value) => {
            if (ours(key)) stored = value;
          },
          removeItem: async (key) => {
            if (ours(key)) stored = null;
          },
          watch: (key, callback) => {
            if (ours(key)) hear = callback;
            return () => {};
          },
        },
      });
      const heard: string[] = [];
      const signedOut = new Promise<void>((resolve) => {
        auth.onAuthChange((event) => {
          heard.push(event);
          if (event === "SIGNED_OUT") resolve();
        });
      });
      await auth.ready();
      const renewed = await auth.refresh();
      // Old news of the session's own making changes nothing.
      hear(session);
      hear(null);
      await signedOut;
      return { renewed: !!renewed, stored, heard, left: auth.getCachedSession() };
    },
    { target: host.target, session },
  );
  expect(result).toEqual({
    renewed: true,
    stored: null,
    heard: ["INITIAL_SESSION", "TOKEN_REFRESHED", "SIGNED_OUT"],
    left: null,
  });
});

for (const [words, offset] of [
  ["three hours ahead", 3 * HOUR],
  ["three hours behind", -3 * HOUR],
  ["a year ahead", 365 * 24 * HOUR],
] as const) {
  test(`a device whose clock is ${words} neither refreshes again and again nor signs out, and refreshes in time`, async () => {
    await host.page.clock.install({ time: host.server.clock.now().getTime() + offset });
    await host.load();
    await host.auth();
    await host.signIn(someone());
    for (let n = 0; n < 5; n++) expect(await works(await token())).toBe(true);
    expect(host.count(REFRESH)).toBe(0);
    // What has been stored serves the next page as well.
    await host.load();
    await host.auth();
    expect(await works(await token())).toBe(true);
    expect(host.count(REFRESH)).toBe(0);
    host.server.clock.advance({ hours: 1 });
    await host.page.clock.fastForward(HOUR);
    for (let n = 0; n < 3; n++) expect(await works(await token())).toBe(true);
    expect(host.count(REFRESH)).toBe(1);
  });
}

test("a clock that is put right while somebody is signed in costs one refresh at most and no session", async () => {
  await host.page.clock.install({ time: host.server.clock.now().getTime() + 5 * HOUR });
  await host.load();
  await host.auth();
  await host.signIn(someone());
  await host.page.clock.setSystemTime(host.server.clock.now());
  expect(await works(await token())).toBe(true);
  await host.page.clock.setSystemTime(host.server.clock.now().getTime() + 9 * HOUR);
  for (let n = 0; n < 4; n++) expect(await works(await token())).toBe(true);
  expect(host.count(REFRESH)).toBe(1);
});
