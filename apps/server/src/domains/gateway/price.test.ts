import { expect, test } from "vitest";
import { costFor, creditsFor, creditsToHold, matchesModel, type PriceRule, ruleFor } from "./price.ts";
import { NO_USAGE } from "./usage.ts";

const CHAT = { kind: "per_unit", rates: { input: 1, output: 4 } } as const;

test("a price per call does not depend on what was used", () => {
  const rule = { kind: "per_call", tokens: 3 } as const;
  expect(creditsFor(rule, { ...NO_USAGE, output: 1_000_000 })).toBe(3);
  expect(creditsToHold(rule, NO_USAGE)).toBe(3);
});

test("a price per unit adds up every kind, rounds up once, and is one credit at least", () => {
  expect(creditsFor(CHAT, { ...NO_USAGE, input: 1000, output: 500 })).toBe(3);
  expect(creditsFor(CHAT, { ...NO_USAGE, input: 1000, output: 501 })).toBe(4);
  expect(creditsFor(CHAT, NO_USAGE)).toBe(1);
  expect(creditsFor({ ...CHAT, minimum: 0 }, NO_USAGE)).toBe(0);
  // 3 × 0.1 in floating point is a little more than 0.3.
  expect(creditsFor({ kind: "per_unit", rates: { images: 0.1 }, per: 0.3 }, { ...NO_USAGE, images: 3 })).toBe(
    1,
  );
});

test("what is set aside covers what a call may use, and no less than the rule asks for", () => {
  expect(creditsToHold(CHAT, { ...NO_USAGE, input: 100, output: 4000 })).toBe(17);
  expect(creditsToHold({ ...CHAT, hold: 50 }, { ...NO_USAGE, input: 100 })).toBe(50);
});

test("a table of models is read from the top, and a model that is not in it is not sold", () => {
  const rule: PriceRule = {
    kind: "per_model",
    models: [
      { model: "gpt-4o-mini*", rule: { kind: "per_call", tokens: 1 } },
      { model: "gpt-4*", rule: { kind: "per_call", tokens: 10 } },
    ],
  };
  expect(ruleFor(rule, "gpt-4o-mini-2024")).toEqual({ kind: "per_call", tokens: 1 });
  expect(ruleFor(rule, "GPT-4o")).toEqual({ kind: "per_call", tokens: 10 });
  expect(ruleFor(rule, "o9")).toBeNull();
  expect(ruleFor(rule, null)).toBeNull();
  expect(ruleFor(CHAT, null)).toEqual(CHAT);
});

test("a pattern's other characters mean themselves", () => {
  expect(matchesModel("a.b", "axb")).toBe(false);
  expect(matchesModel("a.b", "a.b")).toBe(true);
  expect(matchesModel("*", "anything/at-all")).toBe(true);
});

test("cost is what the upstream charges us in micro-units, or unknown", () => {
  const table = [{ model: "gpt-*", rates: { input: 150_000, output: 600_000 } }];
  expect(costFor(table, "gpt-x", { ...NO_USAGE, input: 1000, output: 500 })).toBe(450);
  expect(costFor(table, "claude", { ...NO_USAGE, input: 1000 })).toBeNull();
  expect(costFor([{ model: "*", rates: {}, call: 40_000 }], null, NO_USAGE)).toBe(40_000);
});
