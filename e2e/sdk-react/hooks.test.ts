import type { PaywallAccessState, PaywallPricesState, PaywallUserState } from "@tollgate/sdk-react";
import { describe, expect, test } from "vitest";
import { ADA } from "../sdk/host-page.ts";
import { REACTS } from "./bundle.ts";
import { useReactPage } from "./react-page.ts";

const HOUR_MS = 3_600_000;

describe.each(REACTS)("with React %s", (react) => {
  const host = useReactPage(react);

  /** Mounts a probe of each named hook under a provider of its own. */
  const mountHooks = (hooks: string[], options: object = {}) =>
    host.page.evaluate(
      ([names, given]) => {
        const { h, mount, probe, Expose, bindings } = window.t;
        const all = bindings as unknown as Record<string, () => unknown>;
        const Probes = names.map((name) => probe(name, all[name]!));
        const provider = {
          options: { shadowMode: "open" as const, ...(given as { paywallId: string; apiOrigin: string }) },
        };
        mount(
          h(bindings.PaywallProvider, provider, h(Expose), ...Probes.map((Probe, key) => h(Probe, { key }))),
        );
      },
      [hooks, { ...host.target, ...options }] as const,
    );
  const shows = (name: string, text: string | RegExp) =>
    host.page.locator(`output#${name}`, { hasText: text }).waitFor({ state: "attached" });

  test("B-334: usePaywallState follows state changes, one object for each", async () => {
    await mountHooks(["usePaywallState"]);
    await host.page.waitForFunction(() => window.pw);
    await host.open();
    await shows("usePaywallState", '"view":"layout"');
    await host.page.evaluate(() => window.pw.close());
    await shows("usePaywallState", '"open":false');
    const views = (await host.seen<{ view: string | null }>("usePaywallState")).map(({ view }) => view);
    expect(views).toEqual([null, "loading", "layout", null]);
    expect(
      await host.page.evaluate(() => window.t.seen.usePaywallState?.at(-1) === window.pw.getState()),
    ).toBe(true);
    expect(host.said).toEqual([]);
  });

  test("B-335: with sign-in, nobody is a guest, somebody signed in with the user arriving later, and a guest after signing out", async () => {
    await mountHooks(["usePaywallUser"], { auth: true });
    await shows("usePaywallUser", '"guest"');
    await host.page.evaluate(() => window.pw.openSignin());
    await host.signInWithCode(ADA);
    await shows("usePaywallUser", "has_active_subscription");
    const states = await host.seen<PaywallUserState>("usePaywallUser");
    expect(states[0]).toEqual({ status: "loading", user: null, session: null });
    expect(states.find(({ status }) => status === "signed_in")).toMatchObject({
      user: null,
      session: { user: { email: ADA } },
    });
    expect(states.at(-1)).toMatchObject({ status: "signed_in", user: { has_active_subscription: false } });

    // After a reload nobody who is signed in is shown as a guest, not even for a moment.
    await host.loadReact();
    await mountHooks(["usePaywallUser"], { auth: true });
    await shows("usePaywallUser", "has_active_subscription");
    expect((await host.seen<PaywallUserState>("usePaywallUser")).map(({ status }) => status)).not.toContain(
      "guest",
    );

    await host.page.evaluate(() => window.pw.auth?.signOut());
    await shows("usePaywallUser", '"guest"');
    expect(await host.last("usePaywallUser")).toEqual({ status: "guest", user: null, session: null });
  });

  test("B-335: without sign-in, somebody is a guest until a user exists, and again without an identity", async () => {
    await mountHooks(["usePaywallUser"]);
    await shows("usePaywallUser", '"guest"');
    await host.page.evaluate((email) => window.pw.billing.setIdentity({ email }), ADA);
    await shows("usePaywallUser", '"signed_in"');
    expect(await host.last("usePaywallUser")).toMatchObject({ session: null, user: { purchases: [] } });
    await host.page.evaluate(() => window.pw.billing.setIdentity(undefined));
    await shows("usePaywallUser", '"guest"');
  });

  test("B-336: usePaywallAccess goes from loading to ready and asks again when the user changes", async () => {
    host.use(await host.server.sell({ checkoutMode: "guest" }, { hybridTrust: "legacy" }));
    await mountHooks(["usePaywallAccess"], { identity: { email: ADA } });
    await shows("usePaywallAccess", '"blocked"');
    await host.server.buyFor(host.shop, ADA);
    await host.page.evaluate(() => window.pw.billing.getUser({ force: true }));
    await shows("usePaywallAccess", '"has_subscription"');
    const states = await host.seen<PaywallAccessState>("usePaywallAccess");
    // Never back to loading: the old answer stays until there is a new one.
    expect(states.map(({ status, result }) => result?.access ?? status)).toEqual([
      "loading",
      "blocked",
      "granted",
    ]);
  });

  test("B-336: another flag asks again and keeps the old answer meanwhile; another paywall starts at loading", async () => {
    host.use(await host.server.sell({ trial: { mode: "opens", payload: 2 } }));
    const seen = await host.page.evaluate(async (target) => {
      const { h, mount, bindings, probe, seen } = window.t;
      const make = () => new window.sdk.PaywallUI({ ...target, autoDetectReturn: false });
      const [one, two] = [make(), make()];
      let skipTrial = false;
      const Probe = probe("access", () => {
        const { status, result } = bindings.usePaywallAccess({ skipTrial });
        return result?.access ?? status;
      });
      const render = (instance: typeof one) => h(bindings.PaywallProvider, { instance }, h(Probe));
      const settled = async (value: string) => {
        while (document.querySelector("#access")?.textContent !== `"${value}"`)
          await new Promise((resolve) => setTimeout(resolve, 10));
      };
      const root = mount(render(one));
      await settled("granted");
      skipTrial = true;
      root.render(render(one));
      await settled("blocked");
      root.render(render(two));
      // "loading" may be over before anybody looks; the probe has noted it.
      while (seen.access?.length !== 5) await new Promise((resolve) => setTimeout(resolve, 10));
      return seen.access;
    }, host.target);
    expect(seen).toEqual(["loading", "granted", "blocked", "loading", "blocked"]);
  });

  test("B-337: usePaywallOffer resolves, is null without a match, ticks each second and ends with null", async () => {
    await host.page.clock.install();
    const endsAt = new Date(Date.now() + HOUR_MS).toISOString();
    host.use(
      await host.server.sell({
        offers: [{ key: "spring", label: "Spring", option: "yearly", discountPercent: 25, endsAt }],
      }),
    );
    await host.page.evaluate(
      ([target, yearly, monthly]) => {
        const { h, mount, probe, Expose, bindings } = window.t;
        const left = (id: string) => {
          const offer = bindings.usePaywallOffer(id);
          return offer && [offer.discountPercent, Math.ceil((offer.remainingMs ?? 0) / 1000)];
        };
        const [Offer, Twin, None] = [
          probe("offer", () => left(yearly)),
          probe("twin", () => left(yearly)),
          probe("none", () => left(monthly)),
        ];
        mount(h(bindings.PaywallProvider, { options: target }, h(Expose), h(Offer), h(Twin), h(None)));
      },
      [host.target, host.shop.price("yearly"), host.shop.price("monthly")] as const,
    );
    await host.page.waitForFunction(() => window.pw);
    await host.page.evaluate(() => window.pw.preload());
    await shows("offer", /\[25,3\d\d\d\]/);
    const [, before] = (await host.last<[number, number]>("offer"))!;
    await host.page.clock.runFor(3000);
    const [, after] = (await host.last<[number, number]>("offer"))!;
    expect(before - after).toBe(3);
    // One ticker: both countdowns went through the same seconds.
    expect(await host.seen("twin")).toEqual(await host.seen("offer"));
    expect(await host.seen("none")).toEqual([null]);
    await host.page.clock.runFor(HOUR_MS);
    expect(await host.last("offer")).toBeNull();
  });

  test("B-337: a countdown that begins after mounting ticks as well, and nothing ticks before or afterwards", async () => {
    await host.page.clock.install();
    host.use(
      await host.server.sell({
        offers: [
          { key: "welcome", label: "Welcome", option: "yearly", discountPercent: 10, durationMinutes: 1 },
        ],
      }),
    );
    await host.page.evaluate(
      ([target, yearly]) => {
        const { h, mount, probe, Expose, bindings } = window.t;
        const Offer = probe("offer", () => bindings.usePaywallOffer(yearly)?.remainingMs ?? null);
        const options = { ...target, shadowMode: "open" as const };
        mount(h(bindings.PaywallProvider, { options }, h(Expose), h(Offer)));
      },
      [host.target, host.shop.price("yearly")] as const,
    );
    await host.page.waitForFunction(() => window.pw);
    await host.page.evaluate(() => window.pw.preload());
    await host.page.clock.runFor(5000);
    expect(await host.seen("offer")).toEqual([null]);

    // The modal's own banner starts it.
    await host.open();
    await host.waitForView("layout");
    await expect
      .poll(
        async () => {
          await host.page.clock.runFor(1000);
          return host.last("offer");
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    await host.page.evaluate(() => window.pw.close());
    const before = await host.last<number>("offer");
    await host.page.clock.runFor(2000);
    expect(before - (await host.last<number>("offer"))).toBeGreaterThanOrEqual(1000);
    await host.page.clock.runFor(60_000);
    expect(await host.last("offer")).toBeNull();
  });

  test("B-338: usePaywallEvent calls the newest handler without subscribing again, and stops on unmount", async () => {
    const outcome = await host.page.evaluate(async (target) => {
      const { h, mount, bindings, note, seen } = window.t;
      const instance = new window.sdk.PaywallUI({ ...target, autoDetectReturn: false });
      let subscriptions = 0;
      const counting = Object.assign(Object.create(instance), {
        on: (...args: Parameters<typeof instance.on>) => {
          subscriptions++;
          return instance.on(...args);
        },
      }) as typeof instance;
      function Listener({ word }: { word: string }) {
        bindings.usePaywallEvent("close", () => note("heard", word));
        return null;
      }
      const render = (word: string) =>
        h(bindings.PaywallProvider, { instance: counting }, h(Listener, { word }));
      const fire = () => {
        instance.openSupport();
        instance.close();
      };
      const root = mount(render("first"));
      fire();
      root.render(render("second"));
      fire();
      root.unmount();
      fire();
      instance.destroy();
      return { heard: seen.heard, subscriptions };
    }, host.target);
    expect(outcome).toEqual({ heard: ["first", "second"], subscriptions: 1 });
  });

  test("B-339: usePaywallPrices shows cached prices immediately and keeps them when a fetch fails", async () => {
    await mountHooks(["usePaywallPrices"]);
    await shows("usePaywallPrices", '"loading":false');
    expect((await host.seen<PaywallPricesState>("usePaywallPrices"))[0]).toEqual({
      prices: null,
      loading: true,
      error: null,
    });

    const states = await host.page.evaluate(async (target) => {
      const { h, mount, bindings, probe, seen } = window.t;
      const instance = new window.sdk.PaywallUI({ ...target, autoDetectReturn: false });
      await instance.preload();
      const failing = Object.assign(Object.create(instance), {
        getPrices: () => Promise.reject(new window.sdk.PaywallError("network_error", "no connection")),
      }) as typeof instance;
      const Probe = probe("kept", () => {
        const { prices, loading, error } = bindings.usePaywallPrices();
        return `${prices?.length} ${loading} ${error?.code}`;
      });
      mount(h(bindings.PaywallProvider, { instance: failing }, h(Probe)));
      while (seen.kept?.length !== 2) await new Promise((resolve) => setTimeout(resolve, 10));
      return seen.kept;
    }, host.target);
    expect(states).toEqual(["3 false undefined", "3 false network_error"]);
  });

  test("B-339: without anything cached a failed fetch is an error, which the next prices end", async () => {
    await host.fault("/bootstrap", "abort");
    await mountHooks(["usePaywallPrices"]);
    await shows("usePaywallPrices", '"network_error"');
    expect(await host.last("usePaywallPrices")).toMatchObject({ prices: null, loading: false });
    await host.mend();
    await host.page.evaluate(() => window.pw.getPrices().then(() => {}));
    await shows("usePaywallPrices", '"error":null');
    expect((await host.last<PaywallPricesState>("usePaywallPrices")).prices).toHaveLength(3);
  });

  test("trial, targeting and offers mirror what gates have seen, and asking for them checks nothing", async () => {
    host.use(await host.server.sell({ trial: { mode: "opens", payload: 2 } }));
    await mountHooks(["usePaywallTrial", "usePaywallVisibility", "usePaywallOffers"]);
    await host.page.waitForFunction(() => window.pw);
    expect([await host.last("usePaywallTrial"), await host.last("usePaywallOffers")]).toEqual([null, null]);
    expect(host.calls("/bootstrap")).toEqual([]);
    await host.open();
    await shows("usePaywallTrial", '"remainingActions":1');
    await shows("usePaywallVisibility", '"visible":true');
    await shows("usePaywallOffers", "[]");
  });
});
