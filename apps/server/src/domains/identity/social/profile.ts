import { email as emailSchema } from "@tollgate/protocol/paywall-api/scalars";
import { ProviderFailure, type ProviderProfile } from "./provider.ts";

const SUBJECT = /^[\x21-\x7e]{1,255}$/;
const NAME_CHARS_MAX = 200;
const URL_CHARS_MAX = 2048;

/** A provider's words about a person, made safe to keep; `subject` must be usable, everything else may be missing. */
export function toProfile(said: {
  subject: unknown;
  email?: unknown;
  emailVerified?: unknown;
  name?: unknown;
  picture?: unknown;
}): ProviderProfile {
  const subject = typeof said.subject === "number" ? String(said.subject) : said.subject;
  if (typeof subject !== "string" || !SUBJECT.test(subject))
    throw new ProviderFailure("the provider named nobody");
  const parsed = emailSchema.safeParse(said.email);
  const email = parsed.success ? parsed.data : null;
  return {
    subject,
    email,
    // Apple writes booleans as text.
    emailVerified: email !== null && (said.emailVerified === true || said.emailVerified === "true"),
    name: nameOf(said.name),
    picture: pictureOf(said.picture),
  };
}

/** One line without control characters, or null. */
export function nameOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const line = value
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line ? [...line].slice(0, NAME_CHARS_MAX).join("") : null;
}

function pictureOf(value: unknown): string | null {
  if (typeof value !== "string" || value.length > URL_CHARS_MAX || !URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === "https:" && !url.username && !url.password ? url.href : null;
}
