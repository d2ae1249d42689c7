import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { providerRedirectUri } from "../../apps/server/src/domains/identity/index.ts";
import { registerSandboxApp } from "../../apps/server/src/surfaces/sandbox-identity/index.ts";
import type * as Sdk from "../../packages/sdk/src/index.ts";
import { useAuthPage } from "./auth-page.ts";
import type { Failure } from "./core-page.ts";
import type { TestShop } from "./real-server.ts";

// The company that plays the providers is part of the demonstration.
const host = useAuthPage({ env: { TOLLGATE_DEMO: "1" } });
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const MINUTE = 60_000;

declare global {
  interface Window {
    /** How the sign-in under way ends. */
    outcome: Promise<Failure>;
    steps: string[];
  }
}

let social: TestShop | undefined;
/** A paywall with Google sign-in. One for all tests: a domain has one owner, and callbacks need this server's. */
async function useSocial() {
  const { server } = host;
  if (!social) {
    const redirectUri = providerRedirectUri(server.origin, "google");
    const app = { provider: "google" as const, clientId: "inkwell.sandbox", redirectUri };
    const { secret } = await server.deps.db.transaction((tx) => registerSandboxApp(tx, server.deps, app));
    const domain = `localhost:${server.port}`;
    social = await server.sell(
      { domain, allowAnonymous: true, authProviders: ["google"] },
      {
        domains: [{ host: domain, verified: true }],
        authProviders: [
          {
            provider: "google",
            clientId: app.clientId,
            clientSecret: secret,
            issuer: `${server.origin}/sandbox/identity/google`,
          },
        ],
      },
    );
  }
  host.use(social);
  await host.auth();
}

type Options = Partial<
  Pick<Sdk.OAuthSignInOptions, "switchAccount" | "userMeta" | "resumeCheckout" | "scopes">
>;

/** Calls the method and gives the popup; the end is in `window.outcome`. */
async function begin(options: Options = {}): Promise<Page> {
  const popup = host.context.waitForEvent("page");
  await host.page.evaluate((given) => {
    window.steps = [];
    window.outcome = window.failure(
      window.auth.signInWithOAuth({
        provider: "google",
        onPopupOpened: () => window.steps.push("popup"),
        ...given,
      }),
    );
    void window.outcome.then(() => window.steps.push("end"));
  }, options);
  return popup;
}
const outcome = () => inPage(() => window.outcome);

async function choose(popup: Page, person: string) {
  await popup.getByRole("button", { name: person }).click();
}
/** Somebody new at the provider. */
let people = 0;
async function chooseSomebody(popup: Page): Promise<string> {
  const email = `social-${process.pid}-${++people}@example.com`;
  await popup.getByText("Somebody else").click();
  await popup.getByLabel("Name", { exact: true }).fill("Sam Social");
  await popup.getByLabel("Email address").fill(email);
  await popup.getByRole("button", { name: "Continue", exact: true }).click();
  return email;
}
const closed = async (popup: Page) => popup.isClosed() || (await popup.waitForEvent("close"));

/** A client whose popup is a page of the host's own, which tells its opener what a callback page might. */
async function withPopupThatSays(message: object) {
  host.pages.set("/popup", {
    body: `<!doctype html><title>Popup</title><script>
      opener.postMessage({ type: "pw-oauth", messageId: window.name.slice("pw-oauth-".length), ...${JSON.stringify(message)} }, "*");
    </script>`,
  });
  await host.page.evaluate((given) => {
    window.auth = new window.sdk.AuthClient({
      ...given,
      openPopup: (_url, name) => window.open("/popup", name),
    });
  }, host.target);
}

test("B-175, B-179, B-182: from the click to the session: an S256 challenge goes out, the verifier only at the end", async () => {
  await useSocial();
  await inPage(() => window.sdk.ensureVisitorId(window.sdk.createStorage()));
  const popup = await begin({ userMeta: { plan: "a" }, resumeCheckout: { priceId: "1" } });
  expect(await inPage(() => window.steps)).toEqual(["popup"]);
  const init = host.bodyOf("/oauth/init")!;
  expect(init).toEqual({
    provider: "google",
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: "s256",
  });
  expect(await inPage(() => window.auth.getLastLogin())).toEqual({ method: "google", email: null });
  const email = await chooseSomebody(popup);
  const { value } = (await outcome()) as { value: Sdk.AuthSession };
  expect(value.user).toMatchObject({ email, name: "Sam Social" });
  const exchange = host.bodyOf("/oauth/exchange")! as Record<string, string>;
  expect(exchange.code_verifier).toMatch(/^[\w-]{86}$/);
  expect(createHash("sha256").update(exchange.code_verifier!).digest("base64url")).toBe(init.code_challenge);
  expect(exchange).toMatchObject({
    auth_code: expect.any(String),
    user_meta: { plan: "a" },
    visitor_id: await inPage(() => localStorage.getItem("pw-visitor-id")),
  });
  expect(await host.stored(host.key("auth-v1"))).toEqual(value);
  expect(await host.heard()).toEqual([
    ["INITIAL_SESSION", undefined],
    ["SIGNED_IN", email],
  ]);
  expect(await inPage(() => window.auth.getLastLogin())).toEqual({ method: "google", email });
  expect(await inPage(() => window.steps)).toEqual(["popup", "end"]);
  await closed(popup);
});

test("B-176: the popup bears the state, and neither another state nor another window can answer for it", async () => {
  await useSocial();
  const popup = await begin();
  const name = await popup.evaluate(() => window.name);
  expect(name).toMatch(/^pw-oauth-[\w-]{22}$/);
  await host.page.evaluate((state) => {
    const answer = { type: "pw-oauth", status: "success", code: "somebody-elses" };
    window.postMessage({ ...answer, messageId: "another-state" }, "*");
    window.postMessage({ ...answer, messageId: undefined }, "*");
    window.postMessage({ ...answer, type: "other", messageId: state }, "*");
    window.postMessage(null, "*");
    // Who knows the state and is not the popup is still not believed.
    window.postMessage({ ...answer, messageId: state }, "*");
    return new Promise((resolve) => setTimeout(resolve));
  }, name.slice("pw-oauth-".length));
  expect(host.count("/oauth/exchange")).toBe(0);
  const email = await chooseSomebody(popup);
  expect((await outcome()).value).toMatchObject({ user: { email } });
});

test("B-177: a blocked popup, a closed one and one that takes five minutes each have their code", async () => {
  await useSocial();
  const blocked = await host.page.evaluate((given) => {
    window.steps = [];
    const auth = new window.sdk.AuthClient({ ...given, openPopup: () => null });
    return window.failure(
      auth.signInWithOAuth({ provider: "google", onPopupOpened: () => window.steps.push("opened") }),
    );
  }, host.target);
  expect(blocked).toMatchObject({ code: "popup_blocked", ours: true });
  expect(await inPage(() => window.steps)).toEqual([]);

  const popup = await begin();
  await popup.close();
  expect(await outcome()).toMatchObject({ code: "oauth_cancelled", ours: true });

  await host.page.clock.install();
  await host.load();
  await host.auth();
  const slow = await begin();
  await slow.waitForLoadState();
  await host.page.clock.fastForward(5 * MINUTE - 2000);
  expect(await inPage(() => window.steps)).toEqual(["popup"]);
  await host.page.clock.fastForward(2000);
  expect(await outcome()).toMatchObject({ code: "oauth_timeout", ours: true });
  await closed(slow);
  expect(host.count("/oauth/exchange")).toBe(0);
  expect(await host.session()).toBeNull();
});

test("B-178: a provider that refuses is oauth_failed, and an identity of somebody else's is told apart; nothing is tried again", async () => {
  await useSocial();
  const refused = await begin();
  await choose(refused, "Cancel");
  expect(await outcome()).toMatchObject({ code: "oauth_failed", ours: true });
  for (const [message, code] of [
    [{ status: "error", error: "server_error" }, "oauth_failed"],
    [{ status: "error" }, "oauth_failed"],
    [{ status: "success" }, "oauth_failed"],
    [{ status: "error", errorCode: "identity_already_exists" }, "oauth_identity_already_linked"],
    [
      { status: "error", description: "Identity is Already Linked to another user" },
      "oauth_identity_already_linked",
    ],
    [{ status: "error", error: "identity_already_exists" }, "oauth_identity_already_linked"],
  ] as const) {
    await withPopupThatSays(message);
    const before = host.count("/oauth/init");
    await begin();
    expect(await outcome(), JSON.stringify(message)).toMatchObject({ code, ours: true });
    expect(host.count("/oauth/init")).toBe(before + 1);
  }
  expect(host.count("/oauth/exchange")).toBe(0);
});

test("B-181: a session's Bearer goes along, and links: a guest keeps the id and is no guest any more", async () => {
  await useSocial();
  const guest = await inPage(() => window.auth.signInAnonymously());
  const popup = await begin();
  expect(host.lastCall("/oauth/init")?.headers.authorization).toBe(`Bearer ${guest.access_token}`);
  const email = await chooseSomebody(popup);
  const { value } = (await outcome()) as { value: Sdk.AuthSession };
  expect(value.user).toMatchObject({ id: guest.user.id, email, is_anonymous: false });
  expect(await host.raw("anon-rt-v1")).toBeNull();
});

test("B-181: with switchAccount no Bearer goes along, and the account that owns the identity is signed in", async () => {
  await useSocial();
  const owned = await begin();
  const email = await chooseSomebody(owned);
  const owner = ((await outcome()) as { value: Sdk.AuthSession }).value.user.id;
  await closed(owned);
  await inPage(() => window.auth.signOut());
  const guest = await inPage(() => window.auth.signInAnonymously());
  const again = async (popup: Page) => {
    // The company remembers nobody: the same person is typed in again.
    await popup.getByText("Somebody else").click();
    await popup.getByLabel("Name", { exact: true }).fill("Sam Social");
    await popup.getByLabel("Email address").fill(email);
    await popup.getByRole("button", { name: "Continue", exact: true }).click();
  };
  const linking = await begin();
  await again(linking);
  expect((await outcome()).code).toBe("oauth_identity_already_linked");
  expect((await host.session())?.user.id).toBe(guest.user.id);
  await closed(linking);
  const switching = await begin({ switchAccount: true });
  expect(host.lastCall("/oauth/init")?.headers).not.toHaveProperty("authorization");
  await again(switching);
  expect(((await outcome()) as { value: Sdk.AuthSession }).value.user).toMatchObject({ id: owner, email });
  // The guest stays resumable on this device.
  expect(await host.raw("anon-rt-v1")).toBe(guest.refresh_token);
});

test("B-180: a code without a flow of ours, or for one begun more than ten minutes ago, is refused unsent", async () => {
  await host.page.clock.install();
  await host.load();
  await useSocial();
  const complete = (state: string) =>
    host.page.evaluate(
      (it) => window.failure(window.auth.completeOAuthFlow({ state: it, code: "a-code" })),
      state,
    );
  expect(await complete("unknown")).toMatchObject({ code: "oauth_invalid_state", ours: true });
  const start = () => inPage(() => window.auth.startOAuthFlow({ provider: "google" }));
  const old = await start();
  expect(old.authorize_url).toContain(`${host.server.origin}/sandbox/identity/google`);
  expect(old.state).toMatch(/^[\w-]{22}$/);
  await host.page.clock.fastForward(10 * MINUTE + 1000);
  expect((await complete(old.state)).code).toBe("oauth_invalid_state");
  expect(host.count("/oauth/exchange")).toBe(0);
  // Control: a young one is sent, once.
  const { state } = await start();
  await host.page.clock.fastForward(10 * MINUTE - 30_000);
  expect(await complete(state)).toMatchObject({ code: "exchange_failed", status: 401 });
  expect((await complete(state)).code).toBe("oauth_invalid_state");
  expect(host.count("/oauth/exchange")).toBe(1);
});

test("a code that could not be delivered may be delivered again; the flow is not lost with the network", async () => {
  await useSocial();
  const { authorize_url, state } = await inPage(() => window.auth.startOAuthFlow({ provider: "google" }));
  const provider = await host.context.newPage();
  await provider.goto(authorize_url);
  const answered = provider.waitForURL(/\/paywall\/v3\/auth\/callback/);
  const email = await chooseSomebody(provider);
  await answered;
  const code = new URL(provider.url()).searchParams.get("code")!;
  const complete = () =>
    host.page.evaluate((answer) => window.failure(window.auth.completeOAuthFlow(answer)), { state, code });
  await host.fault("/oauth/exchange", "abort");
  expect((await complete()).code).toBe("network_error");
  await host.mend();
  expect((await complete()).value).toMatchObject({ user: { email } });
});

test("B-183: destroying the client in the middle of a sign-in is `aborted`; no window, timer or listener is left", async () => {
  await useSocial();
  await inPage(() => {
    const live = new Set<unknown>();
    Object.assign(window, { live });
    for (const kind of ["Timeout", "Interval"] as const) {
      const set = window[`set${kind}`].bind(window) as (work: () => void, ms: number) => number;
      const clear = window[`clear${kind}`].bind(window);
      Object.assign(window, {
        [`set${kind}`]: (work: () => void, ms: number) => {
          const id = set(() => {
            if (kind === "Timeout") live.delete(id);
            work();
          }, ms);
          live.add(id);
          return id;
        },
        [`clear${kind}`]: (id: number) => {
          live.delete(id);
          clear(id);
        },
      });
    }
    const add = window.addEventListener.bind(window);
    const noting = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
      if (type === "message") {
        live.add(listener);
        options?.signal?.addEventListener("abort", () => live.delete(listener));
      }
      add(type, listener, options);
    };
    Object.assign(window, { addEventListener: noting });
  });
  const left = () => inPage(() => (window as unknown as { live: Set<unknown> }).live.size);
  const popup = await begin();
  expect(await left()).toBe(3);
  await inPage(() => window.auth.destroy());
  expect(await outcome()).toMatchObject({ code: "aborted", ours: true });
  await closed(popup);
  expect(await left()).toBe(0);
  expect(await host.raw("auth-v1")).toBeNull();
});

test("without a window there is no popup to sign in with, which a worker is told at once", async () => {
  host.pages.set("/worker.js", {
    body: `import { AuthClient } from "/sdk/index.js";
      const auth = new AuthClient(${JSON.stringify(host.target)});
      auth.signInWithOAuth({ provider: "google" }).catch((error) => postMessage([error.name, error.code]));`,
    headers: { "content-type": "text/javascript" },
  });
  expect(
    await inPage(
      () =>
        new Promise((resolve) => {
          new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => resolve(data);
        }),
    ),
  ).toEqual(["PaywallError", "oauth_unavailable"]);
  expect(host.requests).toEqual([]);
});

test("the sign-in part is loaded when it is wanted, and a page that could not load it may try again", async () => {
  await host.auth();
  const loaded = () =>
    inPage(
      () => performance.getEntriesByType("resource").filter(({ name }) => /chunks.oauth/.test(name)).length,
    );
  expect(await loaded()).toBe(0);
  await host.context.route(/chunks\/oauth/, (route) => route.abort());
  const start = () => inPage(() => window.failure(window.auth.startOAuthFlow({ provider: "google" })));
  expect(await start()).toMatchObject({ code: "network_error", ours: true });
  await host.mend();
  // This paywall has no domain, which the server says once the part is there.
  expect(await start()).toMatchObject({ code: "custom_domain_required" });
  expect(await loaded()).toBeGreaterThan(0);
});
