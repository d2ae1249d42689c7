/**
 * Whose tallies, tags and metadata: a signed-in customer's, those of a browser that nobody signed in on, or of all such
 * browsers behind one address. The spelling is that of the tables' `reader` column; browsers choose their ids
 * themselves, so nothing else may begin as theirs do.
 */
export type Reader = `customer:${string}` | `anonymous:${string}` | `address:${string}`;

export const readerOf = (
  who: { customerId: string } | { anonymousId: string } | { addressKey: string },
): Reader =>
  "customerId" in who
    ? `customer:${who.customerId}`
    : "addressKey" in who
      ? `address:${who.addressKey}`
      : `anonymous:${who.anonymousId}`;
