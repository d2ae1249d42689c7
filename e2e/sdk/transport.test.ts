import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ApiClientOptions } from "../../packages/sdk/src/index.ts";
import { useCorePage } from "./core-page.ts";
import { useProxy } from "./proxy.ts";

const host = useCorePage();
const primary = useProxy(() => host.server.origin);
const mirror = useProxy(() => host.server.origin);
const { version } = JSON.parse(
  readFileSync(new URL("../../packages/sdk/package.json", import.meta.url), "utf8"),
);
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);

type Given = Partial<Pick<ApiClientOptions, "apiOrigin" | "edgeFallback" | "capabilities">> & {
  store?: boolean;
};

/** Builds `window.api` for the pair of addresses. */
async function client(given: Given = {}, on = host.page) {
  await host.prepare(on);
  await on.evaluate(
    ({ store, ...all }) => {
      window.api = new window.sdk.ApiClient({
        ...all,
        storage: store ? window.sdk.createStorage() : undefined,
      });
    },
    { paywallId: host.shop.paywall, apiOrigin: primary.origin, edgeFallback: mirror.origin, ...given },
  );
}
const path = () => host.shop.api("bootstrap");
/** How a GET of the bootstrap ends: "ok", or a code. */
const get = (on = host.page) =>
  on.evaluate(
    (to) =>
      window.api.request<{ settings: object } | null>(to).then(
        (body) => (body?.settings ? "ok" : body),
        (error) => error.code,
      ),
    path(),
  );
const post = (init: { replayable?: boolean } = {}) =>
  host.page.evaluate(
    ({ to, given }) =>
      window.failure(window.api.request(to, { method: "POST", body: '{"events":[]}', ...given })),
    { to: host.shop.api("events"), given: init },
  );
const seen = () => [primary.seen.length, mirror.seen.length];
/** Has a GET running while `work` happens. */
async function during<T>(work: () => Promise<T>) {
  const result = get();
  await work();
  return result;
}

test("B-4, B-29, B-30, B-33, B-34: a request says which SDK and paywall it is of, and never sends cookies or an empty authorisation", async () => {
  await host.context.addCookies([{ name: "c", value: "1", url: primary.origin }]);
  await client();
  await host.page.evaluate((to) => window.api.request(`${to}?y=1`), path());
  await client({ capabilities: ["a", "b"] });
  await get();
  const [plain, rich] = primary.seen;
  expect(plain?.path).toBe(`${path()}?y=1`);
  expect(plain?.headers).toMatchObject({
    accept: "application/json",
    "x-sdk-version": version,
    "x-paywall-id": host.shop.paywall,
  });
  for (const absent of ["x-sdk-capabilities", "authorization", "cookie"])
    expect(plain?.headers).not.toHaveProperty(absent);
  expect(rich?.headers["x-sdk-capabilities"]).toBe("a,b");
  expect(await inPage(() => window.sdk.SDK_VERSION)).toBe(version);
});

test("B-31, B-32: text is called JSON unless the caller calls it something else, a form never", async () => {
  primary.answer("/x", { status: 204 });
  await client();
  await inPage(async () => {
    await window.api.request("/x", { method: "POST", body: "{}" });
    await window.api.request("/x", { method: "POST", body: "a", headers: { "Content-Type": "text/csv" } });
    const form = new FormData();
    form.set("a", "b");
    await window.api.request("/x", { method: "POST", body: form });
  });
  expect(primary.seen.map(({ headers }) => headers["content-type"])).toEqual([
    "application/json",
    "text/csv",
    expect.stringMatching(/^multipart\/form-data; boundary/),
  ]);
});

test("B-35, B-36: a success without readable JSON is null, and is not asked of the mirror", async () => {
  await client();
  primary.answer("/bootstrap", { status: 200, body: "<p>", headers: { "content-type": "text/html" } });
  expect(await get()).toBe(null);
  primary.answer("/bootstrap", (_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end("{oops"),
  );
  expect(await get()).toBe(null);
  expect(seen()).toEqual([2, 0]);
});

test("B-7, B-8, B-9, B-10, B-11, B-12: every error body becomes a code, a sentence and a cause", async () => {
  await client();
  const bodies: [unknown, string, string][] = [
    [{ code: "a", error: "b", message: "m" }, "a", "m"],
    [{ error: "invalid_token" }, "invalid_token", "Bad Request"],
    [{ error: "Something went wrong!" }, "http_400", "Something went wrong!"],
    [{}, "http_400", "Bad Request"],
  ];
  for (const [body, code, message] of bodies) {
    primary.answer("/x", { status: 400, body });
    const failure = await inPage(() => window.failure(window.api.request("/x")));
    expect(failure).toEqual({ code, message, status: 400, name: "PaywallError", ours: true, cause: body });
  }
  primary.answer("/x", (_, response) =>
    response.writeHead(502, { "content-type": "application/json" }).end("{oops"),
  );
  expect(await inPage(() => window.failure(window.api.request("/x")))).toMatchObject({
    code: "http_502",
    message: "Bad Gateway",
  });
});

test("B-37, B-48: without a mirror there is one attempt, and a cut connection is a network_error", async () => {
  await client({ edgeFallback: false });
  primary.fault = "refuse";
  expect(await get()).toBe("network_error");
  // Chromium repeats an idempotent request once itself when a kept-alive connection was closed.
  expect(primary.seen.length).toBeLessThanOrEqual(2);
  expect(mirror.seen).toEqual([]);
});

test("B-38: a caller who aborts hears aborted, at once and without the mirror being asked", async () => {
  await client();
  primary.fault = "hang";
  await inPage(() => {
    const controller = new AbortController();
    Object.assign(window, { controller });
  });
  const failure = host.page.evaluate(
    (to) =>
      window.failure(
        window.api.request(to, {
          signal: (window as unknown as { controller: AbortController }).controller.signal,
        }),
      ),
    path(),
  );
  await expect.poll(() => primary.seen.length).toBe(1);
  await inPage(() => (window as unknown as { controller: AbortController }).controller.abort());
  expect(await failure).toMatchObject({ code: "aborted", ours: true });
  await expect.poll(() => primary.seen[0]?.gone).toBe(true);
  const before = await host.page.evaluate(
    (to) => window.failure(window.api.request(to, { signal: AbortSignal.abort() })),
    path(),
  );
  expect(before.code).toBe("aborted");
  expect(seen()).toEqual([1, 0]);
});

test("B-39, B-40: a mirror's address is derived where one can exist", async () => {
  const origins = [
    "https://a.b",
    "https://a.b:8443",
    "http://a.b",
    "https://localhost",
    "https://10.0.0.1",
    "https://[::1]",
    "https://edge.a.b",
    "nonsense",
  ];
  expect(await host.page.evaluate((all) => all.map(window.sdk.deriveEdgeOrigin), origins)).toEqual([
    "https://edge.a.b",
    "https://edge.a.b:8443",
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("B-41, B-44, B-47, B-50: the conventional mirror takes over from a blocked domain, for every client of it, from then on", async () => {
  const asked: string[] = [];
  await host.context.route(/^https:\/\/(edge\.)?pay\.example\.test\//, async (route) => {
    const { host: name, pathname } = new URL(route.request().url());
    asked.push(name);
    if (name === "pay.example.test") return route.abort("connectionrefused");
    const response = await route.fetch({ url: host.server.origin + pathname });
    await route.fulfill({ response });
  });
  await client({ apiOrigin: "https://pay.example.test", edgeFallback: undefined });
  expect([await get(), await get()]).toEqual(["ok", "ok"]);
  await client({ apiOrigin: "https://pay.example.test", edgeFallback: undefined });
  expect(await get()).toBe("ok");
  expect(asked).toEqual(["pay.example.test", ...Array(3).fill("edge.pay.example.test")]);
  expect(await inPage(() => window.api.activeOrigin())).toBe("https://edge.pay.example.test");
});

test("B-42: a server error is an answer, and the mirror is not asked", async () => {
  await client();
  primary.answer("/bootstrap", { status: 500, body: {} });
  expect(await get()).toBe("http_500");
  expect(seen()).toEqual([1, 0]);
});

test("B-43: five seconds without a word from the primary, and the mirror is asked", async () => {
  await host.page.clock.install();
  await client();
  primary.fault = "hang";
  const result = await during(async () => {
    await expect.poll(() => primary.seen.length).toBe(1);
    await host.page.clock.fastForward(4_500);
    expect(mirror.seen).toEqual([]);
    await host.page.clock.fastForward(500);
  });
  expect(result).toBe("ok");
  expect(seen()).toEqual([1, 1]);
});

test("B-43: the last origin is given thirty seconds, and nothing waits for ever", async () => {
  await host.page.clock.install();
  await client();
  primary.fault = mirror.fault = "hang";
  const result = await during(async () => {
    await expect.poll(() => primary.seen.length).toBe(1);
    await host.page.clock.fastForward(5_000);
    await expect.poll(() => mirror.seen.length).toBe(1);
    await host.page.clock.fastForward(30_000);
  });
  expect(result).toBe("network_error");
});

test("B-45: half an hour after the switch the primary is tried first again, and its success clears the preference", async () => {
  await host.page.clock.install();
  await client();
  primary.fault = "refuse";
  expect(await get()).toBe("ok");
  primary.fault = "pass";
  primary.seen.length = 0;
  await host.pass(29 * 60_000);
  expect(await get()).toBe("ok");
  expect(seen()).toEqual([0, 2]);
  await host.pass(60_000);
  expect([await get(), await get()]).toEqual(["ok", "ok"]);
  expect(seen()).toEqual([2, 2]);
  expect(await inPage(() => window.api.activeOrigin())).toBe(primary.origin);
});

test("B-46: the preference is stored under the primary's host, and a new page with that storage starts with the mirror", async () => {
  await client({ store: true });
  primary.fault = "refuse";
  expect(await get()).toBe("ok");
  const key = `pw-edge-${new URL(primary.origin).host}-v1`;
  await expect.poll(() => host.stored(key)).toMatchObject({ active: "edge", switchedAt: expect.any(Number) });
  primary.seen.length = 0;
  await host.load();
  await client({ store: true });
  expect(await get()).toBe("ok");
  expect(seen()).toEqual([0, 2]);
});

test("a switch that a wrong clock dated into the future does not keep the primary away", async () => {
  const key = `pw-edge-${new URL(primary.origin).host}-v1`;
  await host.page.evaluate(
    (name) => localStorage.setItem(name, JSON.stringify({ active: "edge", switchedAt: Date.now() + 1e7 })),
    key,
  );
  await client({ store: true });
  expect(await get()).toBe("ok");
  expect(seen()).toEqual([1, 0]);
});

test("B-49: a named mirror is used instead of the conventional one, and nonsense is refused", async () => {
  primary.fault = "refuse";
  await client({ edgeFallback: `${mirror.origin}/path/` });
  expect(await get()).toBe("ok");
  expect(mirror.seen).toHaveLength(1);
  const code = await inPage(() => {
    try {
      new window.sdk.ApiClient({ apiOrigin: "https://a.b", paywallId: "1", edgeFallback: "nonsense" });
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
  expect(code).toBe("invalid_config");
});

test("B-51: a GET whose body dies under way is read from the mirror", async () => {
  await client();
  primary.fault = "cut";
  expect(await get()).toBe("ok");
  expect(mirror.seen).toHaveLength(1);
});

test("B-52: a POST that may have been executed is repeated at the mirror only when it was called replayable", async () => {
  const cut = { status: 200, body: { long: "x".repeat(200) } };
  mirror.answer("/events", cut);
  primary.answer("/events", (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "999" });
    response.write("{");
    setTimeout(() => response.destroy(), 50);
  });
  await client();
  expect((await post()).code).toBe("network_error");
  expect(seen()).toEqual([1, 0]);
  expect(await post({ replayable: true })).toMatchObject({ value: cut.body });
  expect(seen()).toEqual([2, 1]);
});

test("B-53: a POST that never connected is sent to the mirror", async () => {
  await client();
  primary.fault = "refuse";
  expect((await post()).name).toBe("");
  expect(mirror.seen.map(({ method, body }) => [method, body])).toEqual([["POST", '{"events":[]}']]);
});

test("B-54: a body that takes longer than five seconds is waited for", async () => {
  await host.page.clock.install();
  await inPage(() => {
    const original = window.fetch;
    window.noted = [];
    window.fetch = async (input, init) => {
      const response = await original(input, init);
      window.noted.push("headers");
      return response;
    };
  });
  await client();
  primary.fault = "slow";
  const result = await during(async () => {
    // The headers must have arrived before the clock moves on.
    await expect.poll(() => inPage(() => window.noted)).toEqual(["headers"]);
    await host.page.clock.fastForward(25_000);
    primary.release();
  });
  expect(result).toBe("ok");
  expect(seen()).toEqual([1, 0]);
});

test("B-55: an upload is never cut off by a deadline of the SDK", async () => {
  await host.page.clock.install();
  await client();
  let finish = () => {};
  primary.answer("/upload", (_, response) => {
    finish = () =>
      void response.writeHead(200, { "content-type": "application/json" }).end('{"settings":{}}');
  });
  const upload = inPage(() => {
    const form = new FormData();
    form.set("files", new Blob(["x".repeat(1000)]));
    return window.api.request("/upload", { method: "POST", body: form });
  });
  await expect.poll(() => primary.seen.length).toBe(1);
  await host.page.clock.fastForward(120_000);
  finish();
  expect(await upload).toEqual({ settings: {} });
  expect(mirror.seen).toEqual([]);
});

test("B-56: the token is asked for again before the mirror is tried", async () => {
  primary.fault = "refuse";
  mirror.answer("/x", { status: 200, body: {} });
  await host.page.evaluate(
    (given) => {
      let n = 0;
      window.api = new window.sdk.ApiClient({ ...given, getAuthToken: () => `t${++n}` });
    },
    { paywallId: "1", apiOrigin: primary.origin, edgeFallback: mirror.origin },
  );
  await inPage(() => window.api.request("/x"));
  expect(mirror.seen[0]?.headers.authorization).toBe("Bearer t2");
});

/** A server that takes only one token, and a client that holds another and may get a new one. */
async function guarded(token: string | null, fresh: string | null | "reject") {
  primary.answer("/x", (request, response) => {
    const good = request.headers.authorization === "Bearer good";
    const body = good ? "{}" : '{"error":"invalid_token"}';
    response.writeHead(good ? 200 : 401, { "content-type": "application/json" }).end(body);
  });
  await host.prepare(host.page);
  return host.page.evaluate(
    async ({ target, held, next }) => {
      let asked = 0;
      const api = new window.sdk.ApiClient({
        ...target,
        getAuthToken: () => held,
        onUnauthorized: async () => {
          asked++;
          if (next === "reject") throw new Error("no");
          return next;
        },
      });
      const { code, status } = await window.failure(api.request("/x"));
      return { asked, code, status };
    },
    {
      target: { paywallId: "1", apiOrigin: primary.origin, edgeFallback: mirror.origin },
      held: token,
      next: fresh,
    },
  );
}

test("B-57: a refused Bearer is renewed once, and the request replayed with the new one", async () => {
  expect(await guarded("old", "good")).toEqual({ asked: 1 });
  expect(primary.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer good"]);
});

test("B-57: a token that another tab has replaced meanwhile is used, and not renewed once more", async () => {
  primary.answer("/x", (request, response) => {
    const good = request.headers.authorization === "Bearer good";
    response
      .writeHead(good ? 200 : 401, { "content-type": "application/json" })
      .end(good ? '{"ok":true}' : "{}");
  });
  const answer = await host.page.evaluate(
    async (target) => {
      const held = ["old", "good"];
      let renewals = 0;
      const api = new window.sdk.ApiClient({
        ...target,
        getAuthToken: () => held.shift() ?? null,
        onUnauthorized: async () => {
          renewals++;
          return "another";
        },
      });
      return [await api.request("/x"), renewals];
    },
    { paywallId: "1", apiOrigin: primary.origin, edgeFallback: mirror.origin },
  );
  expect(answer).toEqual([{ ok: true }, 0]);
  expect(primary.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer good"]);
});

test("B-58: without a Bearer nobody is asked for a new one", async () => {
  expect(await guarded(null, "good")).toEqual({ asked: 0, code: "invalid_token", status: 401 });
});

test.each([
  ["nothing", null],
  ["the same token", "old"],
  ["a failure", "reject"],
])("B-59: a renewal that gives %s leaves the first 401", async (_, fresh) => {
  expect(await guarded("old", fresh)).toEqual({ asked: 1, code: "invalid_token", status: 401 });
  expect(primary.seen).toHaveLength(1);
});

test("B-60: a second 401 is the end", async () => {
  expect(await guarded("old", "bad too")).toEqual({ asked: 1, code: "invalid_token", status: 401 });
  expect(seen()).toEqual([2, 0]);
});

test("B-61: the replay after a 401 has five seconds of its own", async () => {
  await host.page.clock.install();
  let finish = () => {};
  primary.answer("/x", (request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.headers.authorization !== "Bearer good") return response.writeHead(401).end("{}");
    finish = () => void response.writeHead(200).end('{"late":true}');
  });
  await host.page.evaluate(
    (target) => {
      window.api = new window.sdk.ApiClient({
        ...target,
        getAuthToken: () => "old",
        // Renewing takes longer than a silent origin would be given.
        onUnauthorized: () => {
          window.noted = ["renewing"];
          return new Promise((resolve) => setTimeout(resolve, 8_000, "good"));
        },
      });
    },
    { paywallId: "1", apiOrigin: primary.origin, edgeFallback: mirror.origin },
  );
  const answer = inPage(() => window.api.request("/x"));
  await expect.poll(() => inPage(() => window.noted)).toEqual(["renewing"]);
  await host.page.clock.fastForward(8_000);
  await expect.poll(() => primary.seen.length).toBe(2);
  await host.page.clock.fastForward(4_000);
  finish();
  expect(await answer).toEqual({ late: true });
  expect(mirror.seen).toEqual([]);
});
