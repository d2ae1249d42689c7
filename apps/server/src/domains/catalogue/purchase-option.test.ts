import { expect, test } from "vitest";
import { startTestServer } from "../../../test/kit.ts";
import { sellOnce } from "../../../test/sale.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { addSeconds } from "../../platform/clock.ts";
import { findPurchaseOption, localPriceFor, type PurchaseOption } from "./index.ts";

const file = (amount: string, rest = "") => `
tenants:
  - slug: acme
    name: Acme
    products: [{ sku: pro, title: Pro }]
    processors: [{ key: box, kind: sandbox }]
    paywalls:
      - { key: app, product: pro, purchaseOptions: [{ key: monthly, interval: month, amount: ${amount}${rest} }] }
`;

test("an unsold option's price changes in place; a sold one's id leads to its successor for exactly a day", async () => {
  await using server = await startTestServer();
  await applyYaml(server, file("9"));
  const first = (await idsOf(server, "acme")).option("monthly");
  const { tenantId } = await idsOf(server, "acme");
  const find = (ref: string | number, now = server.clock.now()) =>
    findPurchaseOption(server.deps.db, tenantId, ref, now);

  await applyYaml(server, file("10"));
  expect((await find(first.num))?.amountMinor).toBe(1000);

  await sellOnce(server, { option: first.id });
  await applyYaml(server, file("11", ", trialDays: 3, label: New"));
  const second = (await idsOf(server, "acme")).option("monthly");
  expect(second.num).not.toBe(first.num);
  const changedAt = server.clock.now();
  for (const ref of [first.num, String(first.num), first.id]) {
    expect(await find(ref, addSeconds(changedAt, 86_399))).toMatchObject({
      id: second.id,
      amountMinor: 1100,
    });
    expect(await find(ref, addSeconds(changedAt, 86_400))).toBeNull();
  }
  expect((await find(second.id, addSeconds(changedAt, 1e9)))?.id).toBe(second.id);

  // A second change within the day: the oldest id leads to the newest option.
  server.clock.advance({ hours: 1 });
  await sellOnce(server, { option: second.id });
  await applyYaml(server, file("12"));
  expect((await find(first.num))?.amountMinor).toBe(1200);
});

test("another tenant's option, an archived one and nonsense are all nothing", async () => {
  await using server = await startTestServer();
  await applyYaml(server, file("9"));
  await applyYaml(server, "tenants: [{ slug: other, name: O }]");
  const mine = await idsOf(server, "acme");
  const { db } = server.deps;
  const now = server.clock.now();
  const { num, id } = mine.option("monthly");
  const other = (await idsOf(server, "other")).tenantId;
  expect(await findPurchaseOption(db, other, num, now)).toBeNull();
  expect(await findPurchaseOption(db, other, id, now)).toBeNull();
  for (const ref of ["", "abc", -1, 1.5, Number.NaN, "9".repeat(30), "po_x"]) {
    expect(await findPurchaseOption(db, mine.tenantId, ref, now)).toBeNull();
  }
  await applyYaml(server, "tenants: [{ slug: acme, name: Acme }]");
  expect(await findPurchaseOption(db, mine.tenantId, num, now)).toBeNull();
});

test("a local price goes to its country or its currency's payers, never to who merely asks for it", () => {
  const option: Pick<PurchaseOption, "currency" | "local"> = {
    currency: "USD",
    local: [
      { currency: "EUR", amountMinor: 900 },
      { currency: "USD", amountMinor: 300, countries: ["IN"] },
      { currency: "EUR", amountMinor: 500, countries: ["BG"] },
      { currency: "TRY", amountMinor: 5000, countries: ["TR"] },
    ],
  };
  const price = (country: string | null, currency?: string) =>
    localPriceFor(option, { country, currency })?.amountMinor ?? null;
  expect(price("DE")).toBe(900);
  expect(price("BG")).toBe(500);
  expect(price("IN")).toBe(300);
  expect(price("US")).toBeNull();
  expect(price(null)).toBeNull();
  expect(price(null, "EUR")).toBe(900);
  expect(price("US", "eur")).toBe(900);
  expect(price("BG", "EUR")).toBe(500);
  expect(price("DE", "TRY"), "reserved for Turkey").toBeNull();
  expect(price(null, "TRY")).toBeNull();
  expect(price("TR", "TRY")).toBe(5000);
  expect(price("IN", "GBP"), "no such row").toBeNull();
});
