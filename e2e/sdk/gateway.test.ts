import { createServer } from "node:http";
import { expect, test } from "vitest";
import { ApiGatewayClient } from "../../packages/sdk/src/core/index.ts";
import { someone, useCorePage } from "./core-page.ts";
import { useProxy } from "./proxy.ts";

/**
 * The metered proxy on the server is not built yet: providers are played by the page's way to the server, which
 * otherwise leads to the real one, so that signing in and refreshing are real.
 */
const host = useCorePage();
const way = useProxy(() => host.server.origin);
const detour = useProxy(() => host.server.origin);
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
type Globals = {
  gateway: ApiGatewayClient;
  charged: unknown[];
  exceeded: unknown[];
  controller: AbortController;
};
declare const window: Window & Globals;

const OK = { status: 200, body: { text: "hi" }, headers: { "x-query-type": "standard" } };
const EMPTY = {
  status: 402,
  body: {
    error: "not-enough-queries",
    details: {
      balances: [{ balances: [{ type: "standard", count: 0 }] }],
      queryType: "standard",
      currentBalance: { type: "standard", count: 0 },
    },
  },
};
const target = () => ({
  paywallId: host.shop.paywall,
  apiOrigin: way.origin,
  edgeFallback: detour.origin as string | false,
});
const gatewayCalls = () => way.seen.filter(({ path }) => path.includes("/api-gateway/"));

/** Builds `window.gateway`, which notes what it is told. */
async function build(given: object = {}) {
  await host.prepare(host.page);
  await host.page.evaluate(
    (all) => {
      window.charged = [];
      window.exceeded = [];
      window.gateway = new window.sdk.ApiGatewayClient({
        ...all,
        onChargeSuccess: (type) => window.charged.push(type ?? "unnamed"),
        onQuotaExceeded: (error) => window.exceeded.push(error.code),
      });
    },
    { ...target(), ...given },
  );
}
/** One call of provider "p", as plain data. */
const call = (params: object = {}) =>
  host.page.evaluate(async (given) => {
    const { value, ...failure } = await window.failure(
      window.gateway.call({ providerId: "p", ...given }).then(async (response) => ({
        status: response.status,
        unread: !response.bodyUsed,
        text: await response.text(),
      })),
    );
    return value ?? failure;
  }, params);

/** A gateway of a signed-in person, whose billing client shares the session. */
async function signedIn() {
  await host.build({ auth: true, ...target() });
  const email = someone();
  await host.signIn(email);
  await inPage(() => {
    window.charged = [];
    window.exceeded = [];
    window.gateway = window.billing.createApiGatewayClient({
      onChargeSuccess: (type) => {
        window.charged.push(type ?? "unnamed");
        window.noted = [window.billing.getCachedBalances()?.[0]?.count];
        throw new Error("the host's own trouble");
      },
      onQuotaExceeded: (error) => window.exceeded.push(error.code),
    });
  });
  return email;
}

test("B-62, B-205: an address is the encoded provider, the cleaned path and the paywall; both ids are needed", async () => {
  way.answer("", OK);
  await build();
  await call({ providerId: "a b/c" });
  await call({ path: "//v1/chat?stream=1" });
  expect(gatewayCalls().map(({ path }) => path)).toEqual([
    `/api/v1/api-gateway/a%20b%2Fc?paywall_id=${host.shop.paywall}`,
    `/api/v1/api-gateway/p/v1/chat?stream=1&paywall_id=${host.shop.paywall}`,
  ]);
  const code = await inPage(() => {
    try {
      new window.sdk.ApiGatewayClient({ paywallId: "", apiOrigin: "https://a.b" });
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
  expect(code).toBe("invalid_config");
});

test("B-206: calls are POSTs; objects go as JSON; text, forms and blobs go as they are", async () => {
  way.answer("", OK);
  await build({ capabilities: ["x"] });
  await inPage(async () => {
    const { gateway } = window;
    const form = new FormData();
    form.set("a", "b");
    const blob = new Blob(["bytes"], { type: "audio/wav" });
    for (const body of [{ a: 1 }, "text", form, blob, null]) await gateway.call({ providerId: "p", body });
    await gateway.call({ providerId: "p", method: "GET" });
    const headers = { "Content-Type": "application/custom+json", "X-SDK-Version": "9", "X-Own": "1" };
    await gateway.call({ providerId: "p", body: { a: 1 }, headers });
  });
  const calls = gatewayCalls();
  expect(calls.map(({ method }) => method)).toEqual([...Array(5).fill("POST"), "GET", "POST"]);
  expect(calls.map(({ headers }) => headers["content-type"])).toEqual([
    "application/json",
    "text/plain;charset=UTF-8",
    expect.stringMatching(/^multipart\/form-data/),
    "audio/wav",
    undefined,
    undefined,
    "application/custom+json",
  ]);
  expect(calls.map(({ body }) => body).filter((body) => !body.includes("form-data"))).toEqual([
    '{"a":1}',
    "text",
    "bytes",
    "",
    "",
    '{"a":1}',
  ]);
  const last = calls.at(-1)!.headers;
  expect(last["x-sdk-version"]).toBe(calls[0]!.headers["x-sdk-version"]);
  expect(last).toMatchObject({
    "x-own": "1",
    "x-paywall-id": host.shop.paywall,
    "x-sdk-capabilities": "x",
  });
});

test("B-206, B-213: a stream goes as it is, to one origin, once", async () => {
  const bodies: string[] = [];
  const upstream = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(`${request.headers["content-type"] ?? "untyped"} ${body}`);
    response.writeHead(bodies.length === 1 ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as { port: number };
  const stream = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("piece by piece"));
        controller.close();
      },
    });
  let refreshed = 0;
  // Chromium streams uploads over HTTP/2 only, so this part runs where plain HTTP can.
  const client = (apiOrigin: string) =>
    new ApiGatewayClient({
      paywallId: "1",
      apiOrigin,
      edgeFallback: `http://127.0.0.1:${port}`,
      auth: {
        getAccessToken: async () => "old",
        refresh: async () => {
          refreshed++;
          return { access_token: "new" };
        },
      } as never,
    });
  await client(`http://127.0.0.1:${port}`).call({ providerId: "p", body: stream() });
  expect(bodies).toEqual(["untyped piece by piece"]);
  const refused = client(`http://127.0.0.1:${port}`).call({ providerId: "p", body: stream() });
  await expect(refused).rejects.toMatchObject({ status: 401 });
  expect([bodies.length, refreshed]).toEqual([2, 0]);
  const unreachable = client("http://127.0.0.1:9").call({ providerId: "p", body: stream() });
  await expect(unreachable).rejects.toMatchObject({ code: "network_error" });
  expect(bodies).toHaveLength(2);
  upstream.closeAllConnections();
  upstream.close();
});

test("B-207: the answer comes unread, and a stream of events arrives piece by piece", async () => {
  let next = (_: string) => {};
  way.answer("", (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    next = (text) => void (text ? response.write(text) : response.end());
    next("data: 1\n\n");
  });
  await build();
  const first = await inPage(async () => {
    const response = await window.gateway.call({ providerId: "p", body: {} });
    const unread = !response.bodyUsed;
    const reader = response.body!.getReader();
    Object.assign(window, { reader });
    return [unread, new TextDecoder().decode((await reader.read()).value)];
  });
  expect(first).toEqual([true, "data: 1\n\n"]);
  next("data: 2\n\n");
  const read = () =>
    inPage(async () => {
      const { reader } = window as unknown as { reader: ReadableStreamDefaultReader<Uint8Array> };
      const { value, done } = await reader.read();
      return done ? "end" : new TextDecoder().decode(value);
    });
  expect(await read()).toBe("data: 2\n\n");
  next("");
  expect(await read()).toBe("end");
});

test("B-208: a first byte that takes minutes is waited for, and the caller can stop before and after it", async () => {
  await host.page.clock.install();
  let begin = () => {};
  way.answer("", (_, response) => {
    begin = () => void response.writeHead(200, { "content-type": "text/plain" }).write("slow");
  });
  await build();
  const abortable = () =>
    inPage(() => {
      window.controller = new AbortController();
      return window.failure(
        window.gateway
          .call({ providerId: "p", body: {}, signal: window.controller.signal })
          .then((response) => response.text()),
      );
    });
  const slow = abortable();
  await expect.poll(() => gatewayCalls().length).toBe(1);
  await host.page.clock.fastForward(10 * 60_000);
  begin();
  await expect.poll(() => inPage(() => window.charged)).toEqual(["unnamed"]);
  await inPage(() => window.controller.abort());
  expect((await slow).name).toBe("AbortError");
  await expect.poll(() => gatewayCalls()[0]?.gone).toBe(true);
  const silent = abortable();
  await expect.poll(() => gatewayCalls().length).toBe(2);
  await inPage(() => window.controller.abort());
  expect(await silent).toMatchObject({ code: "aborted", ours: true });
  expect(detour.seen).toEqual([]);
});

test("B-6, B-209, B-210: an empty quota says what is left, however its body looks", async () => {
  await build();
  const exceed = (body: unknown) => {
    way.answer("", { ...EMPTY, body });
    return inPage(async () => {
      const { sdk, gateway } = window;
      try {
        await gateway.call({ providerId: "p", body: {} });
      } catch (error) {
        if (!(error instanceof sdk.QuotaExceededError)) throw error;
        const { code, status, balances, queryType, currentBalance, name } = error;
        return {
          ours: error instanceof sdk.PaywallError,
          code,
          status,
          balances,
          queryType,
          currentBalance,
          name,
        };
      }
    });
  };
  const empty = { ours: true, name: "PaywallError", code: "not_enough_queries", status: 402 };
  const zero = { type: "standard", count: 0 };
  const told = { ...empty, balances: [zero], queryType: "standard", currentBalance: zero };
  expect(await exceed(EMPTY.body)).toEqual(told);
  const flat = { details: { ...EMPTY.body.details, balances: [zero] } };
  expect(await exceed(flat)).toEqual(told);
  const nothing = { ...empty, balances: [], queryType: "", currentBalance: null };
  for (const body of [{}, [], { details: { balances: "?" } }]) expect(await exceed(body)).toEqual(nothing);
  way.answer("", (_, response) =>
    response.writeHead(402, { "content-type": "application/json" }).end("{oops"),
  );
  expect(await exceed(null).catch(() => null)).toEqual(nothing);
  expect(await inPage(() => window.exceeded)).toEqual(Array(6).fill("not_enough_queries"));
  expect(await inPage(() => window.charged)).toEqual([]);
});

test("other refusals keep the provider's code, and a lost connection tries the mirror once", async () => {
  await build();
  way.answer("", { status: 403, body: { error: "provider-disabled" } });
  expect(await call()).toMatchObject({ code: "provider-disabled", status: 403, ours: true });
  way.answer("", { status: 500, body: { error: { message: "an object" } } });
  expect(await call()).toMatchObject({ code: "http_500", status: 500 });
  way.fault = "refuse";
  detour.answer("", OK);
  expect(await call({ body: { a: 1 } })).toMatchObject({ status: 200 });
  expect(detour.seen).toHaveLength(1);
  detour.fault = "refuse";
  expect(await call()).toMatchObject({ code: "network_error", ours: true });
});

test("B-211: a success reports what it was charged to", async () => {
  await build();
  way.answer("", OK);
  expect(await call()).toEqual({ status: 200, unread: true, text: '{"text":"hi"}' });
  way.answer("", { status: 200, body: {} });
  await call();
  expect(await inPage(() => window.charged)).toEqual(["standard", "unnamed"]);
});

test("B-212: a refused session is refreshed and the call replayed once; without a new one the 401 stays", async () => {
  await signedIn();
  // Access tokens name their second; one refreshed within it would be the same text.
  host.server.clock.advance({ seconds: 2 });
  const bearers: string[] = [];
  way.answer("/p", (request, response) => {
    bearers.push(request.headers.authorization ?? "");
    response.writeHead(bearers.length === 1 ? 401 : 200).end("done");
  });
  expect(await call({ body: { a: 1 } })).toMatchObject({ status: 200, text: "done" });
  expect(new Set(bearers).size).toBe(2);
  expect(gatewayCalls().map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  way.answer("/p", { status: 401, body: { error: "invalid_token" } });
  way.answer("/refresh", { status: 401, body: { error: "invalid_token" } });
  expect(await call()).toMatchObject({ code: "invalid_token", status: 401 });
  expect(gatewayCalls()).toHaveLength(3);
});

test("B-214: a session beats a user id, which alone in a browser is warned of", async () => {
  const warnings: string[] = [];
  host.page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  way.answer("", OK);
  await build({ userId: "u1" });
  await call();
  expect(gatewayCalls()[0]?.headers).toMatchObject({ "x-user-id": "u1" });
  await expect.poll(() => warnings).toEqual([expect.stringContaining("userId")]);
  await host.page.evaluate((given) => {
    const auth = { getAccessToken: async () => "at" } as never;
    window.gateway = new window.sdk.ApiGatewayClient({ ...given, auth, userId: "u1" });
  }, target());
  await call({ headers: { Authorization: "Bearer mine" } });
  const { headers } = gatewayCalls()[1]!;
  expect(headers.authorization).toBe("Bearer at");
  expect(headers).not.toHaveProperty("x-user-id");
  expect(warnings).toHaveLength(1);
});

test("B-215: a billing client's gateway counts down on success, asks again on 402, and then tells the host", async () => {
  await signedIn();
  way.answer("/balances", { status: 200, body: { balances: [{ type: "standard", count: 3 }] } });
  await inPage(() => window.billing.getBalances().then(() => {}));
  const cached = () => inPage(() => window.billing.getCachedBalances());
  way.answer("/p", OK);
  expect(await call()).toMatchObject({ status: 200 });
  expect(await cached()).toEqual([{ type: "standard", count: 2 }]);
  expect(await inPage(() => window.charged)).toEqual(["standard"]);
  expect(await inPage(() => window.noted), "the host hears after the count").toEqual([2]);
  way.answer("/balances", { status: 200, body: { balances: [{ type: "standard", count: 0 }] } });
  way.answer("/p", EMPTY);
  expect(await call()).toMatchObject({ code: "not_enough_queries" });
  await expect.poll(cached).toEqual([{ type: "standard", count: 0 }]);
  expect(await inPage(() => window.exceeded)).toEqual(["not_enough_queries"]);
});
