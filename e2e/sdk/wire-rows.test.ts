/** Rows that the wire's contract asks of a client and the client's own contract does not repeat. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ADA, payAtSandbox, useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: { checkoutMode: "guest" } });

test("#77 an experiment replaces prices in the visitor's translation, not in the words it was written in", async () => {
  const price = { currency: "USD", amount: 9, interval: "month", interval_count: 1, trial_days: null };
  const grid = (text: string) => ({
    type: "modal",
    blocks: [
      { type: "heading", text },
      { type: "price_grid", priceIds: ["1"] },
    ],
  });
  await host.fault("/bootstrap", {
    status: 200,
    body: {
      version: "v1",
      settings: { id: host.shop.paywall, name: "Inkwell" },
      prices: [{ ...price, id: "1" }],
      offers: [],
      layout: grid("As written"),
      locales: { en: { layout: grid("Translated"), prices: { 1: { label: "Translated" } } } },
      experiment: {
        id: "7",
        kind: "prices",
        variants: [{ key: "b", weight: 1, prices: [{ ...price, id: "2", amount: 5, replaces: "1" }] }],
      },
    },
  });
  const { layout, prices } = await host.page.evaluate(
    (target) => new window.sdk.BillingClient(target).bootstrap(),
    host.target,
  );
  expect(layout?.blocks).toEqual([
    { type: "heading", text: "Translated" },
    { type: "price_grid", priceIds: ["2"] },
  ]);
  expect(prices.map(({ id }) => id)).toEqual(["2"]);
});

test("#106 a checkout says nothing about what is not so", async () => {
  const bodyWith = async (ignoreActivePurchase: boolean | undefined) => {
    await host.page.evaluate(
      async ({ target, priceId, identity, ignoreActivePurchase }) => {
        const billing = new window.sdk.BillingClient({ ...target, identity });
        await billing.createCheckout({ priceId, ignoreActivePurchase });
        billing.destroy();
      },
      {
        target: host.target,
        priceId: host.shop.prices.monthly,
        identity: { email: ADA },
        ignoreActivePurchase,
      },
    );
    return JSON.parse(host.lastCall("/start-checkout")?.body ?? "{}") as Record<string, unknown>;
  };
  for (const meant of [undefined, false]) {
    const body = await bodyWith(meant);
    for (const absent of ["offerId", "errorUrl", "trial_days", "localCurrency", "experimentId", "variantKey"])
      expect(body).not.toHaveProperty(absent);
    expect(body).not.toHaveProperty("ignoreActivePurchase");
    expect(Object.values(body)).not.toContain(null);
  }
  expect(await bodyWith(true)).toHaveProperty("ignoreActivePurchase", true);
});

test("#109 a look at the purchase that fails is followed by another one", async () => {
  await host.start({ identity: { email: ADA } });
  await host.open();
  await host.waitForView("layout");
  const opened = host.context.waitForEvent("page");
  await host.cta().click();
  const tab = await opened;
  await host.waitForView("awaiting_payment");
  await host.fault("/user-state", { status: 500 }, 2);
  await payAtSandbox(tab);
  await host.waitForView("purchased");
  expect((await host.names()).filter((name) => name === "error")).toEqual([]);
});

test("#155 the challenge is made of the verifier as in the specification's own example", async () => {
  const challengeOf = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");
  // The control: appendix B of RFC 7636.
  expect(challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
  const flow = { authorize_url: "https://id.example/", state: "s" };
  await host.fault("/oauth/init", { status: 200, body: flow });
  await host.fault("/oauth/exchange", { status: 401, body: { code: "exchange_failed" } });
  const code = await host.page.evaluate(async (target) => {
    const auth = new window.sdk.AuthClient(target);
    const { state } = await auth.startOAuthFlow({ provider: "google" });
    const refused = await auth.completeOAuthFlow({ state, code: "c" }).catch((error) => error.code);
    auth.destroy();
    return refused;
  }, host.target);
  expect(code).toBe("exchange_failed");
  const sent = (path: string) => JSON.parse(host.lastCall(path)?.body ?? "{}") as Record<string, string>;
  expect(sent("/oauth/init").code_challenge).toBe(challengeOf(sent("/oauth/exchange").code_verifier!));
});
