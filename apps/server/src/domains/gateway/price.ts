import type { Usage } from "./usage.ts";

/**
 * What a call costs in credits (product spec §2, API provider):
 *
 * - `per_call`: so many for each call that was answered.
 * - `per_unit`: by what the upstream reports. `rates` are credits for `per` units (1,000 when absent) of each kind; the
 *   sum is rounded up to whole credits, and is `minimum` (1 when absent) at least. `hold` is what a call needs to begin
 *   with when its own limits do not say.
 * - `per_model`: the first rule whose pattern (`*` stands for anything) matches the model; a model without a rule is not
 *   sold.
 */
export type PriceRule = SimpleRule | { kind: "per_model"; models: { model: string; rule: SimpleRule }[] };

export type SimpleRule =
  | { kind: "per_call"; tokens: number }
  | {
      kind: "per_unit";
      rates: Partial<Record<keyof Usage, number>>;
      per?: number;
      minimum?: number;
      hold?: number;
    };

/** What a model costs us, in micro-units of the provider's currency for `per` units (1,000,000 when absent). */
export type CostRow = {
  model: string;
  rates: Partial<Record<keyof Usage, number>>;
  per?: number;
  call?: number;
};

const UNITS_PER_RATE = 1000;
const UNITS_PER_COST = 1_000_000;
const MINIMUM = 1;

export const matchesModel = (pattern: string, model: string): boolean =>
  new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`, "i").test(model);

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The rule for a model, or for a call that names none; null when this is not sold. */
export function ruleFor(rule: PriceRule, model: string | null): SimpleRule | null {
  if (rule.kind !== "per_model") return rule;
  return rule.models.find((it) => matchesModel(it.model, model ?? ""))?.rule ?? null;
}

/** Credits for what was used. Never negative, always whole. */
export function creditsFor(rule: SimpleRule, usage: Usage): number {
  if (rule.kind === "per_call") return rule.tokens;
  return Math.max(rule.minimum ?? MINIMUM, Math.ceil(sum(rule.rates, usage, rule.per ?? UNITS_PER_RATE)));
}

/** Credits to set aside before a call whose usage can only be expected. */
export function creditsToHold(rule: SimpleRule, expected: Usage): number {
  if (rule.kind === "per_call") return rule.tokens;
  return Math.max(rule.hold ?? 0, creditsFor(rule, expected));
}

/** Our own cost in micro-units, rounded to the nearest; null when the table has no row for the model. */
export function costFor(table: CostRow[], model: string | null, usage: Usage): number | null {
  const row = table.find((it) => matchesModel(it.model, model ?? ""));
  if (!row) return null;
  return Math.round((row.call ?? 0) + sum(row.rates, usage, row.per ?? UNITS_PER_COST));
}

function sum(rates: Partial<Record<keyof Usage, number>>, usage: Usage, per: number): number {
  let total = 0;
  for (const [kind, rate] of Object.entries(rates) as [keyof Usage, number][]) {
    // In whole millionths, so that 3 × 0.1 is not a little more than 0.3 and rounded up to another credit.
    total += Math.round(rate * 1e6) * usage[kind];
  }
  return total / (per * 1e6);
}
