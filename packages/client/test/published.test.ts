// Ours beside the published SDK: the same calls, what each of them sends, and what callers get back.
import * as published from "@sesamy/sdk";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as ours from "../src/index.ts";
import { type Calls, clientCalls, managementCalls, methodsOf } from "./every-call.ts";

type Sent = { method: string; url: string; headers: Record<string, string>; body: string | null };
type Reply = () => Response | Promise<Response>;

let sent: Sent[] = [];
let reply: Reply;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  reply = () => Response.json({ id: "it" });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({
      method: init.method ?? "GET",
      url: decodeURIComponent(new URL(url).href),
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === "string" && init.body !== "" ? init.body : null,
    });
    return reply();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const config = (more: Partial<ours.SDKConfig> = {}) => ({
  baseUrl: "https://pay.example.com",
  tokenProvider: async () => "Bearer reader.token",
  libraryName: "test",
  libraryVersion: "1",
  ...more,
});

const both = (more: Partial<ours.SDKConfig> = {}) => ({
  published: { ...published.client(config(more) as published.SDKConfig) },
  ours: { ...ours.client(config(more)) },
});

/** What became of a call: its result or its error's visible parts, and what was sent meanwhile. */
async function outcome(call: () => unknown) {
  sent = [];
  const done = Promise.resolve()
    .then(call)
    .then(
      (result) => ({ result }),
      (error) => ({
        error: {
          name: error.name,
          status: error.status,
          statusText: error.statusText,
          message: error.message,
          body: error.body,
          answers: ["isClientError", "isServerError", "isForbiddenError", "isNotFoundError"].map((it) =>
            error[it](),
          ),
        },
      }),
    );
  await vi.runAllTimersAsync();
  const requests = sent.map(({ headers: { "idempotency-key": _, ...headers }, ...rest }) => ({
    ...rest,
    headers,
  }));
  return { ...(await done), requests };
}

/** Both libraries' factories, by name. */
const factories = {
  client: { published: published.client, ours: ours.client, calls: clientCalls, count: 48 },
  management: { published: published.management, ours: ours.management, calls: managementCalls, count: 33 },
};
type Name = keyof typeof factories;

const callsOf = (name: Name, calls: Calls) =>
  Object.entries(calls).map(([it, args]) => [name, it, args] as const);

test("both have the same 48 methods for readers and 33 for back ends, and nothing else", () => {
  for (const { published: theirs, ours: own, calls, count } of Object.values(factories)) {
    const names = [...methodsOf(theirs(config() as published.SDKConfig)).keys()];
    expect(names).toHaveLength(count);
    expect([...methodsOf(own(config())).keys()]).toEqual(names);
    expect(Object.keys(calls).sort()).toEqual(names.sort());
  }
  const exported = Object.keys(published).filter((it) => it !== "wretch");
  expect(Object.keys(ours)).toEqual(expect.arrayContaining(exported));
});

test.each([...callsOf("client", clientCalls), ...callsOf("management", managementCalls)] as const)(
  "%s %s sends the same request and gives the same result",
  async (name, method, args) => {
    const theirs = methodsOf(factories[name].published(config() as published.SDKConfig)).get(method)!;
    const own = methodsOf(factories[name].ours(config())).get(method)!;
    const lists = /\.(list|autoOnboard|getFulfillments)$/.test(method) && method !== "userMetadata.list";
    reply = () =>
      /delete|remove|metadata\.set|setPassword|changeLogin/i.test(method)
        ? new Response(null, { status: 204 })
        : Response.json(lists ? [{ id: "it", manageUrl: "https://pay.example.com/a?b#c" }] : { id: "it" });
    const expected = await outcome(() => theirs(...args));
    expect(await outcome(() => own(...args))).toEqual(expected);
    expect(expected).not.toHaveProperty("error");
  },
);

test.each([
  [
    "an envelope",
    () => Response.json({ error: { code: "resource_not_found", message: "No." } }, { status: 404 }),
  ],
  ["a refusal in words", () => new Response("forbidden", { status: 403 })],
  ["a refusal without a word", () => new Response("", { status: 401 })],
  ["too many requests", () => new Response("slow down", { status: 429 })],
  ["a 200 that is not JSON", () => new Response("<p>", { status: 200 })],
  [
    "a network that fails",
    () => {
      throw new TypeError("fetch failed");
    },
  ],
] as [string, Reply][])("both reject alike after %s", async (_, answer) => {
  reply = answer;
  const { published: theirs, ours: own } = both();
  const expected = await outcome(() => theirs.bills.get("bi_1"));
  const got = await outcome(() => own.bills.get("bi_1"));
  // How a parser words its complaint is the runtime's business.
  expect(got).toEqual(expected);
  expect(expected).toHaveProperty("error");
});

test("both ask four times, one, two and three seconds apart, whatever the verb, and then give up alike", async () => {
  reply = () => new Response("down", { status: 503 });
  const { published: theirs, ours: own } = both();
  for (const call of [
    (it: ours.ClientSDK) => it.vendor.get(),
    (it: ours.ClientSDK) => it.checkouts.create({ items: [], redirectUrl: "https://daily.example/" }),
  ]) {
    const started = Date.now();
    const expected = await outcome(() => call(theirs as unknown as ours.ClientSDK));
    const middle = Date.now();
    const got = await outcome(() => call(own));
    expect(got).toEqual(expected);
    expect(got.requests).toHaveLength(4);
    expect([middle - started, Date.now() - middle]).toEqual([6000, 6000]);
  }
});

test("a failing token provider rejects alike, and nothing is sent", async () => {
  const tokenProvider = async () => {
    throw new Error("signed out");
  };
  const { published: theirs, ours: own } = both({ tokenProvider });
  const expected = await outcome(() => theirs.tags.list());
  expect(await outcome(() => own.tags.list())).toEqual(expected);
  expect(expected.requests).toEqual([]);
});

test("reads of one thing at one time are one request, and each caller has an object of their own", async () => {
  for (const it of Object.values(both())) {
    sent = [];
    const [first, second] = await Promise.all([it.vendor.get(), it.vendor.get()]);
    expect(sent).toHaveLength(1);
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
  }
});

test("in browser mode both send one timestamp until a write succeeds or the cache is cleared", async () => {
  const values = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => values.set(key, value),
    removeItem: (key: string) => values.delete(key),
  });
  for (const [name, library] of [
    ["published", published],
    ["ours", ours],
  ] as const) {
    values.clear();
    sent = [];
    const it = library.client(config({ cache: { mode: library.CacheMode.BROWSER } }) as never);
    await it.tags.list();
    await it.vendor.get();
    await it.tags.add("a");
    await vi.advanceTimersByTimeAsync(5);
    await it.tags.list();
    await vi.advanceTimersByTimeAsync(5);
    expect(library.clearCache()).toBe("Cache cleared");
    await it.tags.list();
    const stamps = sent.map(({ headers }) => headers["cache-timestamp"]);
    expect(stamps[0], name).toMatch(/^\d+$/);
    expect(stamps.slice(1, 3), name).toEqual([stamps[0], stamps[0]]);
    expect(new Set(stamps).size, name).toBe(3);
    await it.tags.list();
    expect(sent.at(-1)?.headers["cache-timestamp"]).toBe(stamps.at(-1));
  }
});

test("in normal mode both keep what they have read for five minutes", async () => {
  for (const library of [published, ours]) {
    sent = [];
    const it = library.client(config({ cache: { mode: library.CacheMode.NORMAL } }) as never);
    await it.vendor.get();
    await vi.advanceTimersByTimeAsync(299_000);
    expect(await it.vendor.get()).toEqual({ id: "it" });
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await it.vendor.get();
    expect(sent).toHaveLength(2);
  }
});

test("addresses are signed alike: a new fragment, and none for callers without a bearer token", async () => {
  const url = "https://pay.example.com/manage?x=1#old";
  expect(ours.signUrlWithAccessToken(url, "t")).toBe(published.signUrlWithAccessToken(url, "t"));
  expect(ours.signUrlWithAccessToken("", "t")).toBe("");
  expect(ours.signUrlWithAccessToken(url, "")).toBe(url);
  reply = () => Response.json([{ id: "ct_1", manageUrl: url }, { id: "ct_2" }]);
  const { published: theirs, ours: own } = both({ tokenProvider: async () => "Basic abc" });
  expect(await own.contracts.list()).toEqual(await theirs.contracts.list());
});
