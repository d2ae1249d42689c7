import { request } from "node:http";
import { expect, test } from "vitest";
import { useGateway } from "../../../test/gateway.ts";
import { signedInCustomer } from "../../../test/identity.ts";
import { createShop } from "../../../test/shop.ts";
import { event, ok } from "../../../test/upstream.ts";

const gateway = useGateway();
const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

test("#158 an upstream 2xx charges exactly one of the provider's type and answers X-Query-Type with that type", async () => {
  const provider = await gateway.provider({ tokenType: "advanced" });
  await gateway.give(3, "advanced");
  await gateway.give(3, "standard");
  gateway.upstream.answer = (response) => ok(response, { hello: "world" }, 201);
  const response = await gateway.call(provider, { body: { a: 1 } });
  expect([response.status, response.headers.get("x-query-type")]).toEqual([201, "advanced"]);
  expect(await bodyOf(response)).toEqual({ hello: "world" });
  expect([await gateway.balance("advanced"), await gateway.balance("standard")]).toEqual([2, 3]);
  const [logged] = await gateway.log();
  expect(logged).toMatchObject({
    status: 201,
    tokens: 1,
    tokenType: "advanced",
    path: "chat/completions",
    aborted: false,
  });
});

test("#159 an upstream 4xx or 5xx charges nothing and is passed on; type free charges nothing", async () => {
  const provider = await gateway.provider();
  await gateway.give(1);
  for (const status of [400, 404, 418, 429, 500, 503]) {
    gateway.upstream.answer = (response) => ok(response, { error: status }, status);
    const response = await gateway.call(provider);
    expect([response.status, await bodyOf(response)]).toEqual([status, { error: status }]);
    expect(response.headers.get("x-query-type")).toBeNull();
  }
  expect(await gateway.balance()).toBe(1);
  gateway.upstream.answer = (response) => ok(response);
  const free = await gateway.provider({ tokenType: "free" });
  const response = await gateway.call(free);
  expect([response.status, response.headers.get("x-query-type")]).toEqual([200, "free"]);
  expect(await gateway.balance()).toBe(1);
  expect(await gateway.balance("free")).toBe(0);
});

test("#160 an empty balance gives 402 with the nested body, and the upstream is not asked", async () => {
  const provider = await gateway.provider();
  await gateway.give(7, "advanced");
  const response = await gateway.call(provider);
  expect(response.status).toBe(402);
  expect(await bodyOf(response)).toMatchObject({
    error: "not-enough-queries",
    details: {
      balances: [
        {
          balances: [
            { type: "advanced", count: 7 },
            { type: "standard", count: 0 },
          ],
        },
      ],
      queryType: "standard",
      currentBalance: { type: "standard", count: 0 },
    },
  });
  expect(gateway.upstream.calls).toEqual([]);
});

test("#161 an upstream 401 or 402, a redirect and an upstream that is not there reach the caller as 502, uncharged", async () => {
  const provider = await gateway.provider();
  await gateway.give(5);
  for (const status of [401, 402, 302]) {
    gateway.upstream.answer = (response) => {
      response.writeHead(status, { location: "http://127.0.0.1:1/" });
      response.end("secret words");
    };
    const response = await gateway.call(provider, { redirect: "manual" });
    expect([response.status, (await bodyOf(response)).error]).toEqual([502, "upstream_error"]);
  }
  gateway.upstream.answer = (response) => void response.destroy();
  expect((await gateway.call(provider)).status).toBe(502);
  expect(await gateway.balance()).toBe(5);
  expect((await gateway.log()).map(({ error }) => error)).toContain("unreachable");
});

test("#162 chunks of a stream are forwarded as they arrive, and a caller who leaves ends the upstream call", async () => {
  const provider = await gateway.provider();
  await gateway.give(2);
  let send: (text: string) => void = () => {};
  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    send = (text) => void response.write(text);
  };
  const leaving = new AbortController();
  const response = await gateway.call(provider, { body: { stream: true }, signal: leaving.signal });
  const reader = response.body!.getReader();
  for (const n of [1, 2, 3]) {
    send(event({ n }));
    // Nothing more is sent until this one has come through.
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(event({ n }));
  }
  leaving.abort();
  await gateway.upstream.calls[0]!.closed;
  await expect.poll(async () => (await gateway.log())[0]?.aborted).toBe(true);
  // Its headers were 2xx: it is charged, once.
  expect(await gateway.balance()).toBe(1);
});

test("#163 the upstream never sees our credentials, headers or parameters, and the caller never sees the upstream's", async () => {
  const provider = await gateway.provider({ apiKey: "sk-secret", headers: { "X-Org": "org-1" } });
  await gateway.give(1);
  const response = await gateway.call(provider, {
    query: `paywall_id=${gateway.shop.paywall}&test_mode=1&limit=5`,
    headers: {
      "x-user-id": "somebody",
      "x-api-key": "sk_live_x",
      "x-paywall-id": gateway.shop.paywall,
      "x-sdk-version": "3.0.0",
      "x-org": "evil",
      "x-custom": "kept",
      cookie: "a=b",
      origin: "https://shop.example",
    },
  });
  expect(response.status).toBe(200);
  const [call] = gateway.upstream.calls;
  expect(call!.path).toBe("/v1/chat/completions?limit=5");
  expect(call!.headers).toMatchObject({
    authorization: "Bearer sk-secret",
    "x-org": "org-1",
    "x-custom": "kept",
  });
  for (const name of [
    "x-user-id",
    "x-api-key",
    "x-paywall-id",
    "x-sdk-version",
    "cookie",
    "origin",
    "x-forwarded-for",
  ]) {
    expect(call!.headers[name], name).toBeUndefined();
  }
  expect(JSON.stringify([...response.headers])).not.toContain("sk-secret");
});

test("#164 the caller's JSON is merged over the default body, its keys win; path and other query keys are kept", async () => {
  const provider = await gateway.provider({ defaultBody: { model: "small", temperature: 1, user: "shop" } });
  await gateway.give(2);
  await gateway.call(provider, {
    path: "a/b%20c",
    query: `x=1&paywall_id=${gateway.shop.paywall}&x=2`,
    body: { model: "large", messages: [] },
  });
  const [call] = gateway.upstream.calls;
  expect(call!.path).toBe("/v1/a/b%20c?x=1&x=2");
  expect(JSON.parse(call!.body.toString())).toEqual({
    model: "large",
    temperature: 1,
    user: "shop",
    messages: [],
  });
});

test("#165 a disabled provider or tokenization off gives 403 provider-disabled; an unknown provider and another tenant's give 404", async () => {
  const disabled = await gateway.provider({ state: "disabled" });
  await gateway.give(1);
  const refused = await gateway.call(disabled);
  expect([refused.status, (await bodyOf(refused)).error]).toEqual([403, "provider-disabled"]);
  const unknown = await gateway.call("nobody");
  expect([unknown.status, (await bodyOf(unknown)).error]).toEqual([404, "provider-not-found"]);

  const mine = await gateway.provider();
  const plain = await createShop(gateway.server);
  const stranger = await signedInCustomer(gateway.server, plain);
  const there = await fetch(gateway.url(mine, "x", `paywall_id=${plain.paywall}`), {
    method: "POST",
    headers: stranger.headers,
  });
  expect([there.status, (await bodyOf(there)).error]).toEqual([404, "provider-not-found"]);

  const { shop } = gateway;
  gateway.shop = plain;
  const off = await gateway.provider();
  const here = await fetch(gateway.url(off), { method: "POST", headers: stranger.headers });
  gateway.shop = shop;
  expect([here.status, (await bodyOf(here)).error]).toEqual([403, "provider-disabled"]);
  expect(gateway.upstream.calls).toEqual([]);
});

test("#166 X-User-ID without a server's key is refused; with it, an unknown id becomes a customer", async () => {
  const provider = await gateway.provider();
  const ask = (headers: Record<string, string>) => fetch(gateway.url(provider), { method: "POST", headers });
  expect((await ask({ "x-user-id": gateway.customer.userId })).status).toBe(401);
  expect((await ask({ "x-user-id": gateway.customer.userId, "x-api-key": "sk_test_wrong" })).status).toBe(
    401,
  );
  const other = await createShop(gateway.server);
  expect((await ask({ "x-user-id": gateway.customer.userId, "x-api-key": other.secretKey })).status).toBe(
    403,
  );
  await gateway.give(1);
  const known = { "x-user-id": gateway.customer.userId, "x-api-key": gateway.shop.secretKey };
  expect((await ask(known)).status).toBe(200);
  expect(await gateway.balance()).toBe(0);
  const made = await Promise.all(Array.from({ length: 5 }, () => ask({ ...known, "x-user-id": "their-17" })));
  expect(made.map(({ status }) => status)).toEqual([402, 402, 402, 402, 402]);
});

test("#167 twenty parallel calls on a balance of five succeed exactly five times", async () => {
  const provider = await gateway.provider();
  await gateway.give(5);
  gateway.upstream.answer = async (response) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ok(response);
  };
  const all = await Promise.all(Array.from({ length: 20 }, () => gateway.call(provider)));
  const statuses = all.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(5).fill(200), ...Array(15).fill(402)]);
  expect(gateway.upstream.calls).toHaveLength(5);
  expect(await gateway.balance()).toBe(0);
});

test("nobody, a forged session and another tenant's session are refused before anything is charged", async () => {
  const provider = await gateway.provider();
  await gateway.give(1);
  const ask = (headers: Record<string, string>) => fetch(gateway.url(provider), { method: "POST", headers });
  const nobody = await ask({});
  expect([nobody.status, (await bodyOf(nobody)).error]).toEqual([401, "Unauthorized"]);
  const forged = await ask({ authorization: "Bearer abc.def.ghi" });
  expect([forged.status, (await bodyOf(forged)).error]).toEqual([401, "invalid_token"]);
  const stranger = await signedInCustomer(gateway.server, await createShop(gateway.server));
  expect((await ask(stranger.headers)).status).toBe(401);
  const unnamed = await fetch(gateway.url(provider, "x", ""), {
    method: "POST",
    headers: gateway.customer.headers,
  });
  expect(unnamed.status).toBe(400);
  expect(gateway.upstream.calls).toEqual([]);
});

test("a method, a path or a model that the merchant did not allow goes nowhere", async () => {
  const provider = await gateway.provider({
    methods: ["POST"],
    pathRules: ["chat/*"],
    price: { kind: "per_model", models: [{ model: "small", rule: { kind: "per_call", tokens: 1 } }] },
  });
  await gateway.give(9);
  const codeOf = async (response: Response) => [response.status, (await bodyOf(response)).error];
  const body = { model: "small" };
  expect(await codeOf(await gateway.call(provider, { method: "GET" }))).toEqual([405, "method-not-allowed"]);
  expect(await codeOf(await gateway.call(provider, { body, path: "files" }))).toEqual([
    403,
    "path-not-allowed",
  ]);
  expect(await codeOf(await gateway.call(provider, { body: { model: "huge" } }))).toEqual([
    403,
    "model-not-allowed",
  ]);
  // As bytes: a browser would resolve some of these before it sends them.
  const { pathname, search } = new URL(gateway.url(provider, "chat/"));
  for (const trick of ["%2e%2e/secret", "../../secret", "..%2fsecret", "%5c..%5csecret", "%00"]) {
    const headers = { ...gateway.customer.headers, "content-type": "application/json" };
    expect(await statusOfRaw(`${pathname}${trick}${search}`, headers), trick).toBe(400);
  }
  expect((await gateway.call(provider, { body })).status).toBe(200);
  expect(gateway.upstream.calls).toHaveLength(1);
  expect(await gateway.balance()).toBe(8);
});

function statusOfRaw(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.origin);
    const sent = request({ hostname, port, path, method: "POST", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject);
    sent.end('{"model":"small"}');
  });
}

test("forms, streams of bytes and compressed answers pass through unchanged", async () => {
  const provider = await gateway.provider();
  await gateway.give(3);
  const bytes = Buffer.from([0, 255, 1, 254, 13, 10]);
  gateway.upstream.answer = (response, call) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.end(call.body);
  };
  const echoed = await gateway.call(provider, {
    body: new Blob([bytes]),
    headers: { "content-type": "audio/wav" },
  });
  expect(Buffer.from(await echoed.arrayBuffer())).toEqual(bytes);
  expect(gateway.upstream.calls[0]!.headers["content-type"]).toBe("audio/wav");

  const form = new FormData();
  form.set("file", new Blob([bytes]), "a.wav");
  form.set("model", "whisper");
  const sent = await gateway.call(provider, { body: form });
  expect(await sent.text()).toContain('name="model"');
});

test("a customer's limits: calls in a minute and calls at once, each with its words and headers", async () => {
  const provider = await gateway.provider({ perMinute: 2 });
  await gateway.give(9);
  const first = await gateway.call(provider);
  expect([first.headers.get("ratelimit-limit"), first.headers.get("ratelimit-remaining")]).toEqual([
    "2",
    "1",
  ]);
  await gateway.call(provider);
  const third = await gateway.call(provider);
  expect([third.status, Number(third.headers.get("retry-after")) > 0]).toEqual([429, true]);

  const narrow = await gateway.provider({ concurrent: 1 });
  let release = () => {};
  gateway.upstream.answer = async (response) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    ok(response);
  };
  const running = gateway.call(narrow);
  await expect.poll(() => gateway.upstream.calls.length).toBe(3);
  expect((await gateway.call(narrow)).status).toBe(429);
  release();
  expect((await running).status).toBe(200);
  gateway.upstream.answer = (response) => ok(response);
  await expect.poll(async () => (await gateway.call(narrow)).status).toBe(200);
});
