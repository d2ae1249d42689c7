import { describe, expect, test } from "vitest";
import type * as Sdk from "../../packages/sdk/src/index.ts";
import { flowsOf, GUEST, TRUSTING } from "./flow-kit.ts";
import { ADA, useHostPage } from "./host-page.ts";

const host = useHostPage({ tenant: TRUSTING });
const { start, open, view, names, waitForView, signInWithCode } = host;
const { run, sell, remember, count, bought, button, settle } = flowsOf(host);

describe("state and events", () => {
  test("B-234: it starts closed, and getState is one object until something changes", async () => {
    await start();
    const result = await run(() => {
      const first = window.pw.getState();
      window.pw.close();
      const same = first === window.pw.getState();
      window.pw.open();
      return { first, same, changed: first !== window.pw.getState() };
    });
    expect(result.first).toEqual({ open: false, view: null, error: null, processing: false });
    expect([result.same, result.changed]).toEqual([true, true]);
  });

  test("B-235: listeners hear at once, in a microtask or not at first; only what changed, until they leave", async () => {
    await start();
    const heard = await run(async () => {
      const heard: string[] = [];
      window.pw.onStateChange(({ view }) => heard.push(`sync ${view}`), { immediate: "sync" });
      window.pw.onStateChange(({ view }) => heard.push(`micro ${view}`));
      const off = window.pw.onStateChange(({ view }) => heard.push(`none ${view}`), { immediate: "none" });
      window.pw.onStateChange(({ view }) => heard.push(`later ${view}`), { immediate: "none" });
      await Promise.resolve();
      off();
      window.pw.close();
      window.pw.open();
      window.pw.open();
      return heard;
    });
    expect(heard).toEqual(["sync null", "micro null", "sync loading", "micro loading", "later loading"]);
  });

  test("B-236: handlers get their payload, leave by off or by the function returned, and one that throws stops nobody", async () => {
    await start();
    const logged = host.page.waitForEvent("console", (message) =>
      message.text().includes("a listener threw"),
    );
    const order = await run(() => {
      const order: string[] = [];
      const byOff = () => order.push("off");
      window.pw.on("open", () => {
        throw new Error("mine");
      });
      window.pw.on("open", byOff);
      const leave = window.pw.on("open", () => order.push("left"));
      window.pw.on("open", () => order.push("after"));
      window.pw.off("open", byOff);
      leave();
      window.pw.open();
      return order;
    });
    await logged;
    expect(order).toEqual(["after"]);
    await waitForView("layout");
    expect((await host.payloads("ready"))[0]).toMatchObject({ settings: { name: "Inkwell Pro" } });
  });

  test("a listener that comes late hears who is signed in and what they have, once; one that left hears nothing", async () => {
    await remember();
    await host.load();
    await start({ auth: true });
    await run(() => window.pw.billing.getUser({ force: true }));
    const heard = await run(async () => {
      const heard: string[] = [];
      window.pw.on("authChange", ({ event, session }) => heard.push(`${event} ${session?.user.email}`));
      window.pw.on("userChange", (user) => heard.push(`user ${user.has_active_subscription}`));
      window.pw.on("userChange", () => {
        throw new Error("mine");
      });
      const gone = () => heard.push("gone");
      window.pw.on("userChange", gone);
      window.pw.off("userChange", gone);
      heard.push("sync");
      await Promise.resolve();
      await Promise.resolve();
      return heard;
    });
    expect(heard).toEqual(["sync", `INITIAL_SESSION ${ADA}`, "user false"]);
  });
});

describe("the rest of the face", () => {
  test("the shadow root is closed unless an open one is asked for, and there is one element for all openings", async () => {
    await host.page.evaluate((ids) => {
      window.seen = [];
      window.pw = new window.sdk.PaywallUI(ids);
      window.pw.open();
      window.pw.close();
      window.pw.open();
    }, host.target);
    await waitForView("layout");
    const found = await run(() =>
      [...document.querySelectorAll("[data-paywall-host]")].map(({ shadowRoot }) => shadowRoot),
    );
    expect(found).toEqual([null]);
  });

  test("a script in the head may open it before there is a body", async () => {
    host.pages.set("/early", {
      body: `<!doctype html><html><head><script type="module">
        import * as sdk from "/sdk/index.js"; window.sdk = sdk;</script></head></html>`,
    });
    await host.load("/early");
    await start();
    await run(() => {
      document.body.remove();
      window.pw.open();
    });
    await waitForView("layout");
    expect(await run(() => document.querySelector("[data-paywall-host]")?.isConnected)).toBe(true);
  });

  test("B-255: preload never rejects", async () => {
    await host.fault("/bootstrap", { status: 500 });
    await start({ auth: true });
    expect(await run(() => window.pw.preload().then(() => "resolved"))).toBe("resolved");
    const aborted = run(() => window.pw.preload({ signal: AbortSignal.abort() }).then(() => "resolved"));
    expect(await aborted).toBe("resolved");
  });

  test("B-256: a guest session without auth is refused as invalid_config", async () => {
    await start();
    const code = await run(() =>
      window.pw.signInAnonymously().catch((error: Sdk.PaywallError) => error.code),
    );
    expect(code).toBe("invalid_config");
  });

  test("B-257: asking to sign in without auth does nothing", async () => {
    await start();
    await run(() => {
      window.pw.openSignin();
      window.pw.openSignup();
      window.pw.openAuth();
    });
    expect(await names()).toEqual([]);
    expect(await view()).toBe(null);
  });

  test("B-257: for whoever is signed in it opens and closes, for a subscriber it ends on the restored screen", async () => {
    await start({ auth: true });
    await run(() => window.pw.openSignin());
    await signInWithCode();
    await waitForView(null);
    await run(() => window.pw.openSignup());
    await waitForView(null);
    expect((await names()).slice(-1)).toEqual(["close"]);
    expect(await count("open")).toBe(2);
    await bought();
    await run(() => window.pw.openSignin());
    await waitForView("purchased");
    expect(await host.payloads("purchase_completed")).toEqual([
      { priceId: null, sessionId: null, restored: true },
    ]);
  });

  test("B-258: support can be written to although the plans do not load, and its button closes it", async () => {
    await host.fault("/bootstrap", { status: 500 });
    await start();
    await run(() => window.pw.openSupport());
    await host.page.getByLabel("Subject").waitFor();
    await expect.poll(() => count("error")).toBe(1);
    await button("Close").click();
    await waitForView(null);
  });

  test("B-282: destroy removes host, listeners and an owned auth client; nothing comes back, a given client lives on", async () => {
    await start({ auth: true });
    await open();
    await waitForView("layout");
    const facts = await run(async () => {
      const { auth, billing } = window.pw;
      window.pw.destroy();
      window.pw.destroy();
      window.pw.open();
      window.pw.openSupport();
      window.pw.checkout("1");
      await Promise.resolve();
      const given = new window.sdk.AuthClient({ paywallId: billing.paywallId, apiOrigin: billing.apiOrigin });
      const client = new window.sdk.BillingClient({
        paywallId: billing.paywallId,
        apiOrigin: billing.apiOrigin,
      });
      let heard = 0;
      client.onUserChange(() => heard++, { immediate: "none" });
      const other = new window.sdk.PaywallUI({
        paywallId: billing.paywallId,
        apiOrigin: billing.apiOrigin,
        auth: given,
        client,
      });
      other.destroy();
      client.setIdentity({ email: "x@example.com" });
      client.setIdentity(undefined);
      return {
        host: document.querySelector("[data-paywall-host]"),
        state: window.pw.getState(),
        owned: auth?.isDestroyed(),
        given: given.isDestroyed(),
        clientLives: heard > 0,
        overflow: document.body.style.overflow,
      };
    });
    expect(facts).toEqual({
      host: null,
      state: { open: false, view: null, error: null, processing: false },
      owned: true,
      given: false,
      clientLives: true,
      overflow: "",
    });
    expect(await names()).toEqual(["open", "ready", "close"]);
    await settle();
    expect(await run(() => document.querySelector("[data-paywall-host]"))).toBe(null);
  });

  test("a preview shows what setBootstrap gives it, live, within its host's parent and without locking the page", async () => {
    const shown = await host.page.evaluate((ids) => {
      const frame = document.createElement("div");
      frame.id = "frame";
      frame.style.cssText = "position:relative;width:500px;height:600px";
      const element = document.createElement("div");
      frame.append(element);
      document.body.append(frame);
      window.seen = [];
      window.pw = new window.sdk.PaywallUI({
        ...ids,
        preview: true,
        inline: true,
        host: element,
        shadowMode: "open",
      });
      window.pw.open();
      return { overflow: document.body.style.overflow, parent: element.parentElement?.id };
    }, host.target);
    expect(shown).toEqual({ overflow: "", parent: "frame" });
    await waitForView("error");
    await run(() =>
      window.pw.setBootstrap({
        settings: { name: "One" },
        layout: { type: "modal", blocks: [{ type: "heading", text: "First words", level: 1 }] },
      }),
    );
    await waitForView("layout");
    await host.page.getByText("First words").waitFor();
    await run(() =>
      window.pw.setBootstrap({
        layout: { type: "modal", blocks: [{ type: "heading", text: "Other words", level: 1 }] },
      }),
    );
    await host.page.getByText("Other words").waitFor();
    const box = await run(() => {
      const [host, frame] = ["[data-paywall-host]", "#frame"].map((s) =>
        document.querySelector(s)!.getBoundingClientRect(),
      );
      const { position, zIndex } = getComputedStyle(document.querySelector("[data-paywall-host]")!);
      return {
        same: host!.width === frame!.width && host!.top === frame!.top,
        position,
        zIndex,
        top: !!document
          .querySelector("[data-paywall-host]")
          ?.shadowRoot?.querySelector(":modal,:popover-open"),
      };
    });
    expect(box).toEqual({ same: true, position: "absolute", zIndex: "1", top: false });
    expect(host.calls("/bootstrap")).toEqual([]);
  });

  test("an identity that the page gave by hand survives a start without a session; a sign-in replaces it", async () => {
    await sell(GUEST);
    await start({ auth: true, identity: { email: "host@example.com" } });
    await run(() => window.pw.auth?.ready());
    await settle();
    expect(await run(() => window.pw.billing.getIdentity())).toEqual({ email: "host@example.com" });
    await run(() => window.pw.openSignin());
    await signInWithCode();
    await waitForView(null);
    expect(await run(() => window.pw.billing.getIdentity()?.email)).toBe(ADA);
  });
});
