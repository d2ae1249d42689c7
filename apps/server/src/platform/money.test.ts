import fc from "fast-check";
import { expect, test } from "vitest";
import { discountMinor, divideHalfUp, formatMoney, parseMajor, toMajor, toWireMinor } from "./money.ts";

test("major units follow the currency's exponent", () => {
  expect(toMajor(999, "USD")).toBe(9.99);
  expect(toMajor(500, "JPY")).toBe(500);
  expect(toMajor(1234, "KWD")).toBe(1.234);
});

test("the wire's minor units are major times a hundred for every currency", () => {
  expect(toWireMinor(999, "USD")).toBe(999);
  expect(toWireMinor(500, "JPY")).toBe(50_000);
  expect(toWireMinor(1235, "KWD")).toBe(124);
});

test("an amount written by a person comes back as it was written", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.constantFrom("USD", "JPY", "KWD"),
      (minor, currency) => {
        expect(parseMajor(toMajor(minor, currency), currency)).toBe(minor);
      },
    ),
  );
});

test("digits that the currency does not have are refused, not rounded", () => {
  expect(() => parseMajor("9.999", "USD")).toThrow(/not an amount/);
  expect(() => parseMajor("1.5", "JPY")).toThrow(/not an amount/);
  expect(() => parseMajor("-1", "USD")).toThrow(/not an amount/);
});

test("halves round up, once", () => {
  expect(divideHalfUp(5, 2)).toBe(3);
  expect(divideHalfUp(4, 3)).toBe(1);
});

test("a discount never exceeds its line and a full one takes all of it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.integer({ min: 1, max: 10_000 }),
      (amount, percent) => {
        const off = discountMinor(amount, percent);
        expect(off).toBeGreaterThanOrEqual(0);
        expect(off).toBeLessThanOrEqual(amount);
      },
    ),
  );
  expect(discountMinor(999, 10_000)).toBe(999);
  expect(discountMinor(999, 2_000)).toBe(200);
  expect(discountMinor(999, null)).toBe(0);
});

test("money reads as people write it", () => {
  expect(formatMoney({ amountMinor: 999, currency: "USD" })).toBe("$9.99");
});
