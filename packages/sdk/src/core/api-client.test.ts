import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sharedStorage, stubFetch } from "../../test/stub-fetch.ts";
import { ApiClient, type ApiClientOptions } from "./api-client.ts";
import type { PaywallError } from "./errors.ts";
import { deriveEdgeOrigin, forgetOrigins } from "./origin-resolver.ts";
import { SDK_VERSION } from "./version.ts";

const PRIMARY = "https://pay.example.com";
const EDGE = "https://edge.pay.example.com";
const client = (options: Partial<ApiClientOptions>) =>
  new ApiClient({ apiOrigin: PRIMARY, paywallId: "7", ...options });
const failure = (promise: Promise<unknown>): Promise<PaywallError> =>
  promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );
const ok = { body: { ok: true } };

beforeEach(() => forgetOrigins());
afterEach(() => vi.useRealTimers());

describe("one request", () => {
  test("B-29, B-30, B-33, B-34: origin and path, the headers, no cookies, no empty authorisation", async () => {
    const { fetch, calls } = stubFetch(() => ok);
    await client({ fetch, getAuthToken: () => null }).request("/x?y=1");
    await client({ fetch, capabilities: ["a", "b"], getAuthToken: () => "tok" }).request("/x");
    const [plain, rich] = calls;
    expect(plain?.url).toBe(`${PRIMARY}/x?y=1`);
    expect(Object.fromEntries(plain!.headers)).toEqual({
      accept: "application/json",
      "x-sdk-version": SDK_VERSION,
      "x-paywall-id": "7",
    });
    expect(plain?.init.credentials).toBe("omit");
    expect(rich?.headers.get("x-sdk-capabilities")).toBe("a,b");
    expect(rich?.headers.get("authorization")).toBe("Bearer tok");
  });

  test("B-31, B-32: bodies are JSON unless the caller or a form says otherwise", async () => {
    const { fetch, calls } = stubFetch(() => ok);
    const api = client({ fetch });
    await api.request("/x", { method: "POST", body: "{}" });
    await api.request("/x", { method: "POST", body: new FormData() });
    await api.request("/x", { method: "POST", body: '"a"', headers: { "Content-Type": "text/plain" } });
    expect(calls.map(({ headers }) => headers.get("content-type"))).toEqual([
      "application/json",
      null,
      "text/plain",
    ]);
  });

  test("B-35, B-36: a success without readable JSON is null", async () => {
    const { fetch, calls } = stubFetch(({ path }) =>
      path === "/html" ? { text: "<p>", type: "text/html" } : { text: "{oops" },
    );
    expect(await client({ fetch }).request("/html")).toBe(null);
    expect(await client({ fetch }).request("/broken")).toBe(null);
    expect(calls).toHaveLength(2);
  });

  test("B-11, B-37, B-38: failures are one kind of error, and the caller's abort is told apart", async () => {
    const broken = stubFetch(() => ({ status: 500, text: "{oops", statusText: "Internal" }));
    expect(await failure(client(broken).request("/x"))).toMatchObject({
      code: "http_500",
      message: "Internal",
    });
    const offline = stubFetch(() => "offline");
    expect((await failure(client({ ...offline, edgeFallback: false }).request("/x"))).code).toBe(
      "network_error",
    );
    const hanging = stubFetch(() => new Promise(() => {}));
    const controller = new AbortController();
    const waiting = failure(client(hanging).request("/x", { signal: controller.signal }));
    setTimeout(() => controller.abort(), 5);
    expect((await waiting).code).toBe("aborted");
    expect(hanging.calls).toHaveLength(1);
  });
});

describe("the 401 recovery", () => {
  const guarded = (good: string) =>
    stubFetch(({ headers }) =>
      headers.get("authorization") === `Bearer ${good}`
        ? ok
        : { status: 401, body: { error: "invalid_token" } },
    );

  test("B-57: a rejected Bearer is refreshed once and the request replayed with the new one", async () => {
    const { fetch, calls } = guarded("new");
    let token = "old";
    const onUnauthorized = vi.fn(async () => {
      token = "new";
      return token;
    });
    expect(await client({ fetch, getAuthToken: () => token, onUnauthorized }).request("/x")).toEqual({
      ok: true,
    });
    expect(onUnauthorized).toHaveBeenCalledTimes(1);
    expect(calls).toHaveLength(2);
  });

  test("B-58: without a Bearer nobody is asked to refresh", async () => {
    const onUnauthorized = vi.fn(async () => "x");
    const error = await failure(
      client({ ...guarded("new"), getAuthToken: () => null, onUnauthorized }).request("/x"),
    );
    expect(error.code).toBe("invalid_token");
    expect(onUnauthorized).not.toHaveBeenCalled();
  });

  test.each([
    ["nothing", async () => null],
    ["the same token", async () => "old"],
    ["a failure", async () => Promise.reject(new Error("no"))],
  ])("B-59: a refresh that yields %s surfaces the first 401", async (_, onUnauthorized) => {
    const { fetch, calls } = guarded("new");
    const error = await failure(client({ fetch, getAuthToken: () => "old", onUnauthorized }).request("/x"));
    expect(error).toMatchObject({ code: "invalid_token", status: 401 });
    expect(calls).toHaveLength(1);
  });

  test("B-60: a second 401 is the end", async () => {
    const { fetch, calls } = guarded("never");
    let n = 0;
    const api = client({ fetch, getAuthToken: () => `t${n}`, onUnauthorized: async () => `t${++n}` });
    expect((await failure(api.request("/x"))).status).toBe(401);
    expect(calls).toHaveLength(2);
  });
});

describe("the mirror", () => {
  test("B-39, B-40: it is derived where one can exist", () => {
    expect(deriveEdgeOrigin("https://a.b")).toBe("https://edge.a.b");
    expect(deriveEdgeOrigin("https://a.b:8443")).toBe("https://edge.a.b:8443");
    const none = [
      "http://a.b",
      "https://localhost",
      "https://10.0.0.1",
      "https://[::1]",
      "https://edge.a.b",
      "x",
    ];
    for (const origin of none) expect(deriveEdgeOrigin(origin), origin).toBe(null);
  });

  const primaryDown = () => stubFetch(({ url }) => (url.startsWith(PRIMARY) ? "offline" : ok));
  const hosts = (calls: { url: string }[]) => calls.map(({ url }) => new URL(url).origin);

  test("B-41, B-44, B-47, B-50: it takes over, stays first, and every client of the origin knows", async () => {
    const { fetch, calls } = primaryDown();
    const api = client({ fetch });
    expect(await api.request("/x")).toEqual({ ok: true });
    await api.request("/x");
    await client({ fetch }).request("/x");
    expect(hosts(calls)).toEqual([PRIMARY, EDGE, EDGE, EDGE]);
    expect(api.activeOrigin()).toBe(EDGE);
  });

  test("B-42: an answer of any status is an answer", async () => {
    const { fetch, calls } = stubFetch(() => ({ status: 500, body: {} }));
    await failure(client({ fetch }).request("/x"));
    expect(hosts(calls)).toEqual([PRIMARY]);
  });

  test("B-43, B-54: it is tried when the primary is silent for five seconds", async () => {
    vi.useFakeTimers();
    const { fetch, calls } = stubFetch(({ url }) => (url.startsWith(PRIMARY) ? new Promise(() => {}) : ok));
    const done = client({ fetch }).request("/x");
    await vi.advanceTimersByTimeAsync(4_999);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await done).toEqual({ ok: true });
  });

  test("B-45: after half an hour the primary is tried again, and its answer heals", async () => {
    vi.useFakeTimers();
    let down = true;
    const { fetch, calls } = stubFetch(({ url }) => (down && url.startsWith(PRIMARY) ? "offline" : ok));
    const api = client({ fetch });
    await api.request("/x");
    down = false;
    await vi.advanceTimersByTimeAsync(29 * 60_000);
    await api.request("/x");
    await vi.advanceTimersByTimeAsync(60_000);
    await api.request("/x");
    await api.request("/x");
    expect(hosts(calls)).toEqual([PRIMARY, EDGE, EDGE, PRIMARY, PRIMARY]);
  });

  test("B-46: a new page with the same storage starts with the mirror", async () => {
    const { tab, data } = sharedStorage();
    const first = primaryDown();
    await client({ ...first, storage: tab() }).request("/x");
    expect(JSON.parse(data.get("pw-edge-pay.example.com-v1")!)).toMatchObject({ active: "edge" });
    forgetOrigins();
    const second = primaryDown();
    await client({ ...second, storage: tab() }).request("/x");
    expect(hosts(second.calls)).toEqual([EDGE]);
  });

  test("B-48, B-49: it can be switched off or named, and nonsense is refused", async () => {
    const off = primaryDown();
    await failure(client({ ...off, edgeFallback: false }).request("/x"));
    expect(off.calls).toHaveLength(1);
    const named = primaryDown();
    await client({ ...named, edgeFallback: "https://mirror.example.org/" }).request("/x");
    expect(hosts(named.calls)).toEqual([PRIMARY, "https://mirror.example.org"]);
    expect(() => client({ edgeFallback: "nonsense" })).toThrow(
      expect.objectContaining({ code: "invalid_config" }),
    );
  });

  const cutBody = () =>
    stubFetch(({ url }) => {
      if (!url.startsWith(PRIMARY)) return ok;
      const stream = new ReadableStream({ start: (controller) => controller.error(new Error("cut")) });
      return new Response(stream, { headers: { "Content-Type": "application/json" } });
    });

  test("B-51, B-52, B-53: what may have been executed is repeated only when that is harmless", async () => {
    const get = cutBody();
    expect(await client(get).request("/x")).toEqual({ ok: true });
    forgetOrigins();
    const post = cutBody();
    expect((await failure(client(post).request("/x", { method: "POST", body: "{}" }))).code).toBe(
      "network_error",
    );
    expect(post.calls).toHaveLength(1);
    forgetOrigins();
    const marked = cutBody();
    await client(marked).request("/x", { method: "POST", body: "{}", replayable: true });
    forgetOrigins();
    const unconnected = primaryDown();
    await client(unconnected).request("/x", { method: "POST", body: "{}" });
    expect(hosts(unconnected.calls)).toEqual([PRIMARY, EDGE]);
  });

  test("B-56: the token is read again for the mirror", async () => {
    const { fetch, calls } = primaryDown();
    let n = 0;
    await client({ fetch, getAuthToken: () => `t${++n}` }).request("/x");
    expect(calls.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer t1", "Bearer t2"]);
  });

  test("B-55: an upload is never cut off by a deadline", async () => {
    vi.useFakeTimers();
    let answer: (reply: typeof ok) => void = () => {};
    const { fetch, calls } = stubFetch(() => new Promise((resolve) => (answer = resolve)));
    const done = client({ fetch }).request("/x", { method: "POST", body: new FormData() });
    await vi.advanceTimersByTimeAsync(120_000);
    answer(ok);
    expect(await done).toEqual({ ok: true });
    expect(calls).toHaveLength(1);
  });
});
