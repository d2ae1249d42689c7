import { Hono } from "hono";
import { createProviderClients } from "./domains/identity/index.ts";
import { type AppEnv, requestContext } from "./http/context.ts";
import { notFound, renderError } from "./http/errors.ts";
import { createFloodLimit, floodGuard } from "./http/flood-guard.ts";
import { createMetrics, healthRoutes } from "./http/health.ts";
import { openApiRoutes } from "./http/openapi/index.ts";
import type { FastPath } from "./http/server.ts";
import type { Deps } from "./platform/deps.ts";
import { apiGateway } from "./surfaces/api-gateway/index.ts";
import { devRoutes } from "./surfaces/dev/index.ts";
import { accountEntry } from "./surfaces/hosted/account-entry.ts";
import { accountPages } from "./surfaces/hosted/account-pages.ts";
import { authPages } from "./surfaces/hosted/auth-pages.ts";
import { callbackPages } from "./surfaces/hosted/callback-page.ts";
import { checkoutPages } from "./surfaces/hosted/checkout-pages.ts";
import { claimPages } from "./surfaces/hosted/claim-pages.ts";
import { consumePages } from "./surfaces/hosted/consume-pages.ts";
import { errorForPeople } from "./surfaces/hosted/error-page.ts";
import { fixedHostRoutes } from "./surfaces/hosted/fixed-hosts.ts";
import { giftPages } from "./surfaces/hosted/gift-pages.ts";
import { sandboxCardPage } from "./surfaces/hosted/sandbox-card-page.ts";
import { sandboxPages } from "./surfaces/hosted/sandbox-pages.ts";
import { sessionPages } from "./surfaces/hosted/session-pages.ts";
import { managementApi } from "./surfaces/management-api/index.ts";
import { oidcRoutes } from "./surfaces/oidc/index.ts";
import { createBootstrapCache } from "./surfaces/paywall-api/bootstrap-cache.ts";
import { bootstrapFastPath } from "./surfaces/paywall-api/bootstrap-fast-path.ts";
import { paywallApi } from "./surfaces/paywall-api/index.ts";
import { createSignalStreams } from "./surfaces/paywall-api/purchase-signal-streams.ts";
import { userStateFastPath } from "./surfaces/paywall-api/user-state-fast-path.ts";
import { processorHookRoutes } from "./surfaces/processor-hooks/index.ts";
import { publisherNotFound } from "./surfaces/publisher-api/errors.ts";
import { publisherApi } from "./surfaces/publisher-api/index.ts";
import { sandboxIdentityRoutes } from "./surfaces/sandbox-identity/index.ts";

export type App = {
  app: Hono<AppEnv>;
  /** Answers the hottest requests before the framework sees them. */
  fastPath: FastPath;
  /** Ends the answers that have no end of their own, so that a stopping server need not wait for them. */
  endStreams(): void;
};

/** Every surface on one Hono application, which maps a Request to a Response and needs no socket. */
export function createApp(deps: Deps): App {
  const metrics = createMetrics(deps);
  const signals = createSignalStreams(deps);
  const [providers, flood] = [createProviderClients(deps), createFloodLimit(deps)];
  const parts = { bootstraps: createBootstrapCache(deps), flood, metrics, providers, signals };
  const app = new Hono<AppEnv>();
  app.onError((error, c) => errorForPeople(deps, c, renderError(error, c)));
  app.notFound((c) =>
    errorForPeople(deps, c, (c.req.path.startsWith("/api/") ? notFound : publisherNotFound)(c)),
  );
  app.use(requestContext(deps));
  app.use(async (c, next) => {
    const start = performance.now();
    await next();
    const seconds = (performance.now() - start) / 1000;
    const route = c.req.routePath === "*" || c.req.routePath === "/*" ? "other" : c.req.routePath;
    metrics.observeRequest(route, c.req.method, c.res.status, seconds);
    c.get("log").debug({ method: c.req.method, path: c.req.path, status: c.res.status, seconds }, "request");
  });
  app.route("/", healthRoutes(deps, metrics));
  app.route("/", openApiRoutes({ baseUrl: deps.config.baseUrl, testMode: deps.config.demo }));
  app.route("/", paywallApi(deps, parts) as unknown as Hono<AppEnv>);
  app.route("/", processorHookRoutes(deps));
  app.route("/", oidcRoutes(deps, parts));
  app.route("/", fixedHostRoutes());
  app.route("/", publisherApi(deps, parts));
  app.route("/", managementApi(deps, parts));
  // Pages are made of secrets in addresses, which must not be guessed fast: the API's limit, counted together.
  const guard = floodGuard(parts.flood);
  app.use("/paywall/*", guard);
  app.use("/sandbox/*", guard);
  app.use("/checkout/:id", guard);
  app.use("/gift/*", guard);
  app.use("/consume/*", guard);
  app.use("/claim/*", guard);
  app.use("/account/*", guard);
  app.use("/spotify/*", guard);
  app.route("/", authPages(deps));
  app.route("/", callbackPages(deps, parts.providers));
  app.route("/", checkoutPages(deps));
  app.route("/", sessionPages(deps));
  app.route("/", giftPages(deps));
  app.route("/", consumePages(deps));
  app.route("/", claimPages(deps));
  app.route("/", accountPages(deps));
  app.route("/", accountEntry(deps));
  app.route("/", sandboxPages(deps));
  app.route("/", sandboxCardPage(deps));
  if (deps.config.demo) app.route("/", sandboxIdentityRoutes(deps)).route("/", devRoutes(deps));
  const bootstrap = bootstrapFastPath(deps, parts);
  const userState = userStateFastPath(deps, parts);
  const gateway = apiGateway(deps, parts);
  return {
    app,
    fastPath: (request, response) =>
      bootstrap(request, response) || gateway(request, response) || userState(request, response),
    endStreams: signals.close,
  };
}
