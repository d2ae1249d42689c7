import { afterAll, beforeAll, expect, test } from "vitest";
import { saveOAuthClient } from "../../apps/server/src/domains/tenants/index.ts";
import { keyOf } from "../../apps/server/test/management.ts";
import { TollgateClient, type TollgateClientOptions } from "../../packages/client/src/index.ts";
import { type Newsroom, openNewsroom } from "./newsroom.ts";

const SECRET = "a back end's own secret";
let newsroom: Newsroom;
let apiKey = "";
/** What went over the network, by path. */
const sent: string[] = [];

beforeAll(async () => {
  newsroom = await openNewsroom();
  apiKey = newsroom.backEndToken.replace("Bearer ", "");
  const { server, tenantId } = newsroom;
  await server.deps.db.transaction((tx) =>
    saveOAuthClient(tx, server.deps, {
      tenantId,
      clientId: "daily-back-end",
      name: "Back end",
      kind: "machine",
      origins: [],
      scopes: ["paywall:read"],
      secret: SECRET,
    }),
  );
});
afterAll(() => newsroom?.[Symbol.asyncDispose]());

function make(options: TollgateClientOptions): TollgateClient {
  sent.length = 0;
  return new TollgateClient({
    baseUrl: newsroom.origin,
    fetch: (input, init) => {
      sent.push(new URL(String(input)).pathname);
      return fetch(input, init);
    },
    ...options,
  });
}

test("J-151, J-153: it reads a paywall from a running server once an hour, and again when its cache is cleared", async () => {
  const client = make({ apiKey });
  const paywall = await client.management.paywalls.get(newsroom.paywallId);
  expect(paywall).toMatchObject({
    id: newsroom.paywallId,
    vendorId: "daily",
    currency: "EUR",
    headline: "Read on",
    mainColor: "#112233",
    footerPaymentMethods: ["visa"],
    settings: { useDefaultColor: expect.any(Boolean) },
    singlePurchase: { enabled: false },
  });
  expect(paywall.subscriptions.map(({ price }) => price)).toEqual(expect.arrayContaining([4.9, 12]));
  expect(await client.management.paywalls.get(newsroom.paywallId)).toEqual(paywall);
  expect(sent).toHaveLength(1);
  client.clearCache();
  await client.management.paywalls.get(newsroom.paywallId);
  expect(sent).toHaveLength(2);
});

test("client credentials fetch one token, and an audience may be named", async () => {
  const credentials = { clientId: "daily-back-end", clientSecret: SECRET };
  const { paywalls } = make({ ...credentials, cache: false }).management;
  await paywalls.get(newsroom.paywallId);
  await paywalls.get(newsroom.paywallId);
  const path = `/management/paywalls/${newsroom.paywallId}`;
  expect(sent).toEqual(["/oauth/token", path, path]);
  const audience = "https://api.sesamy.com";
  expect(await make({ ...credentials, audience }).management.paywalls.get(newsroom.paywallId)).toBeDefined();
});

test("J-154, J-155: what a running server refuses has its class, code and request id", async () => {
  const poor = (await keyOf(newsroom.server, newsroom.tenantId, ["user:read"])).authorization.slice(7);
  const anothers = (await newsroom.server.sell()).paywallId;
  const refusals = [
    [{ apiKey: "sk_test_nobody" }, newsroom.paywallId, "AuthenticationError", "unauthorized", 401],
    [
      { clientId: "daily-back-end", clientSecret: "wrong" },
      newsroom.paywallId,
      "AuthenticationError",
      "invalid_client",
      401,
    ],
    [{ apiKey: poor }, newsroom.paywallId, "ForbiddenError", "forbidden", 403],
    [{ apiKey }, anothers, "ForbiddenError", "forbidden", 403],
    [{ apiKey }, "pw_unknown", "NotFoundError", "not_found", 404],
    [{ apiKey }, "../../vendor", "NotFoundError", "not_found", 404],
  ] as const;
  for (const [options, id, name, code, statusCode] of refusals) {
    const refused = expect(make(options).management.paywalls.get(id)).rejects;
    await refused.toMatchObject({ name, code, statusCode });
    expect(sent).toHaveLength(1);
  }
  await expect(make({ apiKey }).management.paywalls.get("pw_unknown")).rejects.toHaveProperty(
    "requestId",
    expect.stringMatching(/^rqs_/),
  );
});

test("a server that has gone away is a network_error, and what was read before is still there", async () => {
  const client = make({ apiKey, maxRetries: 0 });
  const paywall = await client.management.paywalls.get(newsroom.paywallId);
  await newsroom.server.goDown();
  try {
    expect(await client.management.paywalls.get(newsroom.paywallId)).toEqual(paywall);
    await expect(client.management.paywalls.get("pw_other")).rejects.toMatchObject({ code: "network_error" });
  } finally {
    await newsroom.server.comeBack();
  }
});
