import type { Page } from "playwright-core";
import { useCorePage } from "./core-page.ts";
import type { HostPageOptions } from "./host-page.ts";

export const PASSWORD = "correct horse battery";
type Told = [event: string, about: string | null | undefined];

declare global {
  interface Window {
    /** What `window.auth` has told, with the address of whoever is signed in. */
    authEvents: Told[];
  }
}

let hosts = 0;
/** A tenant with a domain of its own, which mails with links need. */
export const withDomain = () => {
  const domain = `pay-${process.pid}-${++hosts}.example.com`;
  return { paywall: { domain }, tenant: { domains: [{ host: domain, verified: true }] } };
};

/** A host page on which `window.auth` is used alone; what it tells its listeners is noted in `window.authEvents`. */
export function useAuthPage(options: HostPageOptions = {}) {
  const host = useCorePage(options);
  return Object.assign(Object.create(host) as typeof host, {
    /** Builds `window.auth` and waits until it has read the storage and said so. */
    async auth(given: { apiOrigin?: string; edgeFallback?: false | string } = {}, on: Page = host.page) {
      await host.prepare(on);
      await on.evaluate(
        async (all) => {
          window.authEvents = [];
          window.auth = new window.sdk.AuthClient(all);
          window.auth.onAuthChange((event, session) =>
            window.authEvents.push([event, session ? session.user.email : undefined]),
          );
          await window.auth.ready();
        },
        { ...host.target, ...given },
      );
    },
    heard: (on: Page = host.page) => on.evaluate(() => window.authEvents),
    session: (on: Page = host.page) => on.evaluate(() => window.auth.getCachedSession()),
    /** The storage key of this test's paywall that ends so. */
    key: (rest: string) => `pw-${host.shop.paywall}-${rest}`,
    raw: (rest: string, on: Page = host.page) =>
      on.evaluate((key) => localStorage.getItem(key), `pw-${host.shop.paywall}-${rest}`),
    /** Writes into the storage as another context would have before this page came. */
    put: (rest: string, value: string | null, on: Page = host.page) =>
      on.evaluate(
        ([key, text]) => (text === null ? localStorage.removeItem(key) : localStorage.setItem(key, text)),
        [`pw-${host.shop.paywall}-${rest}`, value] as const,
      ),
    /** Makes the access token as good as expired, for clients built from now on. */
    async expire(on: Page = host.page) {
      await on.evaluate((key) => {
        const session = JSON.parse(localStorage.getItem(key) ?? "");
        localStorage.setItem(key, JSON.stringify({ ...session, expires_at: Date.now() + 30_000 }));
      }, `pw-${host.shop.paywall}-auth-v1`);
    },
    signUp: (email: string, on: Page = host.page) =>
      on.evaluate((given) => window.auth.signUp(given), { email, password: PASSWORD }),
    bodyOf: (path: string) =>
      JSON.parse(host.lastCall(path)?.body ?? "null") as Record<string, unknown> | null,
  });
}
