import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { sellOnce } from "../../../test/sale.ts";
import { applyYaml, idsOf, setupOf } from "../../../test/setup.ts";
import { sql } from "../../platform/database/index.ts";
import { parseSetup, planSetup } from "../setup/index.ts";
import { createDiscountCode, findDiscountCode, listAppliedDiscounts, redeemDiscountCode } from "./index.ts";

const FILE = `
tenants:
  - slug: acme
    name: Acme
    products: [{ sku: pro, title: Pro }, { sku: extra, title: Extra }]
    processors: [{ key: box, kind: sandbox }]
    paywalls:
      - key: app
        product: pro
        purchaseOptions:
          - { key: monthly, interval: month, amount: 10 }
          - { key: yearly, interval: year, amount: 90 }
          - { key: extra, product: extra, interval: lifetime, amount: 2 }
    discountCodes:
      - { code: Spring, percent: 12.5, duration: repeating, cycles: 3, maxPerCustomer: 1 }
      - { code: FIVE-OFF, name: Five off, amount: 5, validFrom: "2031-02-01T00:00:00Z", validTo: "2031-04-01T00:00:00Z" }
      - { code: yearly-only, percent: 50, options: [yearly], duration: forever }
      - { code: extra-only, percent: 50, products: [extra] }
      - { code: euros, amount: 1, currency: EUR }
      - { code: LAST, percent: 10, maxRedemptions: 1 }
      - { code: off, percent: 10, status: DISABLED }
`;

let server: TestServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
let contracts: { id: string; customerId: string }[];

beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, FILE);
  ids = await idsOf(server, "acme");
  for (let i = 0; i < 4; i += 1) await sellOnce(server, { option: ids.option("monthly").id });
  contracts = await server.deps.db.query(sql`select id, customer_id "customerId" from contracts order by id`);
});
afterAll(() => server[Symbol.asyncDispose]());

const codeOf = async (text: string) => {
  const code = await findDiscountCode(server.deps.db, ids.tenantId, text);
  if (!code) throw new Error(`there is no ${text}`);
  return code;
};

async function redeem(text: string, option = "monthly", nth = 0, now = server.clock.now()) {
  const contract = contracts[nth];
  if (!contract) throw new Error("too few contracts");
  const { id: codeId } = await codeOf(text);
  const { productId, amountMinor } = await server.deps.db.one<{ productId: string; amountMinor: number }>(
    sql`select product_id "productId", amount_minor "amountMinor" from purchase_options where id = ${ids.option(option).id}`,
  );
  const target = { productId, optionKey: option, currency: "USD", now };
  const use = { ...target, tenantId: ids.tenantId, codeId, customerId: contract.customerId };
  return server.deps.db.transaction((tx) =>
    redeemDiscountCode(tx, { ...use, priceMinor: amountMinor }, { contractId: contract.id }),
  );
}

test("the file makes codes; applied again it changes nothing; codes that it never named are left alone", async () => {
  expect(await planSetup(server.deps.db, server.deps, setupOf(FILE))).toEqual([]);
  expect(await codeOf("sPRING")).toMatchObject({ code: "Spring", percentBp: 1250, cycles: 3 });
  const { tenantId } = ids;
  const base = await codeOf("Spring");
  await server.deps.db.transaction((tx) =>
    createDiscountCode(tx, server.deps, {
      tenantId,
      draft: { ...base, code: "BY-HAND" },
      now: server.clock.now(),
    }),
  );
  const actions = async (text: string) => (await applyYaml(server, text)).map((it) => it.action);
  expect(await actions(FILE.replace("code: Spring", "code: SPRING")), "spelled anew").toEqual(["update"]);
  expect(await actions(FILE.replace(/ {6}- \{ code: euros.*\n/, ""))).toEqual(["update", "archive"]);
  expect(await codeOf("euros")).toMatchObject({ status: "DISABLED" });
  expect(await codeOf("by-hand")).toMatchObject({ status: "ACTIVE" });
  await applyYaml(server, FILE);
  expect(await codeOf("euros")).toMatchObject({ status: "ACTIVE" });
  await expect(
    server.deps.db.transaction((tx) =>
      createDiscountCode(tx, server.deps, {
        tenantId,
        draft: { ...base, code: "by-HAND" },
        now: server.clock.now(),
      }),
    ),
  ).rejects.toMatchObject({ code: "discount_code_taken" });
});

test("mistakes in a code are told: two discounts, none, cycles without repeating, names that lead nowhere", () => {
  for (const code of [
    "{ code: a, percent: 5, amount: 5 }",
    "{ code: a }",
    "{ code: a, percent: 5, cycles: 3 }",
    "{ code: a, percent: 5, duration: repeating }",
    "{ code: a b, percent: 5 }",
    "{ code: a, percent: 5, products: [nothing] }",
    "{ code: a, percent: 5, options: [nothing] }",
    "{ code: Five-Off, percent: 5 }",
  ]) {
    expect(parseSetup(`${FILE}      - ${code}\n`).ok, code).toBe(false);
  }
});

test("a code takes off what it says, for as many periods as it says, and never more than the price", async () => {
  expect(await redeem("SPRING")).toMatchObject({ outcome: "applied", savedMinor: 125, periods: 3 });
  expect(await redeem("five-off")).toMatchObject({ savedMinor: 500, periods: 1 });
  expect(await redeem("yearly-only", "yearly")).toMatchObject({ savedMinor: 4500, periods: null });
  expect(await redeem("five-off", "extra", 1)).toMatchObject({ savedMinor: 200 });
  const [first] = await listAppliedDiscounts(server.deps.db, [contracts[0]?.id ?? ""]);
  expect(first).toMatchObject({ code: "Spring", percentBp: 1250, savedMinor: 125, periods: 3 });
});

test("a code takes nothing off what it is not for, before and after its time, in another currency, or switched off", async () => {
  const reason = async (...args: Parameters<typeof redeem>) => {
    const result = await redeem(...args);
    return result.outcome === "inapplicable" ? result.reason : result.outcome;
  };
  expect(await reason("yearly-only", "monthly", 1)).toBe("other_product");
  expect(await reason("extra-only", "monthly", 1)).toBe("other_product");
  expect(await reason("euros", "monthly", 1)).toBe("other_currency");
  expect(await reason("off", "monthly", 1)).toBe("disabled");
  expect(await reason("five-off", "monthly", 2, new Date("2031-01-31T23:59:59.999Z"))).toBe("not_yet");
  expect(await reason("five-off", "monthly", 2, new Date("2031-04-01T00:00:00Z"))).toBe("ended");
  expect(await reason("five-off", "monthly", 2, new Date("2031-03-31T23:59:59.999Z"))).toBe("applied");
});

test("one use that is left goes to one of many who ask at once, and asking again takes no second one", async () => {
  const results = await Promise.all([0, 1, 2, 3].map((nth) => redeem("LAST", "monthly", nth)));
  const winners = results.flatMap((it, nth) => (it.outcome === "applied" ? [nth] : []));
  expect(winners).toHaveLength(1);
  expect(await redeem("LAST", "monthly", winners[0])).toMatchObject({ outcome: "applied" });
  expect(results.filter((it) => it.outcome === "inapplicable" && it.reason === "exhausted")).toHaveLength(3);
});

test("a customer has a code as often as it allows", async () => {
  const [first, second] = contracts;
  if (!first || !second) throw new Error("too few contracts");
  await server.deps.db.execute(
    sql`update contracts set customer_id = ${first.customerId} where id = ${second.id}`,
  );
  contracts[1] = { ...second, customerId: first.customerId };
  expect(await redeem("SPRING", "monthly", 1)).toEqual({ outcome: "inapplicable", reason: "used_before" });
  expect(await redeem("SPRING", "monthly", 2)).toMatchObject({ outcome: "applied" });
});

test("a code belongs to its tenant", async () => {
  await applyYaml(server, "tenants:\n  - { slug: other, name: Other }\n");
  const other = await idsOf(server, "other");
  expect(await findDiscountCode(server.deps.db, other.tenantId, "SPRING")).toBeNull();
});
