import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../../http/context.ts";
import { type FloodLimit, floodGuard } from "../../http/flood-guard.ts";
import type { Deps } from "../../platform/deps.ts";
import { errorForPeople } from "../hosted/error-page.ts";
import { amendmentRoutes } from "./amendments.ts";
import { billRoutes } from "./bills.ts";
import { identifyCaller, type PublisherEnv } from "./caller.ts";
import { checkoutLinkRoutes } from "./checkout-links.ts";
import { checkoutRoutes } from "./checkouts.ts";
import { contractRoutes } from "./contracts.ts";
import { cors } from "./cors.ts";
import { entitlementRoutes } from "./entitlements.ts";
import { renderPublisherError } from "./errors.ts";
import { eventRoutes } from "./events.ts";
import { fulfillmentRoutes } from "./fulfillments.ts";
import { giftRoutes } from "./gifts.ts";
import { rateLimits } from "./limits.ts";
import { onboardingRoutes } from "./onboarding.ts";
import { paymentIssueRoutes } from "./payment-issues.ts";
import { paywallRoutes } from "./paywalls.ts";
import { productRoutes } from "./products.ts";
import { profileRoutes } from "./profile.ts";
import { identifyProxyCaller, proxyRoutes } from "./proxy.ts";
import { readerDataRoutes } from "./reader-data.ts";
import { shortLinkRoutes } from "./short-links.ts";
import { subscriptionRoutes } from "./subscriptions.ts";
import { tallyRoutes } from "./tallies.ts";
import { transactionRoutes } from "./transactions.ts";
import { vaultKeyRoutes } from "./vault-keys.ts";
import { vendorRoutes } from "./vendor.ts";

/** First path segments of this surface, which shares the root with the hosted pages. */
const PATHS = [
  "tallies",
  "tags",
  "user-metadata",
  "profile",
  "contracts",
  "amendments",
  "subscriptions",
  "bills",
  "transactions",
  "payment-issues",
  "fulfillments",
  "vendor",
  "vendors",
  "shorten",
  "gifts",
  "entitlements",
  "products",
  "claims",
  "checkouts",
  "paywalls",
  // Not all of `/paywall`, which hosted pages share.
  "paywall/paywalls",
  "vault-jwks.json",
  ".well-known/vault-jwks.json",
];

const READS_FRESH_SECONDS = 300;

/** A reader's own data may be kept by their browser alone, until their client changes its timestamp (§2.6). */
const caching = createMiddleware<PublisherEnv>(async (c, next) => {
  await next();
  if (c.res.headers.has("cache-control")) return;
  const cacheable = c.req.method === "GET" && c.res.ok;
  c.res.headers.set("cache-control", cacheable ? `private, max-age=${READS_FRESH_SECONDS}` : "no-store");
  if (cacheable) c.res.headers.set("vary", "Authorization, Cache-Timestamp");
});

/** The publisher API: one file per noun; `caller.ts` says who calls and for which vendor. */
export function publisherApi(deps: Deps, parts: { flood: FloodLimit }): Hono<AppEnv> {
  const guard = floodGuard(parts.flood);
  const limits = rateLimits(deps);
  const identify = createMiddleware<PublisherEnv>(async (c, next) => {
    c.set("caller", await identifyCaller(deps, c));
    await next();
  });
  const app = new Hono<PublisherEnv>();
  app.onError((error, c) => {
    const refusal = renderPublisherError(error, c as never);
    // Short links and gifts are followed by people, and these run out.
    return /^\/[lg]\//.test(c.req.path) ? errorForPeople(deps, c as never, refusal) : refusal;
  });
  for (const path of PATHS) {
    // A pattern with a star matches the bare path as well.
    app.use(`/${path}/*`, cors, caching, guard, identify, limits);
  }
  app.use("/proxy", cors, caching, guard, identifyProxyCaller(deps) as unknown as typeof identify, limits);
  app.use("/checkout", guard, identify, limits);
  app.get("/", guard);
  app.use("/l/*", guard);
  app.use("/g/*", guard);
  app.on("OPTIONS", "/", cors);
  app.post("/", cors, guard);
  app.route("/", tallyRoutes(deps));
  app.route("/", readerDataRoutes(deps));
  app.route("/", profileRoutes(deps));
  app.route("/", contractRoutes(deps));
  app.route("/", amendmentRoutes(deps));
  app.route("/", subscriptionRoutes(deps));
  app.route("/", billRoutes(deps));
  app.route("/", transactionRoutes(deps));
  app.route("/", paymentIssueRoutes(deps));
  app.route("/", fulfillmentRoutes(deps));
  app.route("/", vendorRoutes());
  app.route("/", vaultKeyRoutes(deps));
  app.route("/", entitlementRoutes(deps));
  app.route("/", checkoutLinkRoutes(deps));
  app.route("/", checkoutRoutes(deps));
  app.route("/", productRoutes(deps));
  app.route("/", onboardingRoutes(deps));
  app.route("/", paywallRoutes(deps));
  app.route("/", proxyRoutes(deps));
  app.route("/", giftRoutes(deps));
  app.route("/", eventRoutes(deps));
  app.route("/", shortLinkRoutes(deps));
  return app as unknown as Hono<AppEnv>;
}
