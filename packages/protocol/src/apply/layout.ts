import * as z from "zod";
import { oauthProvider } from "../paywall-api/scalars.ts";

/** A merchant's own name for something, by which a later run of the file finds it again. */
export const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, "must be lower-case letters, digits, - or _, at most 60 characters");

const line = z.string().trim().min(1).max(300);

/** `- Unlimited exports` is short for `- name: Unlimited exports`. */
const featureItem = z.union([
  line.transform((name) => ({ name })),
  z.strictObject({
    id: z.string().min(1).max(60).optional(),
    name: line,
    desc: z.string().max(500).optional(),
  }),
]);

/**
 * A block as a person writes it: the wire's types, camelCase fields, and purchase options and offers named by
 * their key instead of by a number that exists only after the first run.
 */
export const applyBlock = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("heading"),
    text: line,
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  }),
  z.strictObject({ type: z.literal("text"), text: z.string().trim().min(1).max(5000) }),
  z.strictObject({
    type: z.literal("price_grid"),
    options: z.array(key).optional(),
    view: z.enum(["vertical", "compact", "horizontal"]).optional(),
    popular: key.optional(),
    popularLabel: line.optional(),
  }),
  z.strictObject({
    type: z.literal("cta_button"),
    action: z.enum(["checkout", "close"]).default("checkout"),
    label: line.optional(),
    option: key.optional(),
  }),
  z.strictObject({ type: z.literal("current_session") }),
  z.strictObject({
    type: z.literal("auth_panel"),
    providers: z.array(oauthProvider).optional(),
    allowSignup: z.boolean().optional(),
    allowPasswordReset: z.boolean().optional(),
    allowEmailCode: z.boolean().optional(),
    hideWhenAuthenticated: z.boolean().optional(),
    heading: line.optional(),
    subheading: line.optional(),
    submitLabel: line.optional(),
  }),
  z.strictObject({ type: z.literal("features_list"), items: z.array(featureItem).min(1).max(5) }),
  z.strictObject({
    type: z.literal("tokenization_gate"),
    queries: z
      .array(
        z.strictObject({
          id: key,
          name: line,
          desc: z.string().max(500).default(""),
          count: z.number().nonnegative(),
        }),
      )
      .default([])
      .meta({ description: "What the paywall counts when empty." }),
  }),
  z.strictObject({
    type: z.literal("guarantee_badge"),
    title: line.optional(),
    subtitle: line.optional(),
    icon: z.enum(["dollar_shield", "none"]).optional(),
  }),
  z.strictObject({ type: z.literal("offer_banner"), offer: key.optional(), title: line.optional() }),
]);
export type ApplyBlock = z.output<typeof applyBlock>;

export const applyLayout = z.array(applyBlock).min(1).max(40);
export type ApplyLayout = z.output<typeof applyLayout>;
