/**
 * Whose tallies, tags and metadata: a signed-in customer's, or those of a browser that nobody signed in on. The
 * spelling is that of the tables' `reader` column.
 */
export type Reader = `customer:${string}` | `anonymous:${string}`;

export const readerOf = (who: { customerId: string } | { anonymousId: string }): Reader =>
  "customerId" in who ? `customer:${who.customerId}` : `anonymous:${who.anonymousId}`;
