import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, contractOf, someone } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { cancelContract, uncancelContract } from "./index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const cancel = (contractId: string) =>
  server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId,
      atPeriodEnd: true,
      reason: "other",
    }),
  );
const undo = (contractId: string, customerId: string) =>
  server.deps.db.transaction((tx) =>
    uncancelContract(tx, server.deps, { tenantId: shop.tenantId, contractId, customerId }),
  );
/** The processor did not answer the first time: what waits is tried again in a minute. */
const postpone = (contractId: string) =>
  server.deps.db.execute(sql`
    update processor_intents set next_try_at = next_try_at + interval '1 minute'
    where contract_id = ${contractId} and state = 'queued'`);
const scheduled = async (contractId: string) => (await contractOf(server, contractId)).cancelAtPeriodEnd;

test("whoever cancels while an undo is still on its way to the processor is cancelled, not told that they were", async () => {
  const { contractId, customerId } = await buy(server, shop, { email: someone() });
  await cancel(contractId);
  await server.settle();
  await undo(contractId, customerId);
  expect((await cancel(contractId)).outcome).toBe("requested");
  await server.settle();
  expect(await scheduled(contractId)).toBe(true);
});

test("an undo that the processor did not hear cannot overtake the cancellation that came after it", async () => {
  const { contractId, customerId } = await buy(server, shop, { email: someone() });
  await cancel(contractId);
  await server.settle();
  await undo(contractId, customerId);
  await postpone(contractId);
  await cancel(contractId);
  await server.settle();
  server.clock.advance({ minutes: 2 });
  await server.settle();
  expect(await scheduled(contractId)).toBe(true);
});

test("a cancellation that the processor has not heard yet can be taken back, and stays so", async () => {
  const { contractId, customerId } = await buy(server, shop, { email: someone() });
  await cancel(contractId);
  await postpone(contractId);
  expect(await undo(contractId, customerId)).not.toBeNull();
  await server.settle();
  server.clock.advance({ minutes: 2 });
  await server.settle();
  expect(await scheduled(contractId)).toBe(false);
});

test("cancelling and undoing at once, again and again, ends as the last one that was accepted says", async () => {
  const { contractId, customerId } = await buy(server, shop, { email: someone() });
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([cancel(contractId), undo(contractId, customerId), cancel(contractId)]);
    await server.settle();
  }
  const last = await server.deps.db.one<{ kind: string }>(sql`
    select kind from processor_intents where contract_id = ${contractId} and state = 'done'
    order by created_at desc, id desc limit 1`);
  expect(await scheduled(contractId)).toBe(last.kind === "cancel_at_period_end");
});
