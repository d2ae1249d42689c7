import { afterAll, beforeAll, beforeEach } from "vitest";
import { createApp } from "../src/app.ts";
import { creditCredits, readBalances } from "../src/domains/credits/index.ts";
import {
  type ApiProvider,
  type GatewayRequest,
  listRequests,
  saveProvider,
} from "../src/domains/gateway/index.ts";
import type { PaywallSettings } from "../src/domains/paywalls/index.ts";
import { type RunningServer, serve } from "../src/http/server.ts";
import { type SignedInCustomer, signedInCustomer } from "./identity.ts";
import { startTestServer, type TestServer } from "./kit.ts";
import { createShop, type Shop } from "./shop.ts";
import { ok, startUpstream, type Upstream } from "./upstream.ts";

const SETTINGS: PaywallSettings = {
  tokenization: { queries: [{ type: "standard" }, { type: "advanced" }] },
};

/** A real server on a socket, an upstream behind it, and for every test a shop of its own with a customer in it. */
export function useGateway(config: { settings?: PaywallSettings } = {}) {
  let http: RunningServer;
  let keyCount = 0;
  // Filled before the first test runs.
  const it = { origin: "" } as {
    server: TestServer;
    upstream: Upstream;
    shop: Shop;
    customer: SignedInCustomer;
    origin: string;
  };
  const tools = {
    /** A provider of the shop, `per_call` of `standard` unless said otherwise; gives its key. */
    async provider(
      options: Partial<ApiProvider> & { headers?: Record<string, string>; apiKey?: string } = {},
    ) {
      const { headers = {}, apiKey = "sk-upstream", ...rest } = options;
      keyCount += 1;
      const provider: Omit<ApiProvider, "id"> = {
        tenantId: it.shop.tenantId,
        key: `provider-${keyCount}`,
        name: "Provider",
        wire: "openai",
        baseUrl: `${it.upstream.origin}/v1`,
        methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
        pathRules: [],
        defaultBody: {},
        tokenType: "standard",
        price: { kind: "per_call", tokens: 1 },
        costs: [],
        timeoutMs: 60_000,
        maxBytes: 50_000_000,
        perMinute: null,
        concurrent: null,
        perDay: null,
        state: "enabled",
        ...rest,
      };
      await it.server.deps.db.transaction((tx) =>
        saveProvider(tx, it.server.deps, provider, { headers, apiKey }),
      );
      return provider.key;
    },

    account: (type = "standard", customer = it.customer) => ({
      tenantId: it.shop.tenantId,
      customerId: customer.customer.id,
      paywallId: it.shop.paywallId,
      mode: "test" as const,
      type,
    }),

    async give(amount: number, type = "standard", customer = it.customer) {
      const { deps, clock } = it.server;
      const by = { amount, actor: "test", now: clock.now(), lot: { kind: "purchased" as const } };
      await creditCredits(deps.db, deps, tools.account(type, customer), by);
    },

    async balance(type = "standard", customer = it.customer): Promise<number> {
      const account = tools.account(type, customer);
      const all = await readBalances(it.server.deps.db, { ...account, now: it.server.clock.now() });
      return all.find((balance) => balance.type === type)?.count ?? 0;
    },

    log: (customer = it.customer): Promise<GatewayRequest[]> =>
      listRequests(it.server.deps.db, {
        tenantId: it.shop.tenantId,
        paywallId: it.shop.paywallId,
        customerId: customer.customer.id,
        mode: "test",
        limit: 100,
      }),

    url: (provider: string, path = "chat/completions", query = `paywall_id=${it.shop.paywall}`) =>
      `${it.origin}/api/v1/api-gateway/${provider}${path && `/${path}`}?${query}`,

    /** A call as the customer; JSON unless the body is something else. */
    call(
      provider: string,
      init: Omit<RequestInit, "body"> & { path?: string; body?: unknown; query?: string } = {},
    ): Promise<Response> {
      const { path, query, body = {}, ...rest } = init;
      const raw = typeof body === "string" || body instanceof FormData || body instanceof Blob;
      const headers = new Headers({
        ...it.customer.headers,
        ...(raw ? {} : { "content-type": "application/json" }),
      });
      for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
      const method = init.method ?? "POST";
      return fetch(tools.url(provider, path, query), {
        ...rest,
        method,
        headers,
        body: method === "GET" ? null : raw ? (body as string) : JSON.stringify(body),
      });
    },
  };

  beforeAll(async () => {
    it.upstream = await startUpstream();
    it.server = await startTestServer({ env: { TOLLGATE_GATEWAY_ALLOW: it.upstream.origin } });
    const { app, fastPath } = createApp(it.server.deps);
    http = await serve(app, { host: "127.0.0.1", port: 0, fastPath });
    it.origin = `http://127.0.0.1:${http.port}`;
  });
  afterAll(async () => {
    await http?.stop(500);
    await it.server?.[Symbol.asyncDispose]();
    await it.upstream?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    it.upstream.calls.length = 0;
    it.upstream.answer = (response) => ok(response);
    it.shop = await createShop(it.server, { settings: config.settings ?? SETTINGS });
    it.customer = await signedInCustomer(it.server, it.shop);
  });
  return Object.assign(it, tools);
}
