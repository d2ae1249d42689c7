import * as z from "zod";

const clientId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,80}$/, "must be letters, digits, dots, - or _, at most 80 characters");

const origin = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text,
    "must be an origin such as https://www.example.com, without a path",
  );

const common = {
  clientId,
  name: z.string().trim().min(1).max(120).optional(),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,80}$/, "must be a scope")).default([]),
  state: z.enum(["active", "disabled"]).default("active"),
};

/** Who may ask the login service for tokens: the pages of a publisher, or its back end. */
export const applyClient = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.literal("browser"),
    origins: z
      .array(origin)
      .min(1)
      .max(50)
      .meta({ description: "Where a login or a logout may lead back to, whatever the path." }),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("machine"),
    secret: z
      .string()
      .min(16, "must have at least 16 characters")
      .max(256)
      .optional()
      .meta({ description: "Needed the first time; only a hash of it is kept." }),
  }),
]);
export type ApplyClient = z.output<typeof applyClient>;
