/**
 * The Management API (publisher API §8): a vendor's back end manages everything that is the vendor's. The table of
 * endpoints is `@tollgate/protocol/management-api`, a file per noun; a file here answers those of one noun with
 * `operations.on(endpoint, answer)`, which looks at credentials, scopes, idempotency and the request's shape first. A
 * list (`paged: true`) returns what `readPage` found; an operation that answers 204 returns null; what is not there is
 * `missing()`. Money is in major units on the wire.
 */
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../../http/context.ts";
import { type FloodLimit, floodGuard } from "../../http/flood-guard.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { identifyCaller, type PublisherEnv } from "../publisher-api/caller.ts";
import { cors } from "../publisher-api/cors.ts";
import { renderPublisherError } from "../publisher-api/errors.ts";
import { rateLimits } from "../publisher-api/limits.ts";
import { accessListOperations } from "./access-lists.ts";
import { billingOperations } from "./billing.ts";
import { checkoutOperations } from "./checkouts.ts";
import { contentOperations } from "./content.ts";
import { discountCodeOperations } from "./discount-codes.ts";
import { entitlementOperations } from "./entitlements.ts";
import { eventOperations } from "./events.ts";
import { meterOperations } from "./meters.ts";
import { Operations } from "./operations.ts";
import { paywallOperations } from "./paywalls.ts";
import { fulfillmentOperations, productOperations } from "./products.ts";
import { purchaseOptionOperations } from "./purchase-options.ts";
import { testModeOperations } from "./test-mode.ts";
import { userOperations } from "./users.ts";
import { vendorOperations } from "./vendors.ts";
import { webhookOperations } from "./webhooks.ts";

/** What is not said to be kept is not kept. */
const notKept = createMiddleware<PublisherEnv>(async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
});

/** Every operation, as the routes and the test of the published table see them. */
export function managementOperations(deps: Deps): Operations {
  const operations = new Operations(deps);
  userOperations(deps, operations);
  productOperations(deps, operations);
  fulfillmentOperations(deps, operations);
  purchaseOptionOperations(deps, operations);
  paywallOperations(deps, operations);
  meterOperations(deps, operations);
  discountCodeOperations(deps, operations);
  checkoutOperations(deps, operations);
  billingOperations(deps, operations);
  entitlementOperations(deps, operations);
  vendorOperations(deps, operations);
  accessListOperations(deps, operations);
  webhookOperations(deps, operations);
  eventOperations(deps, operations);
  if (deps.config.demo) testModeOperations(deps, operations);
  contentOperations(deps, operations);
  return operations;
}

export function managementApi(deps: Deps, parts: { flood: FloodLimit }): Hono<AppEnv> {
  // Whoever cannot be identified is counted by address, and refused by the operation: limits come first (§8.1).
  const identify = createMiddleware<PublisherEnv>(async (c, next) => {
    try {
      c.set("caller", await identifyCaller(deps, c));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      c.set("caller", { kind: "nobody" });
    }
    await next();
  });
  const app = new Hono<PublisherEnv>();
  app.onError((error, c) => renderPublisherError(error, c as never));
  app.use("/management/*", cors, notKept, floodGuard(parts.flood), identify, rateLimits(deps));
  app.route("/", managementOperations(deps).routes);
  return app as unknown as Hono<AppEnv>;
}
