import { expect, test } from "vitest";
import { useGateway } from "../../../test/gateway.ts";
import { event, ok } from "../../../test/upstream.ts";
import { lostCallsJob, type SimpleRule } from "../../domains/gateway/index.ts";
import { sql } from "../../platform/database/index.ts";

const gateway = useGateway();
/** One credit per thousand tokens read, ten per thousand written. */
const RULE: SimpleRule = { kind: "per_unit", rates: { input: 1, output: 10 } };
const COSTS = [{ model: "small*", rates: { input: 150_000, output: 600_000 } }];
const chat = (input: number, output: number, model = "small-1") => ({
  model,
  usage: { prompt_tokens: input, completion_tokens: output },
  choices: [{ message: { content: "Hello" } }],
});

test("a call that is priced by usage costs what its answer reports, and its margin can be read", async () => {
  const provider = await gateway.provider({ price: RULE, costs: COSTS });
  await gateway.give(100);
  gateway.upstream.answer = (response) => ok(response, chat(2000, 500));
  const response = await gateway.call(provider, { body: { model: "small", max_tokens: 500 } });
  expect(response.status).toBe(200);
  // Not one: a client that counts for itself has to ask again.
  expect(response.headers.get("x-query-type")).toBeNull();
  await response.text();
  await expect.poll(() => gateway.balance()).toBe(93);
  expect((await gateway.log())[0]).toMatchObject({
    tokens: 7,
    unitsIn: 2000,
    unitsOut: 500,
    costMicro: 600,
    model: "small",
  });
});

test("a stream reports its usage in its last chunk, which the gateway asks for", async () => {
  const provider = await gateway.provider({ price: RULE });
  await gateway.give(100);
  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ model: "small-1", choices: [{ delta: { content: "Hel" } }] }));
    response.end(
      event({ choices: [], usage: { prompt_tokens: 1000, completion_tokens: 1000 } }) + event("[DONE]"),
    );
  };
  const response = await gateway.call(provider, { body: { stream: true, stream_options: { other: 1 } } });
  expect(await response.text()).toContain("[DONE]");
  const sent = JSON.parse(gateway.upstream.calls[0]!.body.toString());
  expect(sent.stream_options).toEqual({ other: 1, include_usage: true });
  await expect.poll(() => gateway.balance()).toBe(89);
});

test("a stream that its caller leaves is charged by what had passed, and its upstream call ends", async () => {
  const provider = await gateway.provider({ price: { ...RULE, rates: { output: 1000 } } });
  await gateway.give(100);
  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ choices: [{ delta: { content: "x".repeat(40) } }] }));
  };
  const leaving = new AbortController();
  const response = await gateway.call(provider, { body: { stream: true }, signal: leaving.signal });
  const reader = response.body!.getReader();
  await reader.read();
  leaving.abort();
  await gateway.upstream.calls[0]!.closed;
  // Forty characters are about ten tokens.
  await expect.poll(() => gateway.balance()).toBe(90);
  await expect.poll(async () => (await gateway.log())[0]).toMatchObject({ aborted: true, tokens: 10 });
});

test("an answer that costs more than was expected never takes more than there is", async () => {
  const provider = await gateway.provider({ price: RULE });
  await gateway.give(5);
  gateway.upstream.answer = (response) => ok(response, chat(100_000, 100_000));
  await (await gateway.call(provider)).text();
  await expect.poll(() => gateway.balance()).toBe(0);
  await expect.poll(async () => (await gateway.log())[0]?.tokens).toBe(5);
  expect((await gateway.call(provider)).status).toBe(402);
});

test("a call that says how long its answer may be has to be able to pay for that, or begins with what is left", async () => {
  const provider = await gateway.provider({ price: { ...RULE, minimum: 3 } });
  await gateway.give(2);
  expect((await gateway.call(provider, { body: { max_tokens: 100_000 } })).status).toBe(402);
  await gateway.give(2);
  gateway.upstream.answer = (response) => ok(response, chat(0, 0));
  await (await gateway.call(provider, { body: { max_tokens: 100_000 } })).text();
  await expect.poll(() => gateway.balance()).toBe(1);
});

test("while calls are under way their credits cannot be spent twice", async () => {
  const provider = await gateway.provider({ price: { ...RULE, hold: 60 } });
  await gateway.give(100);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  gateway.upstream.answer = async (response) => {
    await released;
    ok(response, chat(1000, 0));
  };
  const first = gateway.call(provider);
  await expect.poll(() => gateway.upstream.calls.length).toBe(1);
  expect(await gateway.balance()).toBe(40);
  release();
  await (await first).text();
  await expect.poll(() => gateway.balance()).toBe(99);
});

test("an upstream that breaks off cuts the caller's stream, and what had passed is charged", async () => {
  const provider = await gateway.provider({ price: { ...RULE, rates: { output: 1000 } } });
  await gateway.give(100);
  let breakOff = () => {};
  gateway.upstream.answer = (response) => {
    breakOff = () => void response.destroy();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ choices: [{ delta: { content: "x".repeat(8) } }] }));
  };
  const response = await gateway.call(provider, { body: { stream: true } });
  const reader = response.body!.getReader();
  await reader.read();
  breakOff();
  await expect(reader.read()).rejects.toThrow();
  await expect
    .poll(async () => (await gateway.log())[0])
    .toMatchObject({ error: "upstream_broke_off", tokens: 2 });
  expect(await gateway.balance()).toBe(98);

  // Also when it breaks off before a byte of its answer could pass.
  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    response.destroy();
  };
  const cut = await gateway.call(provider, { body: { stream: true } });
  await expect(cut.status === 200 ? cut.text() : Promise.reject(new Error())).rejects.toThrow();
});

test("an answer larger than the provider's limit is cut, not kept", async () => {
  const provider = await gateway.provider({ maxBytes: 2000 });
  await gateway.give(1);
  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const more = () => {
      let going = true;
      while (going && !response.destroyed) going = response.write("x".repeat(1000));
    };
    response.on("drain", more);
    more();
  };
  const response = await gateway.call(provider);
  await expect(response.text()).rejects.toThrow();
  await expect.poll(async () => (await gateway.log())[0]?.error).toBe("answer_too_large");
});

test("what a server delivered before it died is charged once, by its last sign of life", async () => {
  const provider = await gateway.provider({ price: { ...RULE, hold: 50 } });
  await gateway.give(100);
  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ choices: [{ delta: { content: "x" } }] }));
  };
  const leaving = new AbortController();
  await gateway.call(provider, { body: { stream: true }, signal: leaving.signal });
  const { deps, clock } = gateway.server;
  // As if this process had gone: nothing more is heard of the call.
  await deps.db.execute(
    sql`update gateway_requests set owed = 7 where customer_id = ${gateway.customer.customer.id}`,
  );
  clock.advance({ minutes: 2 });
  const job = lostCallsJob(deps);
  expect(await job.run()).toBe(1);
  expect(await job.run()).toBe(0);
  expect(await gateway.balance()).toBe(93);
  expect((await gateway.log())[0]).toMatchObject({ aborted: true, error: "server_stopped", tokens: 7 });
  leaving.abort();
  await gateway.upstream.calls[0]!.closed;
  // The end of a call that was settled already changes nothing.
  await expect.poll(() => gateway.balance()).toBe(93);
});

test("500 concurrent calls on a balance of 100: exactly 100 reach the upstream", async () => {
  const provider = await gateway.provider({ concurrent: 1000 });
  await gateway.give(100);
  const all = await Promise.all(Array.from({ length: 500 }, () => gateway.call(provider)));
  const statuses = all.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(100);
  expect(statuses.filter((status) => status === 402)).toHaveLength(400);
  expect(gateway.upstream.calls).toHaveLength(100);
  expect(await gateway.balance()).toBe(0);
}, 60_000);

test("a thousand calls that are given up leave no hold behind and charge only what was delivered", async () => {
  const provider = await gateway.provider({ concurrent: 2000 });
  await gateway.give(1000);
  gateway.upstream.answer = () => {};
  const given = Array.from({ length: 1000 }, async (_, n) => {
    const leaving = new AbortController();
    const call = gateway.call(provider, { signal: leaving.signal });
    setTimeout(() => leaving.abort(), n / 5);
    await call.catch(() => {});
  });
  await Promise.all(given);
  await expect.poll(() => gateway.balance(), { timeout: 30_000 }).toBe(1000);
  const { held } = await gateway.server.deps.db.one<{ held: number }>(sql`
    select held from credit_accounts where customer_id = ${gateway.customer.customer.id} and type = 'standard'`);
  expect(held).toBe(0);
}, 90_000);

test("a day's budget holds for a customer, and begins anew the next day", async () => {
  const provider = await gateway.provider({ perDay: 2 });
  await gateway.give(10);
  expect((await gateway.call(provider)).status).toBe(200);
  expect((await gateway.call(provider)).status).toBe(200);
  const third = await gateway.call(provider);
  expect([third.status, ((await third.json()) as { error: string }).error]).toEqual([
    429,
    "spend_limit_reached",
  ]);
  gateway.server.clock.advance({ days: 1 });
  // The session is over by then; the merchant's own server may still speak for the customer.
  const asServer = { "x-user-id": gateway.customer.userId, "x-api-key": gateway.shop.secretKey };
  expect((await fetch(gateway.url(provider), { method: "POST", headers: asServer })).status).toBe(200);
});
