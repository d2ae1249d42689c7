import { Hono } from "hono";
import type { ProviderClients } from "../../domains/identity/index.ts";
import { openCors } from "../../http/cors.ts";
import { type FloodLimit, floodGuard } from "../../http/flood-guard.ts";
import type { Deps } from "../../platform/deps.ts";
import { analyticsEventRoutes } from "./analytics-events.ts";
import { authRoutes } from "./auth.ts";
import { balanceRoutes } from "./balances.ts";
import { bootstrapRoutes } from "./bootstrap.ts";
import type { BootstrapCache } from "./bootstrap-cache.ts";
import { cancelSubscriptionRoutes } from "./cancel-subscription.ts";
import { checkoutRoutes } from "./checkout.ts";
import { type PaywallEnv, withPaywall } from "./context.ts";
import { legacyBalanceRoutes } from "./legacy-balances.ts";
import { purchaseSignalRoutes } from "./purchase-signal.ts";
import type { SignalStreams } from "./purchase-signal-streams.ts";
import { supportRoutes } from "./support.ts";
import { trialStateRoutes } from "./trial-state.ts";
import { usageRoutes } from "./usage.ts";
import { userRoutes } from "./users.ts";

/** The 3.x wire (paywall API): one file per noun; `context.ts` says who calls and for which paywall. */
export function paywallApi(
  deps: Deps,
  parts: {
    bootstraps: BootstrapCache;
    flood: FloodLimit;
    providers: ProviderClients;
    signals: SignalStreams;
  },
): Hono<PaywallEnv> {
  const paywall = new Hono<PaywallEnv>()
    .use(withPaywall(deps))
    .route("/", bootstrapRoutes(deps, parts.bootstraps))
    .route("/", userRoutes(deps))
    .route("/", purchaseSignalRoutes(deps, parts.signals))
    .route("/", checkoutRoutes(deps))
    .route("/", supportRoutes(deps))
    .route("/", balanceRoutes(deps))
    .route("/", usageRoutes(deps))
    .route("/", trialStateRoutes(deps))
    .route("/", analyticsEventRoutes(deps))
    .route("/auth", authRoutes(deps, parts.providers));
  return new Hono<PaywallEnv>()
    .use("/api/*", openCors)
    .use("/api/*", floodGuard(parts.flood))
    .route("/api/v1/paywall/:id", paywall)
    .route("/api/v1", legacyBalanceRoutes(deps))
    .route("/api/paywall", cancelSubscriptionRoutes(deps));
}
