export type TallyValue = string | number;

/** How a tally grows. `ttl` is in seconds from its creation. */
export type TallyPolicies = {
  ttl?: number;
  maxItems?: number;
  /** A value that is in the tally already is not added again. */
  unique?: boolean;
  /** At `maxItems`: drop the oldest (the default), or take nothing more. */
  overflow?: "fifo" | "block";
  /** Anonymous readers behind one address share the tally. */
  ipSessionSharing?: boolean;
};

export type Tally = {
  id: string;
  value: TallyValue[];
  policies: TallyPolicies;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date | null;
};

/** What no policy can exceed: a tally is read and written whole. */
export const MAX_ITEMS = 1000;

/** The values after pushing `added` in order (publisher API §4.7). A pure function. */
export function pushValues(
  current: readonly TallyValue[],
  added: readonly TallyValue[],
  policies: TallyPolicies,
): TallyValue[] {
  const max = Math.min(policies.maxItems ?? MAX_ITEMS, MAX_ITEMS);
  const values = [...current];
  for (const value of added) {
    if (policies.unique && values.includes(value)) continue;
    if (values.length >= max && policies.overflow === "block") continue;
    values.push(value);
  }
  return values.slice(Math.max(0, values.length - max));
}
