// Where ours is more careful than the published SDK.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  APIError,
  CacheMode,
  clearCache,
  client,
  MemoryCacheStorage,
  management,
  type SDKConfig,
} from "../src/index.ts";

type Sent = { method: string; url: string; headers: Headers; body: unknown };
let sent: Sent[] = [];
let reply: (count: number) => Response | Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  reply = () => Response.json([]);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const config = (more: Partial<SDKConfig> = {}): SDKConfig => ({
  baseUrl: "https://pay.example.com/",
  tokenProvider: async () => "Bearer secret",
  fetch: async (url, init) => {
    sent.push({
      method: init?.method ?? "",
      url: String(url),
      headers: new Headers(init?.headers),
      body: init?.body,
    });
    const signal = init?.signal;
    return Promise.race([
      Promise.resolve(reply(sent.length)),
      new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    ]);
  },
  ...more,
});

test("a path segment is one segment whatever it holds, and stays as it is where the caller has encoded it", async () => {
  const api = client(config());
  await api.tags.remove("a/b?c#d");
  await api.tags.remove("a%20b");
  await api.products.get("50% off");
  await api.profile.get("auth0|42");
  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([
    "/tags/a%2Fb%3Fc%23d",
    "/tags/a%20b",
    "/products/50%25%20off",
    "/profile/auth0%7C42",
  ]);
});

test("an id that is empty or a step upwards is refused before anything is sent", async () => {
  const api = management(config());
  for (const id of ["", ".", "..", "%2e%2E", undefined as unknown as string]) {
    await expect(api.users.delete(id)).rejects.toThrow(TypeError);
  }
  expect(sent).toEqual([]);
});

test("a filter that is not given is not sent", async () => {
  await management(config()).users.list({ limit: 5, search: undefined });
  expect(sent[0]?.url).toBe("https://pay.example.com/management/users?limit=5");
});

test("a paywall's address on another site gets no credentials, one on ours does", async () => {
  reply = () => Response.json({ id: "pw_1" });
  const api = client(config({ headers: { "X-Internal": "1" }, cache: { mode: CacheMode.BROWSER } }));
  await api.paywalls.get("https://elsewhere.example/paywalls/1");
  await api.paywalls.get("https://pay.example.com/paywalls/daily/1");
  await api.paywalls.get("pw:1");
  const [foreign, own, byId] = sent;
  for (const name of ["authorization", "x-internal", "cache-timestamp"]) {
    expect(foreign?.headers.has(name), name).toBe(false);
    expect(own?.headers.has(name), name).toBe(true);
  }
  expect(byId?.url).toBe("https://pay.example.com/paywalls/pw%3A1");
});

test("the proxy takes the token of its own call", async () => {
  reply = () => Response.json("<p>Text</p>");
  const headers = { Authorization: "Bearer entitlement" };
  const html = await client(config()).proxy.content("https://daily.example/a", undefined, undefined, {
    headers,
  });
  expect(html).toBe("<p>Text</p>");
  expect(sent[0]?.headers.get("authorization")).toBe("Bearer entitlement");
});

test("a create that is sent again carries the same key, another create another", async () => {
  reply = (count) => (count === 1 ? new Response("down", { status: 500 }) : Response.json({ id: "co_1" }));
  const api = client(config());
  const params = { items: [{ sku: "a" }], redirectUrl: "https://daily.example/" };
  const first = api.checkouts.create(params);
  await vi.runAllTimersAsync();
  await first;
  await api.checkouts.create(params);
  const keys = sent.map(({ headers }) => headers.get("idempotency-key"));
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test("an error tells the envelope's code, details, request and patience, and what lay behind it", async () => {
  reply = () =>
    Response.json(
      {
        error: {
          code: "rate_limit_exceeded",
          message: "Slow down.",
          retry_after: 7,
          details: { field: "x" },
          request_id: "req_1",
        },
      },
      { status: 429 },
    );
  await expect(client(config()).tags.list()).rejects.toMatchObject({
    code: "rate_limit_exceeded",
    details: { field: "x" },
    requestId: "req_1",
    retryAfter: 7,
    url: "https://pay.example.com/tags",
  });
  reply = () => new Response("down", { status: 503 });
  const failed = client(config())
    .tags.list()
    .catch((error) => error);
  await vi.runAllTimersAsync();
  const error = await failed;
  expect(error).toBeInstanceOf(APIError);
  expect(error.cause.cause).toMatchObject({ status: 503, body: "down" });
});

test("an attempt that takes longer than `timeoutMs` is given up", async () => {
  vi.useRealTimers();
  reply = () => new Promise(() => {});
  await expect(client(config({ timeoutMs: 20 })).tags.list()).rejects.toMatchObject({ status: 500 });
});

test("without session storage the timestamp lives in the given storage and changes after a write", async () => {
  const storage = new MemoryCacheStorage();
  const api = client(config({ cache: { mode: CacheMode.BROWSER, storage } }));
  await api.tags.list();
  await api.tags.add("a");
  await api.tags.list();
  clearCache();
  await api.tags.list();
  const stamps = sent.map(({ headers }) => headers.get("cache-timestamp"));
  expect(stamps[1]).toBe(stamps[0]);
  expect(new Set(stamps).size).toBe(3);
});

test("what is kept is kept for one reader, and only until a write or `clearCache`", async () => {
  let token = "Bearer ada";
  const tokenProvider = async () => token;
  const api = client(config({ tokenProvider, cache: { mode: CacheMode.NORMAL } }));
  reply = () => Response.json([token]);
  expect(await api.tags.list()).toEqual(["Bearer ada"]);
  token = "Bearer bob";
  expect(await api.tags.list()).toEqual(["Bearer bob"]);
  expect(sent).toHaveLength(2);
  await api.tags.add("x");
  await api.tags.list();
  expect(sent).toHaveLength(4);
  await api.tags.list();
  expect(sent).toHaveLength(4);
  clearCache();
  await api.tags.list();
  expect(sent).toHaveLength(5);
});

test("a read that was under way when something was written is not kept", async () => {
  const api = client(config({ cache: { mode: CacheMode.NORMAL } }));
  let answerOld: (response: Response) => void = () => {};
  reply = (count) =>
    count === 1
      ? new Promise((resolve) => {
          answerOld = resolve;
        })
      : Response.json(["new"]);
  const old = api.tags.list();
  await vi.advanceTimersByTimeAsync(0);
  await api.tags.add("new");
  answerOld(Response.json(["old"]));
  expect(await old).toEqual(["old"]);
  expect(await api.tags.list()).toEqual(["new"]);
});
