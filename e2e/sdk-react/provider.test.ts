import { describe, expect, test } from "vitest";
import { REACTS } from "./bundle.ts";
import { useReactPage } from "./react-page.ts";

const hostsOnPage = () => document.querySelectorAll("[data-paywall-host]").length;

describe.each(REACTS)("with React %s", (react) => {
  const host = useReactPage(react);

  test("B-331: usePaywall outside a provider throws; a given instance is there on first render", async () => {
    const outcome = await host.page.evaluate(async (target) => {
      const { h, mount, Expose, bindings, seen, note } = window.t;
      const shown = async (done: () => unknown) => {
        while (!done()) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      mount(
        h(function Outside() {
          try {
            bindings.usePaywall();
          } catch (error) {
            note("failure", String(error));
          }
          return null;
        }),
      );
      const given = new window.sdk.PaywallUI({ ...target, autoDetectReturn: false });
      mount(h(bindings.PaywallProvider, { instance: given }, h(Expose)));
      await shown(() => seen.paywall);
      return {
        failure: seen.failure?.[0],
        first: seen.paywall?.[0] === given,
        renders: seen.paywall?.length,
      };
    }, host.target);
    expect(outcome).toEqual({
      failure: "Error: usePaywall needs a <PaywallProvider> around it",
      first: true,
      renders: 1,
    });
  });

  test("B-332: an instance built by the provider is destroyed on unmount; a given one is not, and is replaced with the prop", async () => {
    await host.page.evaluate((target) => {
      const { h, mount, Expose, bindings } = window.t;
      const options = { ...target, auth: true as const, shadowMode: "open" as const };
      const root = mount(h(bindings.PaywallProvider, { options }, h(Expose)));
      Object.assign(window, { root });
    }, host.target);
    await host.page.waitForFunction(() => window.pw);
    // Children rendered before there was one.
    expect((await host.seen("paywall"))[0]).toBeNull();
    await host.open();
    await host.waitForView("layout");
    const afterUnmount = await host.page.evaluate(async () => {
      const built = window.pw;
      (window as unknown as { root: { unmount(): void } }).root.unmount();
      built.open();
      return { destroyed: built.auth?.isDestroyed(), view: built.getState().view };
    });
    expect(afterUnmount).toEqual({ destroyed: true, view: null });
    expect(await host.page.evaluate(hostsOnPage)).toBe(0);

    const given = await host.page.evaluate(async (target) => {
      const { h, mount, Expose, bindings, seen } = window.t;
      const make = () => new window.sdk.PaywallUI({ ...target, auth: true, autoDetectReturn: false });
      const [one, two] = [make(), make()];
      const render = (instance: typeof one) => h(bindings.PaywallProvider, { instance }, h(Expose));
      const root = mount(render(one));
      root.render(render(two));
      const replaced = seen.paywall?.at(-1) === two;
      root.unmount();
      return { replaced, destroyed: [one.auth?.isDestroyed(), two.auth?.isDestroyed()] };
    }, host.target);
    expect(given).toEqual({ replaced: true, destroyed: [false, false] });
    expect(host.said).toEqual([]);
  });

  test("B-332: StrictMode builds, destroys and builds again; unmounting leaves no host, listener or timer", async () => {
    const counts = await host.page.evaluate(async (target) => {
      const { h, mount, Expose, AllHooks, bindings, React, seen } = window.t;
      // Counts what is taken hold of on the page and what is given back.
      const held = { listeners: 0, timers: new Set<unknown>() };
      for (const on of [window, document] as EventTarget[]) {
        const { addEventListener, removeEventListener } = on;
        const live = new Set<string>();
        const ids = new WeakMap<object, number>();
        let next = 0;
        const key = (type: string, listener: unknown) => {
          const of = listener as object;
          if (!ids.has(of)) ids.set(of, ++next);
          return `${type}:${ids.get(of)}`;
        };
        on.addEventListener = function (this: EventTarget, type: string, listener: never, opts: never) {
          if (!live.has(key(type, listener))) held.listeners++;
          live.add(key(type, listener));
          return addEventListener.call(this, type, listener, opts);
        };
        on.removeEventListener = function (this: EventTarget, type: string, listener: never, opts: never) {
          if (live.delete(key(type, listener))) held.listeners--;
          return removeEventListener.call(this, type, listener, opts);
        };
      }
      const { setInterval: begin, clearInterval: end } = window;
      window.setInterval = ((...args: Parameters<typeof begin>) => {
        const timer = begin(...args);
        held.timers.add(timer);
        return timer;
      }) as typeof begin;
      window.clearInterval = (timer) => {
        held.timers.delete(timer);
        end(timer);
      };

      let built = 0;
      const options = {
        ...target,
        auth: true as const,
        shadowMode: "open" as const,
        // Read once for each paywall that is made.
        get locale() {
          built++;
          return null;
        },
      };
      const app = (key: number) =>
        h(
          React.StrictMode,
          null,
          h(
            bindings.PaywallProvider,
            { options, key },
            h(Expose),
            h(AllHooks, { saw: () => {} }),
            h(bindings.PaywallGate, null),
            h(bindings.PaywallButton, null, "Unlock"),
          ),
        );
      const appears = async (what: () => unknown) => {
        while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      const hosts = () => document.querySelectorAll("[data-paywall-host]").length;
      // The first round also takes what React itself keeps for good.
      const first = mount(app(0));
      await appears(() => seen.paywall?.at(-1));
      first.unmount();
      const before = held.listeners;
      seen.paywall = [];
      built = 0;

      const root = mount(app(1));
      await appears(() => seen.paywall?.at(-1));
      const rendered = new Set(seen.paywall?.filter(Boolean)).size;
      window.pw.open();
      await appears(hosts);
      const open = hosts();
      root.unmount();
      return {
        built,
        rendered,
        open,
        hosts: hosts(),
        timers: held.timers.size,
        listeners: held.listeners - before,
      };
    }, host.target);
    // React listens on the new root's container, not on the window or the document.
    expect(counts).toEqual({ built: 2, rendered: 1, open: 1, hosts: 0, timers: 0, listeners: 0 });
    expect(host.said).toEqual([]);
  });

  test("B-332: later options are ignored, and another key builds another paywall", async () => {
    const outcome = await host.page.evaluate(async (target) => {
      const { h, mount, Expose, bindings, seen } = window.t;
      const app = (key: string, email: string) =>
        h(bindings.PaywallProvider, { key, options: { ...target, identity: { email } } }, h(Expose));
      const has = async (instances: number) => {
        while ((seen.paywall ?? []).filter(Boolean).length < instances)
          await new Promise((resolve) => setTimeout(resolve, 10));
      };
      const root = mount(app("one", "first@example.com"));
      await has(1);
      root.render(app("one", "second@example.com"));
      const ignored = window.pw.billing.getIdentity()?.email;
      root.render(app("two", "second@example.com"));
      await has(2);
      return {
        ignored,
        rebuilt: window.pw.billing.getIdentity()?.email,
        built: seen.paywall?.filter(Boolean).length,
      };
    }, host.target);
    expect(outcome).toEqual({ ignored: "first@example.com", rebuilt: "second@example.com", built: 2 });
  });

  test("options that cannot work are reported and leave the page standing", async () => {
    await host.page.evaluate(() => {
      const { h, mount, bindings } = window.t;
      const options = { paywallId: "", apiOrigin: "" };
      mount(
        h(
          bindings.PaywallProvider,
          { options },
          h("p", { id: "alive" }, h(bindings.PaywallButton, null, "Buy")),
        ),
      );
    });
    await host.page.locator("#alive").waitFor();
    expect(await host.page.getByRole("button", { name: "Buy" }).isDisabled()).toBe(true);
    expect(host.said.join()).toContain("paywallId and apiOrigin are required");
  });

  test("whoever comes back from the checkout is heard by usePaywallEvent, also in StrictMode, and once", async () => {
    await host.page.evaluate(() =>
      history.replaceState(null, "", "?paywall_status=paid&paywall_price_id=7#top"),
    );
    await host.page.evaluate((target) => {
      const { h, mount, bindings, React, note } = window.t;
      function Thanks() {
        bindings.usePaywallEvent("purchase_completed", (payload) => note("paid", payload));
        return null;
      }
      mount(h(React.StrictMode, null, h(bindings.PaywallProvider, { options: target }, h(Thanks))));
    }, host.target);
    await host.page.waitForFunction(() => window.t.seen.paid);
    expect(await host.seen("paid")).toEqual([{ priceId: "7", sessionId: null }]);
    expect(new URL(host.page.url()).search).toBe("");
  });
});
