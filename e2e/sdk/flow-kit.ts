import type { Page } from "playwright-core";
import { expect } from "vitest";
import { signedInCustomer } from "../../apps/server/test/identity.ts";
import { buy } from "../../apps/server/test/selling.ts";
import type * as Sdk from "../../packages/sdk/src/index.ts";
import { ADA, type HostPage } from "./host-page.ts";

/** A page that says by e-mail who its visitor is is believed, so that tests need no sign-in where that is not the point. */
export const TRUSTING = { hybridTrust: "legacy" };
export const GUEST = { checkoutMode: "guest" };
export const HIDDEN = { visible: false };
export const FREE_OPENS = { trial: { mode: "opens", payload: 2 } };

/** Short words for what the tests of `PaywallUI`'s behaviour do with a host page. */
export function flowsOf(host: HostPage) {
  const run = <T>(work: () => T | Promise<T>, on: Page = host.page) => on.evaluate(work);
  const checkouts = () =>
    host.requests
      .filter((it) => it.method === "POST" && it.path.endsWith("/start-checkout"))
      .map((it) => ({ ...(JSON.parse(it.body ?? "{}") as Record<string, unknown>), headers: it.headers }));
  return {
    run,
    checkouts,
    /** Puts another paywall in the place of this test's. */
    async sell(paywall: Record<string, unknown>, tenant: Record<string, unknown> = TRUSTING) {
      host.use(await host.server.sell(paywall, tenant));
    },
    /** Leaves the session of somebody who signed in here before. */
    async remember(email = ADA) {
      const { accessToken, refreshToken, userId } = await signedInCustomer(host.server, host.shop, { email });
      const session = {
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_at: Date.now() + 3_600_000,
        user: { id: userId, email },
      };
      const entry = [`pw-${host.shop.paywall}-auth-v1`, JSON.stringify(session)] as const;
      await host.page.evaluate(([key, value]) => localStorage.setItem(key, value), entry);
    },
    /** Somebody has bought on another device, signed in there. */
    async bought(email = ADA) {
      const { headers } = await signedInCustomer(host.server, host.shop, { email });
      await buy(host.server, host.shop, { headers });
    },
    /** Opens the plans and presses the button; resolves with the checkout's tab. */
    async beginCheckout(): Promise<Page> {
      await host.open();
      await host.waitForView("layout");
      const tab = host.page.waitForEvent("popup");
      await host.cta().click();
      const checkout = await tab;
      await host.waitForView("awaiting_payment");
      return checkout;
    },
    button: (name: string) => host.page.getByRole("button", { name, exact: true }),
    /** How often something happened. */
    count: async (name: string) => (await host.names()).filter((it) => it === name).length,
    /** Requests of one kind so far. */
    calls: (path: string) => host.calls(path).length,
    marker: () =>
      host.page.evaluate((id) => localStorage.getItem(`pw-${id}-checkout-pending-v1`), host.shop.paywall),
    errorCodes: () =>
      host.page.evaluate(() =>
        window.seen.flatMap(({ name, payload }) =>
          name === "error" ? [(payload as Sdk.PaywallError).code] : [],
        ),
      ),
    /** Waits until the statistics have been told exactly this. */
    expectReported: (types: string[]) => expect.poll(host.reported).toEqual(types),
    /** Gives everything that is under way the time to go wrong: a whole exchange with the server. */
    settle: () => host.page.evaluate(() => window.pw.billing.bootstrap(true).catch(() => {})),
    /** Makes the page believe that it is in the background, or back. */
    show: (visible: boolean) =>
      host.page.evaluate(
        (state) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
          document.dispatchEvent(new Event("visibilitychange"));
        },
        visible ? "visible" : "hidden",
      ),
  };
}
