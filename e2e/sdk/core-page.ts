import type { Page } from "playwright-core";
import type * as Sdk from "../../packages/sdk/src/index.ts";
import { type HostPageOptions, useHostPage } from "./host-page.ts";

/** What a failed call says, as far as it can leave the page. */
export type Failure = {
  code?: string;
  name: string;
  status?: number;
  message: string;
  cause?: unknown;
  ours: boolean;
  value?: unknown;
};

declare global {
  interface Window {
    billing: Sdk.BillingClient;
    auth: Sdk.AuthClient;
    api: Sdk.ApiClient;
    noted: unknown[];
    /** How a promise fails; `value` when it does not. */
    failure(promise: Promise<unknown>): Promise<Failure>;
  }
}

export const MINUTE = 60_000;

type PlainBillingOptions = Omit<
  Partial<Sdk.BillingClientOptions>,
  "auth" | "storage" | "fetch" | "identity"
> & { auth?: boolean; identity?: Sdk.Identity };

/** A host page on which headless clients are used: `window.billing`, `window.auth`, and no interface. */
export function useCorePage(options: HostPageOptions = {}) {
  const host = useHostPage(options);
  const prepare = (on: Page) =>
    on.evaluate(() => {
      window.noted ??= [];
      window.failure = (promise) =>
        promise.then(
          (value) => ({ name: "", message: "", ours: false, value }),
          (error) => ({
            name: error.name,
            message: error.message,
            code: error.code,
            status: error.status,
            cause: error.status ? error.cause : undefined,
            ours: error instanceof window.sdk.PaywallError,
          }),
        );
    });

  return Object.assign(Object.create(host) as typeof host, {
    prepare,
    /** Builds `window.billing` (and `window.auth`) for this test's paywall. */
    async build(given: PlainBillingOptions = {}, on: Page = host.page) {
      await prepare(on);
      await on.evaluate(
        ({ auth, ...all }) => {
          if (auth) window.auth = new window.sdk.AuthClient(all);
          window.billing = new window.sdk.BillingClient({ ...all, auth: auth ? window.auth : undefined });
        },
        { ...host.target, ...given },
      );
    },
    /** Signs `window.auth` in with a mailed code. */
    async signIn(email: string, on: Page = host.page) {
      await on.evaluate((to) => window.auth.sendOtp({ email: to }), email);
      const token = await host.server.codeFor(email);
      await on.evaluate((given) => window.auth.verifyOtp(given).then(() => {}), { email, token });
    },
    /** Moves the page's clock; `install` it before the page loads what is to be moved. */
    pass: (ms: number, on: Page = host.page) => on.clock.fastForward(ms),
    stored: (key: string, on: Page = host.page) =>
      on.evaluate((name) => JSON.parse(localStorage.getItem(name) ?? "null"), key),
    count: (path: string) => host.calls(path).length,
    /** Changes the server's real answers for paths that end so, on their way to any tab. */
    async patch(path: string, change: (body: never) => void) {
      await host.context.route(
        (url) => url.pathname.endsWith(path),
        async (route) => {
          const url = new URL(route.request().url());
          if (route.request().method() === "OPTIONS") return route.fallback();
          const response = await route.fetch({ url: host.server.origin + url.pathname + url.search });
          const json = await response.json();
          change(json as never);
          await route.fulfill({ response, json });
        },
      );
    },
  });
}

let people = 0;
/** An address nobody has used before in this file. */
export const someone = (): string => `person-${process.pid}-${++people}@example.com`;
