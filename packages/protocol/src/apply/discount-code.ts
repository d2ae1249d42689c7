import * as z from "zod";
import { key } from "./layout.ts";
import { currency } from "./paywall.ts";

const instant = z.iso
  .datetime({ offset: true, error: "must be an instant such as 2027-01-31T23:00:00Z" })
  .transform((it) => new Date(it).toISOString());

const amount = z
  .union([
    z.number().positive(),
    z.string().regex(/^[0-9]{1,12}(\.[0-9]{1,3})?$/, "must be an amount such as 9.99"),
  ])
  .transform(String);

/** A discount that is typed in: a percentage, or an amount of one currency. */
export const applyDiscountCode = z
  .strictObject({
    code: z
      .string()
      .trim()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/,
        "must be letters, digits, dots, - or _, at most 60 characters",
      )
      .meta({ description: "Buyers may spell it in capitals or not." }),
    name: z.string().trim().min(1).max(200).optional(),
    description: z.string().max(2000).optional(),
    percent: z.number().min(0.01).max(100).optional(),
    amount: amount.optional(),
    currency: currency.optional().meta({ description: "Of the amount." }),
    duration: z.enum(["once", "repeating", "forever"]).default("once").meta({
      description: "How many paid periods become cheaper: the first, so many cycles, or all of them.",
    }),
    cycles: z.number().int().min(1).max(1000).optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    maxRedemptions: z.number().int().min(1).optional(),
    maxPerCustomer: z.number().int().min(1).optional(),
    products: z.array(z.string().min(1).max(200)).default([]).meta({ description: "Skus; none means all." }),
    options: z.array(key).default([]).meta({ description: "Keys of purchase options; none means all." }),
    status: z.enum(["ACTIVE", "DISABLED"]).default("ACTIVE"),
  })
  .refine((it) => (it.percent === undefined) !== (it.amount === undefined), {
    path: ["percent"],
    message: "a code has either a percent or an amount",
  })
  .refine((it) => (it.duration === "repeating") === (it.cycles !== undefined), {
    path: ["cycles"],
    message: "belongs to duration: repeating, which needs it",
  })
  .refine((it) => it.validFrom === undefined || it.validTo === undefined || it.validFrom < it.validTo, {
    path: ["validTo"],
    message: "must be later than validFrom",
  });
export type ApplyDiscountCode = z.output<typeof applyDiscountCode>;
