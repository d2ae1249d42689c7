import * as z from "zod";

/** `2026-06-29T00:00:00.000Z`: UTC with milliseconds, as every timestamp but the token's is sent. */
export const iso = z.iso.datetime({ precision: 3 });

/** ISO 4217, upper case. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as EUR");

/** ISO 3166-1 alpha-2, upper case. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code such as DE");

export const INTERVALS = ["day", "week", "month", "year", "lifetime"] as const;
export const interval = z.enum(INTERVALS);
export type Interval = z.infer<typeof interval>;

export const ACQUIRINGS = ["stripe", "paddle", "chargebee", "freemius", "overpay"] as const;
export const acquiring = z.enum(ACQUIRINGS);
export type Acquiring = z.infer<typeof acquiring>;

export const OAUTH_PROVIDERS = ["google", "apple", "github", "facebook"] as const;
export const oauthProvider = z.enum(OAUTH_PROVIDERS);
export type OAuthProvider = z.infer<typeof oauthProvider>;

export const PURCHASE_STATUSES = [
  "active",
  "trialing",
  "paid",
  "pending",
  "unpaid",
  "past_due",
  "canceled",
  "incomplete",
  "incomplete_expired",
] as const;
export const purchaseStatus = z.enum(PURCHASE_STATUSES);
export type PurchaseStatus = z.infer<typeof purchaseStatus>;

export const tier = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type Tier = z.infer<typeof tier>;

/** A paywall or price as callers name it: a number, decimal digits, or our prefixed id. Parsed to text. */
export const ref = z
  .union([z.number().int().nonnegative(), z.string().trim().min(1).max(64)])
  .transform(String)
  .meta({ description: "Decimal digits as a number or a string; the prefixed id works too." });

/** An address as typed: surrounding space is dropped and case is folded before it is checked. */
export const email = z
  .string({
    error: (issue) =>
      issue.input === undefined || issue.input === null ? "email_required" : "invalid_email",
  })
  .trim()
  .toLowerCase()
  .max(254, "invalid_email")
  .check(z.email("invalid_email"));

/** The device's own id. Clients store at least 16 characters; anything shorter is ignored, not refused. */
export const visitorId = z
  .string()
  .max(128)
  .nullish()
  .transform((text) => (text && text.length >= 16 ? text : undefined));

/**
 * What the merchant remembers about a user: a flat map of at most 50 short strings. Numbers and booleans
 * become text, and empty values are left out, because callers build this from whatever they have.
 */
export const userMeta = z
  .record(
    z.string().min(1).max(40),
    z
      .union([z.string().max(500), z.number(), z.boolean(), z.null()])
      .transform((value) => (value === null ? null : String(value))),
  )
  .refine((map) => Object.keys(map).length <= 50, "may hold at most 50 entries")
  .transform((map) =>
    Object.fromEntries(Object.entries(map).filter((entry): entry is [string, string] => entry[1] !== null)),
  );

const PLAIN_HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/;

/**
 * Whether a text is an address that a browser may be sent to: one that reads the same to everybody (no control
 * characters, backslashes or user names before the host) and whose host can stand in a policy header.
 */
function isWebAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || /[\p{Cc}\\]/u.test(text) || !URL.canParse(text)) return false;
  const { hostname, username, password } = new URL(text);
  return PLAIN_HOST.test(hostname) && !username && !password;
}

/**
 * An absolute http(s) address; a miss carries `code`, so that each field is refused by its own name. What is
 * not ASCII is percent-encoded, as a browser would before it goes there; the rest stays byte for byte.
 */
export const httpUrl = (code: string) =>
  z
    .string(code)
    .max(2048, code)
    .refine(isWebAddress, code)
    .transform((text) => text.toWellFormed().replaceAll(/[^ -~]+/g, encodeURIComponent));

/** `null` and "absent" mean the same to 3.x clients; our code only ever sees "absent". */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);
