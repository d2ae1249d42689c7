import * as z from "zod";
import { iso } from "./scalars.ts";

/** How far the free period before the paywall is used up. `blocked` means that the paywall is still held back. */
export const trialState = z
  .discriminatedUnion("mode", [
    z.object({
      mode: z.literal("opens"),
      blocked: z.boolean(),
      used: z.number().int().nonnegative(),
      total: z.number().int().nonnegative(),
    }),
    z.object({
      mode: z.literal("time"),
      blocked: z.boolean(),
      started_at: iso.nullable(),
      elapsed_ms: z.number().int().nonnegative().nullable().meta({
        description: "Since `started_at`, for devices whose clock is wrong.",
      }),
      total_ms: z.number().int().nonnegative(),
    }),
  ])
  .meta({ id: "TrialState" });
export type TrialState = z.infer<typeof trialState>;

const count = z.number().int().min(0).max(2_147_483_647).optional().catch(undefined);

export const recordTrialRequest = z
  .object({
    id: z.string().trim().min(8).max(64).meta({
      description: "A UUID of this open. A repeat under the same id is not counted again.",
    }),
    used: count.meta({ description: "What the device has counted itself, this open included." }),
    elapsed_ms: z.number().min(0).max(1e13).optional().catch(undefined).meta({
      description: "Since the device's own start of the clock.",
    }),
  })
  .meta({ id: "RecordTrialRequest" });
export type RecordTrialRequest = z.output<typeof recordTrialRequest>;
