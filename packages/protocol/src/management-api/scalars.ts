import * as z from "zod";

/** What the Management API's schemas have in common. Money is in major units (9.99), times are ISO 8601 in UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: "must be an instant such as 2027-01-31T23:00:00Z" })
  .meta({ description: "ISO 8601, in answers always UTC with milliseconds." });

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as EUR")
  .meta({ description: "ISO 4217." });

export const money = z.number().nonnegative().max(100_000_000).meta({ description: "In major units: 9.99." });

export const email = z.email("must be an e-mail address").max(254);

/** An absolute address of the web. A host of one word is one too: `localhost` is where everybody begins. */
export const webAddress = z.url({ protocol: /^https?$/, error: "must be an absolute http(s) address" });

export const id = (what: string) => z.string().meta({ description: what });
