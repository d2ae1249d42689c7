import { afterEach, beforeEach, expect, test, vi } from "vitest";
import manifest from "../package.json" with { type: "json" };
import {
  AuthenticationError,
  ForbiddenError,
  NotFoundError,
  RateLimitError,
  ServerError,
  SesamyClient,
  SesamyError,
  TollgateClient,
  type TollgateClientOptions,
  TollgateError,
  ValidationError,
} from "../src/index.ts";
import { LIBRARY_NAME, LIBRARY_VERSION } from "../src/version.ts";

type Sent = { url: string; method: string; headers: Headers; body: string };
let sent: Sent[] = [];
let reply: (request: Sent, count: number) => Response | Promise<Response>;
const paywall = {
  id: "pw_1",
  vendorId: "daily",
  mainColor: "#112233",
  logoUrl: "https://daily.example/logo.svg",
};
const fresh = (body: unknown = paywall, control = "private, max-age=3600") =>
  Response.json(body, { headers: { "cache-control": control } });

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  reply = () => fresh();
});
afterEach(() => vi.useRealTimers());

const make = (options: TollgateClientOptions = {}) =>
  new TollgateClient({
    apiKey: "sk_test",
    baseUrl: "https://pay.example.com/",
    fetch: async (url, init) => {
      const request = {
        url: String(url),
        method: init?.method ?? "GET",
        headers: new Headers(init?.headers),
        body: String(init?.body ?? ""),
      };
      sent.push(request);
      return Promise.race([
        Promise.resolve(reply(request, sent.length)),
        new Promise<never>((_, reject) =>
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
        ),
      ]);
    },
    ...options,
  });

/** Lets every wait pass, and gives what the call came to. */
async function settled<T>(call: Promise<T>): Promise<T | TollgateError> {
  const done = call.catch((error: TollgateError) => error);
  await vi.runAllTimersAsync();
  return done;
}

test("J-151: `management.paywalls.get` gives the object as it was sent, in camel case", async () => {
  expect(await make().management.paywalls.get("pw_1")).toEqual(paywall);
  const [request] = sent;
  expect(request?.url).toBe("https://pay.example.com/management/paywalls/pw_1");
  expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
    accept: "application/json",
    authorization: "Bearer sk_test",
    "cache-timestamp": expect.stringMatching(/^\d{13}$/),
    "x-sesamy-client": `${manifest.name}/${manifest.version}`,
  });
  expect([LIBRARY_NAME, LIBRARY_VERSION]).toEqual([manifest.name, manifest.version]);
});

test("J-153: a second get within an hour makes no request, one after it does", async () => {
  const { paywalls } = make().management;
  const first = await paywalls.get("pw_1");
  first.mainColor = "changed by the caller";
  await vi.advanceTimersByTimeAsync(3_599_000);
  expect(await paywalls.get("pw_1")).toEqual(paywall);
  expect(sent).toHaveLength(1);
  await paywalls.get("pw_2");
  await vi.advanceTimersByTimeAsync(2_000);
  await paywalls.get("pw_1");
  expect(sent).toHaveLength(3);
});

test.each([
  ["private, max-age=60", 61],
  ["no-store", 0],
  ["private, no-cache, max-age=60", 0],
  ["max-age=0", 0],
])("an answer with %s is kept no longer than that", async (control, seconds) => {
  reply = () => fresh(paywall, control);
  const { paywalls } = make().management;
  await paywalls.get("pw_1");
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  await paywalls.get("pw_1");
  expect(sent).toHaveLength(2);
});

test("`cache: false` asks every time", async () => {
  const { paywalls } = make({ cache: false }).management;
  await paywalls.get("pw_1");
  await paywalls.get("pw_1");
  expect(sent).toHaveLength(2);
});

test("gets of one id at one time share a request", async () => {
  const { paywalls } = make({ cache: false }).management;
  const [first, second] = await Promise.all([
    paywalls.get("pw_1"),
    paywalls.get("pw_1"),
    paywalls.get("pw_2"),
  ]);
  expect(sent).toHaveLength(2);
  expect(first).not.toBe(second);
});

test("`clearCache` forgets everything, changes the timestamp, and drops what is still under way", async () => {
  const client = make();
  let answer: (response: Response) => void = () => {};
  reply = (_, count) =>
    count === 1
      ? new Promise((resolve) => {
          answer = resolve;
        })
      : fresh({ ...paywall, version: 2 });
  const old = client.management.paywalls.get("pw_1");
  await vi.advanceTimersByTimeAsync(0);
  client.clearCache();
  expect((await client.management.paywalls.get("pw_1")).version).toBe(2);
  answer(fresh({ ...paywall, version: 1 }));
  expect((await old).version).toBe(1);
  expect((await client.management.paywalls.get("pw_1")).version).toBe(2);
  const stamps = sent.map(({ headers }) => headers.get("cache-timestamp"));
  expect(stamps).toHaveLength(2);
  expect(stamps[1]).not.toBe(stamps[0]);
});

test("errors are never kept", async () => {
  reply = (_, count) => (count === 1 ? new Response("", { status: 404 }) : fresh());
  const { paywalls } = make().management;
  await expect(paywalls.get("pw_1")).rejects.toThrow(NotFoundError);
  expect(await paywalls.get("pw_1")).toEqual(paywall);
});

test.each([
  [400, "validation_error", ValidationError],
  [401, "unauthorized", AuthenticationError],
  [403, "forbidden", ForbiddenError],
  [404, "not_found", NotFoundError],
  [409, "conflict", TollgateError],
] as const)(
  "J-154, J-155: a %i rejects at once with its class, code, details and request id",
  async (status, code, Class) => {
    const error = { code, message: "Said by the server.", details: { field: "id" }, request_id: "req_1" };
    reply = () => Response.json({ error }, { status });
    const failure = await settled(make().management.paywalls.get("pw_1"));
    expect(failure).toBeInstanceOf(Class);
    expect(failure).toBeInstanceOf(SesamyError);
    expect(failure).toMatchObject({
      name: Class.name,
      code,
      message: "Said by the server.",
      statusCode: status,
      details: { field: "id" },
      requestId: "req_1",
    });
    expect(sent).toHaveLength(1);
  },
);

test("a body that is no envelope is the message, with the code unknown_error", async () => {
  reply = () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  expect(await settled(make().management.paywalls.get("pw_1"))).toMatchObject({
    name: "ServerError",
    code: "unknown_error",
    message: "<h1>Bad gateway</h1>",
    statusCode: 502,
  });
  reply = () => new Response("not json");
  expect(await settled(make().management.paywalls.get("pw_1"))).toMatchObject({
    name: "TollgateError",
    code: "unknown_error",
    message: "not json",
  });
});

test("J-156: a 429 is asked again when the server says, and then rejects with RateLimitError", async () => {
  const started = Date.now();
  const error = { code: "rate_limit_exceeded", message: "Slow down.", retry_after: 5 };
  reply = () => Response.json({ error }, { status: 429 });
  const failure = await settled(make().management.paywalls.get("pw_1"));
  expect(failure).toBeInstanceOf(RateLimitError);
  expect(failure).toMatchObject({ retryAfter: 5, statusCode: 429, code: "rate_limit_exceeded" });
  expect(sent).toHaveLength(4);
  expect(Date.now() - started).toBe(15_000);
});

test("`Retry-After` may be a date, and a wait of more than a minute is the caller's to decide", async () => {
  const at = (seconds: number) =>
    new Date(Math.ceil(Date.now() / 1000) * 1000 + seconds * 1000).toUTCString();
  reply = (_, count) =>
    count === 1 ? new Response("", { status: 429, headers: { "retry-after": at(3) } }) : fresh();
  expect(await settled(make().management.paywalls.get("pw_1"))).toEqual(paywall);
  sent = [];
  reply = () => new Response("", { status: 429, headers: { "retry-after": "3600" } });
  const failure = await settled(make().management.paywalls.get("pw_1"));
  expect(failure).toMatchObject({ name: "RateLimitError", retryAfter: 3600 });
  expect(sent).toHaveLength(1);
});

test("5xx and what the network lost are asked again after one, two and four seconds", async () => {
  const started = Date.now();
  reply = () => new Response("down", { status: 500 });
  expect(await settled(make().management.paywalls.get("pw_1"))).toBeInstanceOf(ServerError);
  expect(sent).toHaveLength(4);
  expect(Date.now() - started).toBe(7_000);
  sent = [];
  reply = (_, count) => {
    if (count < 3) throw new TypeError("fetch failed");
    return fresh();
  };
  expect(await settled(make().management.paywalls.get("pw_1"))).toEqual(paywall);
  reply = () => {
    throw new TypeError("fetch failed");
  };
  const failure = await settled(make({ maxRetries: 0 }).management.paywalls.get("pw_1"));
  expect(failure).toMatchObject({ name: "TollgateError", code: "network_error" });
  expect(failure).toMatchObject({ statusCode: undefined });
});

test("an attempt that takes longer than `timeoutMs` fails with the code timeout", async () => {
  vi.useRealTimers();
  reply = () => new Promise(() => {});
  const { paywalls } = make({ timeoutMs: 20, maxRetries: 0 }).management;
  await expect(paywalls.get("pw_1")).rejects.toMatchObject({ name: "TollgateError", code: "timeout" });
});

test("J-157: `baseUrl` goes before the environment, and every environment has its documented host", async () => {
  await make({ environment: "staging" }).management.paywalls.get("a");
  await make({ baseUrl: undefined }).management.paywalls.get("a");
  await make({ baseUrl: undefined, environment: "staging" }).management.paywalls.get("a");
  await make({ baseUrl: undefined, environment: "development" }).management.paywalls.get("a");
  expect(sent.map(({ url }) => new URL(url).origin)).toEqual([
    "https://pay.example.com",
    "https://api2.sesamy.com",
    "https://staging-api.sesamy.com",
    "http://127.0.0.1:4000",
  ]);
  expect(() => make({ baseUrl: undefined, environment: "toString" as "staging" })).toThrow(ValidationError);
});

test("J-158: an id that is empty or a step upwards is refused without a request; any other is one segment", async () => {
  const { paywalls } = make().management;
  for (const id of ["", " ", ".", "..", undefined as unknown as string]) {
    await expect(paywalls.get(id)).rejects.toThrow(ValidationError);
  }
  expect(sent).toEqual([]);
  await paywalls.get("a/../b?c");
  expect(sent[0]?.url).toBe("https://pay.example.com/management/paywalls/a%2F..%2Fb%3Fc");
});

test("there is no client without credentials, and the documented name is the same class", () => {
  expect(() => make({ apiKey: " " })).toThrow(AuthenticationError);
  expect(() => make({ apiKey: undefined, clientId: "id" })).toThrow(AuthenticationError);
  expect(new SesamyClient({ apiKey: "sk", vendorId: "daily" })).toMatchObject({ vendorId: "daily" });
  expect(SesamyClient).toBe(TollgateClient);
});

const tokens = (request: Sent, count: number) =>
  request.url.endsWith("/oauth/token")
    ? Response.json({ access_token: `t${count}`, token_type: "Bearer", expires_in: 86_400 })
    : fresh();
const machine = { apiKey: undefined, clientId: "back end", clientSecret: "s&c", audience: "api" };

test("client credentials fetch one token for everybody, and another a minute before it ends", async () => {
  reply = tokens;
  const { paywalls } = make({ ...machine, cache: false }).management;
  await Promise.all([paywalls.get("a"), paywalls.get("b")]);
  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([
    "/oauth/token",
    "/management/paywalls/a",
    "/management/paywalls/b",
  ]);
  expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual({
    grant_type: "client_credentials",
    client_id: "back end",
    client_secret: "s&c",
    audience: "api",
  });
  await vi.advanceTimersByTimeAsync(86_338_000);
  await paywalls.get("c");
  expect(sent.at(-1)?.headers.get("authorization")).toBe("Bearer t1");
  await vi.advanceTimersByTimeAsync(3_000);
  await Promise.all([paywalls.get("d"), paywalls.get("e")]);
  expect(sent.filter(({ method }) => method === "POST")).toHaveLength(2);
  expect(sent.at(-1)?.headers.get("authorization")).toBe("Bearer t5");
});

test("a token that the server no longer takes is replaced once", async () => {
  reply = (request, count) =>
    request.headers.get("authorization") === "Bearer t1"
      ? new Response("", { status: 401 })
      : tokens(request, count);
  expect(await make(machine).management.paywalls.get("a")).toEqual(paywall);
  expect(sent).toHaveLength(4);
  sent = [];
  reply = (request, count) =>
    request.method === "POST" ? tokens(request, count) : new Response("", { status: 401 });
  await expect(make(machine).management.paywalls.get("a")).rejects.toThrow(AuthenticationError);
  expect(sent).toHaveLength(4);
});

test("wrong client credentials reject with what the token endpoint says, and the next call tries again", async () => {
  reply = () =>
    Response.json({ error: "invalid_client", error_description: "Unknown client." }, { status: 401 });
  const { paywalls } = make(machine).management;
  for (let round = 1; round <= 2; round += 1) {
    await expect(paywalls.get("a")).rejects.toMatchObject({
      name: "AuthenticationError",
      code: "invalid_client",
      message: "Unknown client.",
    });
    expect(sent).toHaveLength(round);
  }
});
