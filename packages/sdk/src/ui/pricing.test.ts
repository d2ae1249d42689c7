import { describe, expect, test } from "vitest";
import type { PaywallBootstrap, PaywallPrice } from "../core/index.ts";
import { emptyUser } from "../core/user-state.ts";
import { chargeSummary, ctaLabel, describePrice, formatMoney } from "./pricing.ts";
import { translator } from "./strings/index.ts";

const t = translator();
const price = (patch: Partial<PaywallPrice>): PaywallPrice => ({
  id: "1",
  currency: "USD",
  amount: 12,
  interval: "month",
  interval_count: 1,
  trial_days: null,
  ...patch,
});
const shop = (prices: PaywallPrice[], patch: Partial<PaywallBootstrap> = {}): PaywallBootstrap => ({
  settings: { id: "7", name: "" },
  prices,
  offers: [],
  ...patch,
});
const card = (p: PaywallPrice, patch: Partial<PaywallBootstrap> = {}, others: PaywallPrice[] = []) =>
  describePrice(p, shop([p, ...others], patch), t, "en-US");
const sentence = (p: PaywallPrice, patch: Partial<PaywallBootstrap> = {}) =>
  chargeSummary(p, shop([p], patch), t, "en-US");
const offers = [{ id: "o", discount_percent: 25, expires_at: null, price_id: null }];

describe("money", () => {
  test("whole amounts have no decimals, others as many as the currency", () => {
    expect(formatMoney(12, "USD", "en-US")).toBe("$12");
    expect(formatMoney(12.5, "USD", "en-US")).toBe("$12.50");
    expect(formatMoney(1200, "JPY", "en-US")).toBe("¥1,200");
    expect(formatMoney(9.99, "EUR", "de-DE")).toBe("9,99\u00a0€");
    expect(formatMoney(5, "nonsense", "en-US")).toBe("5 nonsense");
  });

  test("the visitor's own currency is shown when the server has priced it", () => {
    expect(card(price({ local: { amount: 11, currency: "EUR" } })).amount).toBe("€11");
  });
});

describe("a plan card", () => {
  test("B-285: a year is shown by the month and in full, and its saving is measured against the months", () => {
    const yearly = price({ id: "2", amount: 96, interval: "year" });
    expect(card(yearly, {}, [price({})])).toMatchObject({
      label: "Yearly",
      amount: "$8",
      per: "per month",
      total: "$96 per year",
      badge: "Save 33%",
      before: null,
    });
    // Control: without months to compare, or in another currency, nothing is claimed.
    expect(card(yearly).badge).toBe(null);
    expect(card(yearly, {}, [price({ currency: "EUR" })]).badge).toBe(null);
  });

  test("a discount replaces the computed saving instead of standing beside it", () => {
    const yearly = price({ id: "2", amount: 96, interval: "year" });
    expect(card(yearly, { offers }, [price({})])).toMatchObject({
      amount: "$6",
      before: "$8",
      total: "$72 per year",
      badge: "Save 25%",
    });
  });

  test("odd periods and lifetimes say what they are", () => {
    expect(card(price({ interval_count: 3 })).per).toBe("every 3 months");
    expect(card(price({ interval: "lifetime" }))).toMatchObject({
      label: "Lifetime",
      per: "one-time payment",
    });
    expect(card(price({ interval: null })).per).toBe("one-time payment");
  });
});

describe("what will be charged", () => {
  test("B-284: a trial is offered once in a life", () => {
    const trial = price({ trial_days: 14 });
    expect(ctaLabel(trial, shop([trial]), t)).toBe("Start 14-day free trial");
    expect(sentence(trial)).toBe("Free for 14 days, then $12 per month until you cancel.");
    const user = { ...emptyUser(), had_previous_trial: true };
    expect(ctaLabel(trial, shop([trial], { user }), t)).toBe("Get monthly plan");
    expect(sentence(trial, { user })).toBe("$12 today, then $12 per month until you cancel.");
  });

  test("a discounted price promises no later amount, because the offer may end", () => {
    expect(sentence(price({}), { offers })).toBe("$9 today. Renews monthly until you cancel.");
  });

  test("a lifetime is paid once", () => {
    expect(sentence(price({ interval: "lifetime", amount: 249 }))).toBe("$249 once. No renewals.");
    expect(ctaLabel(price({ interval: "lifetime" }), shop([]), t)).toBe("Get lifetime access");
  });
});
