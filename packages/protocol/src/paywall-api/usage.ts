import * as z from "zod";
import { iso } from "./scalars.ts";

/** One call through the AI gateway, as its customer may see it: what was asked of whom, and what it took. */
export const usageItem = z
  .object({
    id: z.string(),
    created: iso,
    provider: z.string().meta({ description: "The provider's id." }),
    path: z.string(),
    model: z.string().nullable(),
    status: z
      .number()
      .int()
      .nullable()
      .meta({ description: "Of the upstream; null when it did not answer." }),
    type: z.string().meta({ description: "The balance that it took from." }),
    charged: z.number().int().nonnegative(),
    units_in: z.number().int().nullable(),
    units_out: z.number().int().nullable(),
    aborted: z.boolean(),
  })
  .meta({ id: "UsageItem" });

export const usageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.string().max(64).optional().meta({ description: "The `next` of the page before." }),
});

export const usageResponse = z
  .object({
    items: z.array(usageItem).meta({ description: "Newest first." }),
    next: z.string().nullable().meta({ description: "`before` of the next page; null on the last." }),
  })
  .meta({ id: "UsageResponse" });
export type UsageResponse = z.infer<typeof usageResponse>;
