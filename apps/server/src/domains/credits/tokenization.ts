/** One of the things that a paywall counts. */
export type QueryType = {
  type: string;
  name?: string;
  desc?: string;
  /** What a month of any plan is worth that does not say so itself. */
  monthly?: number;
  /** What everybody may try, and is given again every day, or once. */
  trial?: { count: number; daily?: boolean };
  /** What becomes of what a plan's month leaves over. */
  rollover?: "none" | "full" | { max: number };
  /** The balance at which its owner's merchant is told. */
  lowAt?: number;
};

/** Which credits a paywall counts: paywall API §4.12. At most five types. */
export type Tokenization = { enabled?: boolean; queries: QueryType[] };

export const MAX_TYPES = 5;

/** Calls of this type cost nothing and have no balance (paywall API §7). */
export const FREE_TYPE = "free";

/** The types that are counted, in the merchant's order; none when the paywall counts nothing. */
export const countedTypes = (tokenization: Tokenization | undefined): QueryType[] =>
  tokenization && tokenization.enabled !== false
    ? tokenization.queries.filter(({ type }) => type !== FREE_TYPE).slice(0, MAX_TYPES)
    : [];

export type Allowance = { type: string; count: number; expiresDays?: number };

const INTERVAL_MONTHS: Record<string, number> = { day: 1 / 30, week: 0.25, month: 1, year: 12 };

/**
 * What one instalment of an option gives. Options without credits of their own are worth what their paywall says a month
 * is; shorter intervals get their share, rounded up, and longer ones get a month's at a time.
 */
export function allowanceOf(
  option: { credits: Allowance[] | null; interval: string | null },
  tokenization: Tokenization | undefined,
): Allowance[] {
  if (option.credits) return option.credits.filter(({ count }) => count > 0);
  const months = Math.min(1, INTERVAL_MONTHS[option.interval ?? ""] ?? 1);
  return countedTypes(tokenization).flatMap(({ type, monthly = 0 }) =>
    monthly > 0 ? [{ type, count: Math.ceil(monthly * months) }] : [],
  );
}

/** At most how many credits of a lot go over, and for ever or not at all: null is without a limit. */
export function rolloverOf(query: QueryType | undefined, count: number): number {
  const rule = query?.rollover ?? "none";
  return rule === "none" ? 0 : rule === "full" ? count : Math.min(count, rule.max);
}
