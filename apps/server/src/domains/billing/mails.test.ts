import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, CARDS, moveClock } from "../../../test/selling.ts";
import { createShop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { listMails } from "../../platform/mail/index.ts";
import { cancelContract } from "./index.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: "2031-03-01T10:00:00.000Z" });
});
afterAll(() => server[Symbol.asyncDispose]());

const mailsTo = async (to: string) => {
  await server.settle();
  return (await listMails(server.deps.db, { to, limit: 20 })).reverse();
};

test("every payment brings one receipt with its amount, its bill number and the time it covers", async () => {
  const shop = await createShop(server);
  const email = "receipt@example.com";
  await buy(server, shop, { email });
  await moveClock(server, shop, { days: 32 });
  const receipts = (await mailsTo(email)).filter(({ subject }) => subject.startsWith("Receipt"));
  expect(receipts).toHaveLength(2);
  expect(receipts[0]!.text).toContain("You paid $9.99");
  expect(receipts[0]!.text).toContain("Bill number 1");
  expect(receipts[0]!.text).toContain("April 1, 2031");
  expect(receipts[1]!.text).toContain("May 1, 2031");
});

test("a lifetime receipt promises no renewal", async () => {
  const shop = await createShop(server);
  await buy(server, shop, { email: "forever@example.com", price: "lifetime" });
  const [receipt, ...others] = await mailsTo("forever@example.com");
  expect(receipt!.text).toContain("$199.00");
  expect(receipt!.text).not.toMatch(/renews/);
  expect(others).toEqual([]);
});

test("a trial says when it ends and what it costs then, and takes no receipt before", async () => {
  const shop = await createShop(server, { trialDays: 7 });
  await buy(server, shop, { email: "trial@example.com" });
  const mails = await mailsTo("trial@example.com");
  expect(mails.map(({ subject }) => subject)).toEqual(["Your trial of Pro has started"]);
  expect(mails[0]!.text).toContain("March 8, 2031");
  expect(mails[0]!.text).toContain("$9.99");
});

test("a trial with a discount code names the price that will be charged, not the full one", async () => {
  const shop = await createShop(server, { trialDays: 7 });
  const { contractId, customerId } = await buy(server, shop, { email: "code@example.com" });
  const { db, ids } = server.deps;
  const [codeId, at] = [ids.next("discountCode"), server.clock.now()];
  await db.execute(sql`
    insert into discount_codes (id, tenant_id, code, name, percent_bp, created_at, updated_at)
    values (${codeId}, ${shop.tenantId}, 'HALF', 'Half', 5000, ${at}, ${at})`);
  await db.execute(sql`
    insert into discount_redemptions (tenant_id, code_id, customer_id, contract_id, percent_bp, currency, saved_minor, periods,
      created_at, redeemed_at)
    values (${shop.tenantId}, ${codeId}, ${customerId}, ${contractId}, 5000, 'USD', 500, 1, ${at}, ${at})`);
  const [mail] = await mailsTo("code@example.com");
  expect(mail?.text).toContain("$4.99");
  expect(mail?.text).not.toContain("$9.99");
});

test("a failed renewal and a cancellation are told to the payer", async () => {
  const shop = await createShop(server);
  await buy(server, shop, { email: "fails@example.com", card: CARDS.failsLater });
  await moveClock(server, shop, { days: 32 });
  expect((await mailsTo("fails@example.com")).map(({ subject }) => subject)).toContain(
    "Your payment for Pro did not go through",
  );

  const sale = await buy(server, shop, { email: "leaves@example.com" });
  await server.deps.db.transaction((tx) =>
    cancelContract(tx, server.deps, {
      tenantId: shop.tenantId,
      contractId: sale.contractId,
      atPeriodEnd: true,
      reason: "not_using",
    }),
  );
  const subjects = (await mailsTo("leaves@example.com")).map(({ subject }) => subject);
  expect(subjects.at(-1)).toMatch(/is cancelled and ends on/);
});
