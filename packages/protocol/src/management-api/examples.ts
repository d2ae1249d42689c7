/** What the Management API's examples have in common. */
export const AT = "2027-01-31T08:00:00.000Z";
export const LATER = "2027-02-28T08:00:00.000Z";
const ULID = "01K9ZJ3V6Q8R2T4W6Y8A0C2E4G";
export const idOf = (prefix: string): string => `${prefix}_${ULID}`;
export const USER = "7d9f2b1c-3f60-4a53-9c9e-0d8e4f1a2b3c";
