import { sha256 } from "../../platform/crypto.ts";
import type { Played } from "./apps.ts";

/** Somebody with an account at the company that the sandbox plays. */
export type Person = { subject: string; name: string; email: string | null; emailVerified: boolean };

type Known = Omit<Person, "subject"> & { key: string; about: string };

/** People who are always there, one for each case worth trying. */
export const PEOPLE: readonly Known[] = [
  { key: "ana", name: "Ana Keller", email: "ana@example.com", emailVerified: true, about: "ana@example.com" },
  {
    key: "ben",
    name: "Ben Okafor",
    email: "ben@example.com",
    emailVerified: false,
    about: "ben@example.com, never confirmed",
  },
  { key: "cleo", name: "Cleo Martin", email: null, emailVerified: false, about: "keeps the address private" },
];

/** The same name and address are the same person, who has another number at every company. */
function subjectOf(played: Played, who: { name: string; email: string | null }): string {
  const digest = sha256(`${played}:${(who.email ?? who.name).toLowerCase()}`);
  // GitHub's are numbers that JSON can hold.
  const digits = (digest.readUInt32BE(0) * 65_536 + digest.readUInt16BE(4)).toString();
  return played === "apple" ? `000${digits.slice(0, 3)}.${digest.toString("hex").slice(0, 32)}.0001` : digits;
}

const FIELD_CHARS_MAX = 200;

/** The person whom a form names: one of ours, or somebody typed in. Null when a name is missing. */
export function personOf(played: Played, form: URLSearchParams): Person | null {
  const known = PEOPLE.find((it) => it.key === form.get("person"));
  const typed = (name: string) => (form.get(name) ?? "").trim().slice(0, FIELD_CHARS_MAX).toWellFormed();
  const email = typed("email").toLowerCase() || null;
  const who = known ?? {
    name: typed("name") || email || "",
    email,
    emailVerified: email !== null && form.get("verified") === "1",
  };
  if (!who.name) return null;
  const { name, emailVerified } = who;
  return { subject: subjectOf(played, who), name, email: who.email, emailVerified };
}
