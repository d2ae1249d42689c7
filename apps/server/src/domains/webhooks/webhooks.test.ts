import { webhookEvent } from "@tollgate/protocol/paywall-api/webhooks";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { type Receiver, startReceiver } from "../../../test/receiver.ts";
import { sql } from "../../platform/database/index.ts";
import { outboxJob, recordEvent } from "../../platform/events.ts";
import type { ContractSnapshot } from "../billing/index.ts";
import { advanceTenantClock } from "../tenants/index.ts";
import {
  createWebhookEndpoint,
  DELIVERY_TIMEOUT_MS,
  deliveryJob,
  listAttempts,
  listDeliveries,
  listWebhookEndpoints,
  type NewWebhookEndpoint,
  pruneWebhookLogJob,
  redeliver,
  signatureHeaders,
  updateWebhookEndpoint,
  webhookFollower,
} from "./index.ts";

const START = "2031-03-01T10:00:00.000Z";
const TENANT = "tnt_01J00000000000000000000000";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async function startWith(...receivers: Receiver[]) {
  const server = await startTestServer({
    now: START,
    config: { webhookAllowedOrigins: receivers.map(({ origin }) => origin) },
  });
  await server.deps.db.execute(sql`
    insert into tenants (id, slug, name, support_email) values (${TENANT}, 'acme', 'Acme', 'ops@acme.test')`);
  return server;
}

let keys = 0;
const addEndpoint = async (server: TestServer, input: Partial<NewWebhookEndpoint> & { url: string }) => {
  keys += 1;
  const key = `k${keys}`;
  const { endpoint, secret } = await server.deps.db.transaction((tx) =>
    createWebhookEndpoint(tx, server.deps, {
      tenantId: TENANT,
      key,
      types: [],
      mode: "test",
      ...input,
    }),
  );
  return { id: endpoint.id, secret };
};

const SNAPSHOT: ContractSnapshot = {
  contract: {
    id: "con_01J00000000000000000000000",
    duration: "RECURRING",
    state: "active",
    productId: "prd_01J00000000000000000000000",
    periodStartAt: START,
    periodEndAt: "2031-04-01T10:00:00.000Z",
    trialStartAt: null,
    trialEndAt: null,
    cancelAtPeriodEnd: false,
    cancelAt: null,
    canceledAt: null,
    cancelReason: null,
    endedAt: null,
  },
  price: { optionNum: 101, amountMinor: 999, currency: "USD", interval: "month", intervalCount: 1 },
  customer: {
    id: "cus_01J00000000000000000000000",
    uuid: "6f1c1f5e-0d0a-4c0e-8f60-0f7d3b9a1c11",
    email: "ada@example.com",
  },
  userMeta: { userId: "u-7" },
  paywall: { id: "pw_01J00000000000000000000000", num: 1 },
  connection: { id: "ppc_01J00000000000000000000000", acquiring: "stripe" },
  payment: { id: "txn_01J00000000000000000000000", amountMinor: 999, currency: "USD" },
};

const record = (
  server: TestServer,
  type: string,
  data: Partial<ContractSnapshot> = {},
  mode: "test" | "live" = "test",
) =>
  server.deps.db.transaction((tx) =>
    recordEvent(tx, server.deps, {
      tenantId: TENANT,
      type,
      mode,
      occurredAt: new Date("2031-03-01T09:59:58.000Z"),
      data: { ...SNAPSHOT, ...data },
    }),
  );

const advance = async (server: TestServer, minutes: number) => {
  const { offset } = await server.deps.db.one<{ offset: number }>(
    sql`select clock_offset_ms "offset" from tenants`,
  );
  const realNow = server.clock.now();
  const target = new Date(realNow.getTime() + offset + minutes * 60_000);
  await server.deps.db.transaction((tx) => advanceTenantClock(tx, TENANT, { realNow, target }));
  await server.settle();
};

const bodies = (receiver: Receiver) =>
  receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const deliveries = (server: TestServer) => listDeliveries(server.deps.db, { tenantId: TENANT, limit: 50 });

describe("signatures", () => {
  test("#183 the signature vector of the contract holds", () => {
    const headers = signatureHeaders("whsec_test", {
      id: "evt_1_a",
      body: '{"id":"evt_1_a","type":"payment.completed"}',
      sentAt: new Date(START),
    });
    const hex = "7dbf02fde360eea0456959188a1eb1904751cecfbddadf3a3d076bf8df38246e";
    expect(headers["X-Monetize-Signature"]).toBe(`sha256=${hex}`);
    expect(headers["X-Signature"]).toBe(hex);
  });

  test("the Standard Webhooks example vector holds", () => {
    // From the standard's own documentation.
    const headers = signatureHeaders(SECRET, {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      body: '{"test": 2432232314}',
      sentAt: new Date(1_614_265_330_000),
    });
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  test("#183 a message verifies with the standard's library, and only with its own secret and bytes", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    // The library compares the time stamp with this machine's clock.
    server.clock.set(new Date());
    const { secret } = await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    const { headers, body } = receiver.received[0]!;
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(secret!).verify(body, given)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret!).verify(`${body} `, given)).toThrow();
    expect(() => new Webhook(SECRET).verify(body, given)).toThrow();
    expect(headers["user-agent"]).toBe("Monetize-Webhooks/1.0");
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["x-monetize-signature"]).toBe(`sha256=${headers["x-signature"]}`);
  });

  test("#183 without a secret no signature header is sent", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url, secret: null });
    await record(server, "subscription.created");
    await server.settle();
    const names = Object.keys(receiver.received[0]!.headers);
    expect(names.filter((name) => /signature|^webhook-/.test(name))).toEqual([]);
  });
});

describe("messages", () => {
  test("the envelope has the contract's fields, minor units and the merchant's metadata", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    const [message] = bodies(receiver);
    expect(webhookEvent.parse(message)).toEqual(message);
    expect(message).toEqual({
      id: expect.stringMatching(/^evt_[0-9]+_[0-9a-z]+$/),
      type: "subscription.created",
      created_at: START,
      occurred_at: "2031-03-01T09:59:58.000Z",
      data: {
        price: { id: "101", unit_amount: 999, interval: "month", currency: "USD" },
        customer: { id: SNAPSHOT.customer.id, email: "ada@example.com" },
        user: { id: SNAPSHOT.customer.uuid, email: "ada@example.com", metadata: { userId: "u-7" } },
        paywall: { id: "1" },
        acquiring: { id: SNAPSHOT.connection.id, provider: "stripe" },
        subscription: {
          id: SNAPSHOT.contract.id,
          status: "active",
          current_period_start: START,
          current_period_end: "2031-04-01T10:00:00.000Z",
          cancel_at_period_end: false,
        },
      },
    });
  });

  test("every event of a subscription is told as the contract names it, or not at all", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    const told: Record<string, string | null> = {
      "subscription.created": "subscription.created",
      "subscription.renewed": "subscription.updated",
      "subscription.past_due": "subscription.updated",
      "subscription.recovered": "subscription.updated",
      "subscription.cancel_scheduled": "subscription.updated",
      "subscription.uncanceled": "subscription.updated",
      "subscription.updated": "subscription.updated",
      "subscription.cancelled": "subscription.cancelled",
      "subscription.expired": "subscription.cancelled",
      "refund.created": "refund.created",
      "bill.paid": null,
      "entitlement.created": null,
      "trial.started": null,
      "payment.completed": null,
    };
    const refund = { id: "txn_r", amountMinor: 500, currency: "USD", reason: "requested" };
    for (const [type, wire] of Object.entries(told)) {
      receiver.received.length = 0;
      await record(server, type, { refund });
      await server.settle();
      expect([type, bodies(receiver).map((message) => message.type)]).toEqual([type, wire ? [wire] : []]);
      for (const message of bodies(receiver)) expect(webhookEvent.parse(message)).toEqual(message);
    }
  });

  test("#188 a lifetime purchase is told as payment.completed and never as a subscription", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    const lifetime = {
      contract: { ...SNAPSHOT.contract, duration: "PERPETUAL" as const, periodEndAt: null },
      price: { ...SNAPSHOT.price, interval: "lifetime" },
    };
    await record(server, "subscription.created", lifetime);
    await record(server, "payment.completed", lifetime);
    await record(server, "subscription.cancelled", lifetime);
    await server.settle();
    const [message, ...rest] = bodies(receiver);
    expect(rest).toEqual([]);
    expect(webhookEvent.parse(message)).toMatchObject({
      type: "payment.completed",
      data: { price: { interval: "lifetime" }, payment: { id: SNAPSHOT.payment?.id, status: "succeeded" } },
    });
  });

  test("#187 only subscribed types of the endpoint's own mode are delivered", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: `${receiver.origin}/refunds`, types: ["refund.created"] });
    await addEndpoint(server, { url: `${receiver.origin}/live`, mode: "live" });
    await addEndpoint(server, { url: `${receiver.origin}/all` });
    await record(server, "subscription.created");
    await record(server, "refund.created", {
      refund: { id: "t", amountMinor: 1, currency: "USD", reason: null },
    });
    await server.settle();
    const told = receiver.received.map(
      ({ path, body }) => `${path} ${(JSON.parse(body) as { type: string }).type}`,
    );
    expect(told.sort()).toEqual([
      "/all refund.created",
      "/all subscription.created",
      "/refunds refund.created",
    ]);
  });
});

describe("attempts", () => {
  test("#184 #185 server errors are tried again after 5, 10, 20, 40 and 80 minutes with the same id and bytes", async () => {
    await using receiver = await startReceiver((response) => response.writeHead(503).end("busy"));
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    for (const [made, minutes] of [5, 10, 20, 40, 80].entries()) {
      expect(receiver.received).toHaveLength(made + 1);
      await advance(server, minutes - 0.1);
      expect(receiver.received).toHaveLength(made + 1);
      await advance(server, 0.1);
    }
    expect(receiver.received).toHaveLength(6);
    await advance(server, 10_000);
    expect(receiver.received).toHaveLength(6);

    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const [delivery] = await deliveries(server);
    expect(delivery).toMatchObject({ state: "dead", attempt: 6, nextAt: null });
    const attempts = await listAttempts(server.deps.db, TENANT, delivery!.id);
    expect(attempts.map(({ attempt, status, response }) => [attempt, status, response])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => [n, 503, "busy"]),
    );
  });

  test("#184 an error followed by a success ends in delivered", async () => {
    await using receiver = await startReceiver((response, _, nth) =>
      response.writeHead(nth === 1 ? 500 : 204).end(),
    );
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    expect((await listWebhookEndpoints(server.deps.db, TENANT))[0]?.failSinceAt).toEqual(new Date(START));
    await advance(server, 5);
    expect(await deliveries(server)).toMatchObject([{ state: "delivered", attempt: 2 }]);
    expect((await listWebhookEndpoints(server.deps.db, TENANT))[0]?.failSinceAt).toBeNull();
  });

  test("#184 only server errors and 429 are tried again; redirects and refusals are final", async () => {
    let status = 0;
    await using elsewhere = await startReceiver();
    await using receiver = await startReceiver((response) =>
      response.writeHead(status, { location: elsewhere.url }).end(),
    );
    await using server = await startWith(receiver, elsewhere);
    await addEndpoint(server, { url: receiver.url });
    const ends: [number, string][] = [
      [200, "delivered"],
      [299, "delivered"],
      [301, "dead"],
      [307, "dead"],
      [400, "dead"],
      [404, "dead"],
      [410, "dead"],
      [429, "retrying"],
      [500, "retrying"],
      [599, "retrying"],
    ];
    for (const [answer, state] of ends) {
      status = answer;
      await record(server, "subscription.renewed");
      await server.settle();
      const [newest] = await deliveries(server);
      expect([answer, newest?.state, newest?.attempt]).toEqual([answer, state, 1]);
    }
    expect(elsewhere.received).toEqual([]);
  });

  test("#184 an endpoint that never answers is given up after the time limit and tried again", async () => {
    expect(DELIVERY_TIMEOUT_MS).toBe(10_000);
    await using receiver = await startReceiver((response, _, nth) => void (nth > 1 && response.end()));
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    const job = deliveryJob(server.deps, { timeoutMs: 200 });
    await drainOutbox(server);
    while ((await job.run()) > 0);
    const [delivery] = await deliveries(server);
    expect(delivery).toMatchObject({ state: "retrying", attempt: 1 });
    const [attempt] = await listAttempts(server.deps.db, TENANT, delivery!.id);
    expect(attempt).toMatchObject({ status: null, error: "No complete answer within 0.2 seconds." });
    await advance(server, 5);
    expect(await deliveries(server)).toMatchObject([{ state: "delivered", attempt: 2 }]);
  });

  test("a refused connection is tried again", async () => {
    const gone = await startReceiver();
    await gone[Symbol.asyncDispose]();
    await using server = await startWith(gone);
    await addEndpoint(server, { url: gone.url });
    await record(server, "subscription.created");
    await server.settle();
    expect(await deliveries(server)).toMatchObject([{ state: "retrying", attempt: 1 }]);
  });

  test("a name that leads to a private address is never called and not tried again", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith();
    await addEndpoint(server, { url: `https://localhost:${new URL(receiver.url).port}/hook` });
    await record(server, "subscription.created");
    await server.settle();
    const [delivery] = await deliveries(server);
    expect(delivery).toMatchObject({ state: "dead", attempt: 1 });
    const [attempt] = await listAttempts(server.deps.db, TENANT, delivery!.id);
    expect(attempt?.error).toBe("localhost is not on the public internet.");
    expect(receiver.received).toEqual([]);
  });

  test("an endpoint that hangs with a long backlog does not delay another", async () => {
    await using hanging = await startReceiver(() => {});
    await using healthy = await startReceiver();
    await using server = await startWith(hanging, healthy);
    await addEndpoint(server, { url: hanging.url });
    for (let i = 0; i < 40; i += 1) await record(server, "subscription.renewed");
    const job = deliveryJob(server.deps, { timeoutMs: 5000 });
    await drainOutbox(server);
    await job.run();
    expect(hanging.received).toHaveLength(8);
    // Now the other one gets its first message while all of those still hang.
    await addEndpoint(server, { url: healthy.url });
    await record(server, "subscription.created");
    await drainOutbox(server);
    await job.run();
    expect(healthy.received).toHaveLength(1);
    expect(hanging.received).toHaveLength(8);
    // A process that stops gives back what it had claimed ahead, and finishes what it had begun.
    await hanging[Symbol.asyncDispose]();
    await job.drain?.();
    const rows = await deliveries(server);
    expect(rows.filter(({ state }) => state === "queued")).toHaveLength(33);
    expect(rows.filter(({ state }) => state === "retrying")).toHaveLength(8);
    const claimed = await server.deps.db.query(
      sql`select 1 from webhook_deliveries where claimed_until is not null`,
    );
    expect(claimed).toEqual([]);
  });

  test("only the first 1000 characters of an answer are kept, whatever they are", async () => {
    await using receiver = await startReceiver((response) => response.end(`\0${"é".repeat(5000)}`));
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    const [delivery] = await deliveries(server);
    const [attempt] = await listAttempts(server.deps.db, TENANT, delivery!.id);
    expect(attempt?.response).toBe(`\uFFFD${"é".repeat(999)}`);
  });

  test("a delivery whose process died is due again once its lease ends", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await drainOutbox(server);
    // The claim of a process that never came back.
    const leaseUntil = new Date(server.clock.now().getTime() + 30_000);
    await server.deps.db.execute(sql`update webhook_deliveries set claimed_until = ${leaseUntil}`);
    await server.settle();
    expect(receiver.received).toHaveLength(0);
    server.clock.advance({ seconds: 31 });
    await server.settle();
    expect(receiver.received).toHaveLength(1);
  });

  test("two processes that deliver at once send each message once", async () => {
    await using receiver = await startReceiver((response) => void setTimeout(() => response.end(), 5));
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    for (let i = 0; i < 60; i += 1) await record(server, "subscription.renewed");
    await drainOutbox(server);
    const jobs = [deliveryJob(server.deps), deliveryJob(server.deps), deliveryJob(server.deps)];
    await Promise.all(
      jobs.map(async (job) => {
        while ((await job.run()) > 0);
      }),
    );
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
  });

  test("an event shown twice to the follower is delivered once", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    await server.deps.db.execute(sql`update events set dispatched_at = null`);
    await server.settle();
    expect(receiver.received).toHaveLength(1);
  });

  test("a redelivery sends the same message once more", async () => {
    await using receiver = await startReceiver((response, _, nth) =>
      response.writeHead(nth === 1 ? 400 : 200).end(),
    );
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    const [delivery] = await deliveries(server);
    const again = (tenantId: string) =>
      server.deps.db.transaction((tx) => redeliver(tx, server.deps, { tenantId, deliveryId: delivery!.id }));
    await expect(again("tnt_other")).rejects.toMatchObject({ code: "delivery_not_found" });
    await again(TENANT);
    await server.settle();
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
    expect(await deliveries(server)).toMatchObject([{ state: "delivered", attempt: 2 }]);
  });

  test("after five days without a success the endpoint is switched off and the merchant told once", async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    await using server = await startWith(receiver);
    const { id } = await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    await advance(server, 5 * 24 * 60 - 1);
    expect(await listWebhookEndpoints(server.deps.db, TENANT)).toMatchObject([{ state: "active" }]);
    await advance(server, 30);
    expect(await listWebhookEndpoints(server.deps.db, TENANT)).toMatchObject([{ state: "auto_disabled" }]);
    const mails = await server.deps.db.query(
      sql`select recipient from mails where template = 'webhook_disabled'`,
    );
    expect(mails).toEqual([{ recipient: "ops@acme.test" }]);
    // Switched on again, it is forgiven and gets what is still open.
    const before = receiver.received.length;
    await server.deps.db.transaction((tx) =>
      updateWebhookEndpoint(tx, server.deps, { tenantId: TENANT, id, change: { state: "active" } }),
    );
    await advance(server, 60);
    expect(receiver.received.length).toBeGreaterThan(before);
    expect(await listWebhookEndpoints(server.deps.db, TENANT)).toMatchObject([{ state: "active" }]);
  });

  test("deliveries are forgotten after 30 days", async () => {
    await using receiver = await startReceiver();
    await using server = await startWith(receiver);
    await addEndpoint(server, { url: receiver.url });
    await record(server, "subscription.created");
    await server.settle();
    await advance(server, 30 * 24 * 60);
    expect(await deliveries(server)).toHaveLength(1);
    await advance(server, 1);
    expect(await deliveries(server)).toHaveLength(0);
  });
});

test("a message that was not delivered yet survives any jump of the clock, and is delivered after it", async () => {
  await using receiver = await startReceiver();
  await using server = await startWith(receiver);
  const { db, clock, log } = server.deps;
  await addEndpoint(server, { url: receiver.url });
  await record(server, "subscription.created");
  // The delivery is made but not carried out, as when the server dies at this moment.
  await outboxJob(db, clock, log, [webhookFollower(server.deps)]).run();
  await db.execute(sql`update tenants set clock_offset_ms = ${90 * 86_400_000} where id = ${TENANT}`);
  await pruneWebhookLogJob(server.deps).run();
  await deliveryJob(server.deps).run();
  await server.settle();
  expect(receiver.received).toHaveLength(1);
});

describe("endpoints", () => {
  test("#186 anything but https to the public internet is refused and nothing is written", async () => {
    await using server = await startWith();
    for (const url of [
      "http://hooks.example.com/",
      "ftp://hooks.example.com/",
      "https://127.0.0.1/",
      "https://[::1]/",
      "https://10.0.0.8/",
      "https://169.254.169.254/",
      "https://u:p@hooks.example.com/",
      `https://hooks.example.com/${"a".repeat(2048)}`,
      "nonsense",
      "",
    ]) {
      await expect(addEndpoint(server, { url })).rejects.toMatchObject({
        code: "webhook_url_refused",
        status: 400,
      });
    }
    expect(await listWebhookEndpoints(server.deps.db, TENANT)).toEqual([]);
  });

  test("#186 the eleventh webhook is refused, also when many are made at once", async () => {
    await using server = await startWith();
    const url = "https://hooks.example.com/";
    const made = await Promise.allSettled(Array.from({ length: 14 }, () => addEndpoint(server, { url })));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    await expect(addEndpoint(server, { url })).rejects.toMatchObject({ code: "too_many_webhooks" });
    // Control: a deleted one makes room.
    const [first] = await listWebhookEndpoints(server.deps.db, TENANT);
    await server.deps.db.transaction((tx) =>
      updateWebhookEndpoint(tx, server.deps, {
        tenantId: TENANT,
        id: first!.id,
        change: { state: "deleted" },
      }),
    );
    await addEndpoint(server, { url });
  });

  test("an unknown type, a useless secret and a taken key are refused", async () => {
    await using server = await startWith();
    const url = "https://hooks.example.com/";
    await expect(addEndpoint(server, { url, types: ["trial.started"] })).rejects.toMatchObject({
      code: "webhook_types_unknown",
    });
    await expect(addEndpoint(server, { url, secret: "short" })).rejects.toMatchObject({
      code: "webhook_secret_refused",
    });
    await addEndpoint(server, { url, key: "same" });
    await expect(addEndpoint(server, { url, key: "same" })).rejects.toMatchObject({
      code: "webhook_key_taken",
    });
  });

  test("another tenant's endpoint cannot be changed, and its secret is not stored readable", async () => {
    await using server = await startWith();
    const { id, secret } = await addEndpoint(server, { url: "https://hooks.example.com/" });
    const foreign = server.deps.db.transaction((tx) =>
      updateWebhookEndpoint(tx, server.deps, { tenantId: "tnt_other", id, change: { state: "deleted" } }),
    );
    await expect(foreign).rejects.toMatchObject({ code: "webhook_not_found" });
    const { row } = await server.deps.db.one<{ row: string }>(
      sql`select e::text "row" from webhook_endpoints e`,
    );
    expect(secret).toMatch(/^whsec_/);
    expect(row).not.toContain(secret!.slice(6));
  });

  test("a paused endpoint hears nothing new, and a deleted one gives up what was open", async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    await using server = await startWith(receiver);
    const { id } = await addEndpoint(server, { url: receiver.url });
    const change = (state: "paused" | "deleted") =>
      server.deps.db.transaction((tx) =>
        updateWebhookEndpoint(tx, server.deps, { tenantId: TENANT, id, change: { state } }),
      );
    await record(server, "subscription.created");
    await server.settle();
    await change("paused");
    await record(server, "subscription.renewed");
    await advance(server, 60);
    expect(receiver.received).toHaveLength(1);
    await change("deleted");
    expect(await deliveries(server)).toMatchObject([{ state: "dead", attempt: 1 }]);
  });
});

/** Runs followers without delivering. */
async function drainOutbox(server: TestServer): Promise<void> {
  const { db, clock, log } = server.deps;
  const job = outboxJob(db, clock, log, [webhookFollower(server.deps)]);
  while ((await job.run()) > 0);
}
