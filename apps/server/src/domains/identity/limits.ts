import type { Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { type Limit, peekLimit, takeLimit } from "../../platform/limits.ts";
import { refusal } from "./errors.ts";

// Paywall API §1.11. Counted on the tenant's time, so that a test can let a minute pass.

/** Kinds of mail that are limited on their own, each once a minute and address. */
export type MailKind = "otp" | "confirm" | "reset";

export const mailLimit = (tenantId: string, kind: MailKind, email: string): Limit => ({
  key: `auth-mail:${kind}:${tenantId}:${email}`,
  max: 1,
  windowSeconds: 60,
});

/**
 * Mails, registrations and social sign-ins that one place may begin: 200 an hour, so that nobody posts our mail to a list of
 * strangers. A developer's scripts on the demonstration's own machine are exempt.
 * @throws `over_request_rate_limit`
 */
export async function takeStartLimit(
  q: Queryable,
  deps: Pick<Deps, "config" | "keys">,
  input: { tenantId: string; clientAddress: string; now: Date },
): Promise<void> {
  const ownMachine = input.clientAddress.startsWith("127.") || input.clientAddress === "::1";
  if (deps.config.demo && ownMachine) return;
  const key = `auth-start:${place(deps, input.tenantId, input.clientAddress)}`;
  const verdict = await takeLimit(q, { key, max: 200, windowSeconds: 3600 }, input.now);
  if (!verdict.allowed) throw refusal("over_request_rate_limit", verdict.retryAfterSeconds);
}

/** @throws `over_email_send_rate_limit` when such a mail was asked for within the last minute. */
export async function takeMailLimit(
  q: Queryable,
  input: { tenantId: string; kind: MailKind; email: string; now: Date },
): Promise<void> {
  const verdict = await takeLimit(q, mailLimit(input.tenantId, input.kind, input.email), input.now);
  if (!verdict.allowed) throw refusal("over_email_send_rate_limit", verdict.retryAfterSeconds);
}

// The table of counters holds no address in the clear.
const place = (deps: Pick<Deps, "keys">, tenantId: string, address: string): string =>
  `${tenantId}:${deps.keys.pseudonym(`limit:${networkOf(address)}`).toString("base64url")}`;

type Caller = { tenantId: string; clientAddress: string; email: string };

/** Wrong passwords: 4 a minute for one account from one place, 20 in five minutes from one place. */
export const signInLimits = (
  deps: Pick<Deps, "keys">,
  { tenantId, clientAddress, email }: Caller,
): Limit[] => [
  { key: `auth-fail:${place(deps, tenantId, clientAddress)}:${email}`, max: 4, windowSeconds: 60 },
  { key: `auth-fail:${place(deps, tenantId, clientAddress)}`, max: 20, windowSeconds: 300 },
];

/**
 * Wrong codes. Each code dies after five wrong tries; these bound the tries over many codes, so that
 * someone who keeps asking for codes to a stranger's address has a chance of about 1 in 33,000 a day. The
 * mailed link keeps working while they hold.
 */
export const codeLimits = (deps: Pick<Deps, "keys">, { tenantId, clientAddress, email }: Caller): Limit[] => [
  { key: `auth-code:hour:${tenantId}:${email}`, max: 10, windowSeconds: 3600 },
  { key: `auth-code:day:${tenantId}:${email}`, max: 30, windowSeconds: 86_400 },
  { key: `auth-code:${place(deps, tenantId, clientAddress)}`, max: 60, windowSeconds: 3600 },
];

/** Codes of social sign-ins that nobody could use. They cannot be guessed; this only ends the noise. */
export const exchangeLimits = (
  deps: Pick<Deps, "keys">,
  { tenantId, clientAddress }: Omit<Caller, "email">,
): Limit[] => [
  { key: `auth-exchange:${place(deps, tenantId, clientAddress)}`, max: 60, windowSeconds: 3600 },
];

export const anonymousLimit = (deps: Pick<Deps, "keys">, tenantId: string, clientAddress: string): Limit => ({
  key: `auth-anonymous:${place(deps, tenantId, clientAddress)}`,
  max: 30,
  windowSeconds: 3600,
});

/** @throws `over_request_rate_limit` when any of the limits is used up. Counts nothing. */
export async function refuseOverLimit(q: Queryable, limits: Limit[], now: Date): Promise<void> {
  for (const limit of limits) {
    const verdict = await peekLimit(q, limit, now);
    if (!verdict.allowed) throw refusal("over_request_rate_limit", verdict.retryAfterSeconds);
  }
}

/**
 * Counts a failed try, even when others failed in the meantime.
 * @throws `over_request_rate_limit` when that was one too many: of a burst of guesses only the first few
 * learn whether they were right.
 */
export async function countFailure(q: Queryable, limits: Limit[], now: Date): Promise<void> {
  const verdicts = [];
  for (const limit of limits) verdicts.push(await takeLimit(q, limit, now));
  const refused = verdicts.find((verdict) => !verdict.allowed);
  if (refused) throw refusal("over_request_rate_limit", refused.retryAfterSeconds);
}
