import * as z from "zod";
import { email, optional } from "./scalars.ts";

export const balance = z.object({ type: z.string(), count: z.number().int() }).meta({ id: "Balance" });
export type Balance = z.infer<typeof balance>;

export const balancesResponse = z
  .object({ balances: z.array(balance), tokenization: z.boolean() })
  .meta({ id: "BalancesResponse" });
export type BalancesResponse = z.infer<typeof balancesResponse>;

export const adjustBalanceRequest = z
  .object({
    email: optional(email),
    user_id: optional(z.string().trim().min(1).max(200)),
    type: z.string("type_required").trim().min(1, "type_required").max(40, "unknown_type"),
    amount: z
      .number("invalid_amount")
      .int("invalid_amount")
      .positive("invalid_amount")
      .max(1_000_000_000_000, "invalid_amount"),
    op: z.enum(["credit", "debit"], "invalid_op"),
  })
  .meta({ id: "AdjustBalanceRequest" });
export type AdjustBalanceRequest = z.infer<typeof adjustBalanceRequest>;

export const adjustBalanceResponse = z
  .object({
    success: z.literal(true),
    user_id: z.string(),
    type: z.string(),
    count: z.number().int(),
    balances: z.array(balance),
  })
  .meta({ id: "AdjustBalanceResponse" });
export type AdjustBalanceResponse = z.infer<typeof adjustBalanceResponse>;

/** The second version's way to take credits (paywall API §13). */
export const withdrawTokensRequest = z
  .object({
    paywall_id: z.union([z.number().int(), z.string()]),
    user_id: z.string().min(1).max(200),
    tokens: z.number().int().positive().max(1_000_000_000),
    token_type: z.string().max(40).default("standard"),
  })
  .meta({ id: "WithdrawTokensRequest" });

export const withdrawTokensResponse = z
  .object({ success: z.literal(true), remaining: z.number().int() })
  .meta({ id: "WithdrawTokensResponse" });
