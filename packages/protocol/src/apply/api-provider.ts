import * as z from "zod";
import { url } from "./paywall.ts";

const units = z
  .strictObject({
    input: z.number().nonnegative().optional(),
    output: z.number().nonnegative().optional(),
    images: z.number().nonnegative().optional(),
    seconds: z.number().nonnegative().optional(),
  })
  .meta({ description: "For tokens in and out, images, and seconds of sound or film." });

const perCall = z.strictObject({
  kind: z.literal("per_call"),
  tokens: z.number().int().min(1).max(1_000_000).default(1),
});
const perUnit = z.strictObject({
  kind: z.literal("per_unit"),
  rates: units,
  per: z.number().positive().default(1000).meta({ description: "Units that a rate is for." }),
  minimum: z.number().int().min(0).max(1_000_000).default(1),
  hold: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .meta({ description: "Credits to have before a call whose length nobody limited." }),
});
const model = z.string().trim().min(1).max(200);

const price = z.discriminatedUnion("kind", [
  perCall,
  perUnit,
  z.strictObject({
    kind: z.literal("per_model"),
    models: z
      .array(z.strictObject({ model, rule: z.discriminatedUnion("kind", [perCall, perUnit]) }))
      .min(1)
      .max(200),
  }),
]);

/** An API that customers call through the gateway, without ever seeing its key. */
export const applyApiProvider = z.strictObject({
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "must be lower-case letters, digits, - or _"),
  name: z.string().trim().min(1).max(120).optional(),
  wire: z
    .enum(["openai", "anthropic", "generic"])
    .default("openai")
    .meta({ description: "How it speaks: where its answers say what was used, and where its key goes." }),
  baseUrl: url,
  apiKey: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .optional()
    .meta({ description: "The one that is there stays when absent." }),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/), z.string().max(4000))
    .default({})
    .meta({ description: "Sent with every call; callers cannot override them." }),
  methods: z
    .array(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]))
    .min(1)
    .default(["POST"]),
  paths: z
    .array(z.string().trim().min(1).max(200))
    .max(100)
    .default([])
    .meta({ description: "What may be called; * is one part, a final ** the rest. Empty means everything." }),
  body: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: "What a JSON body has where the caller says nothing else." }),
  tokenType: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/),
  price: price.default({ kind: "per_call", tokens: 1 }),
  costs: z
    .array(
      z.strictObject({
        model,
        rates: units.default({}),
        per: z.number().positive().default(1_000_000),
        call: z.number().nonnegative().default(0),
      }),
    )
    .max(200)
    .default([])
    .meta({ description: "What each model costs you, in millionths of your currency." }),
  timeoutSeconds: z.number().int().min(1).max(3600).default(600),
  maxBytes: z.number().int().min(1024).max(10_737_418_240).default(104_857_600),
  limits: z
    .strictObject({
      perMinute: z.number().int().min(1).max(100_000).optional(),
      concurrent: z.number().int().min(1).max(10_000).optional(),
      perDay: z.number().int().min(1).max(100_000_000).optional(),
    })
    .default({})
    .meta({ description: "For one customer: calls per minute, calls at once, credits per day." }),
  state: z.enum(["enabled", "disabled"]).default("enabled"),
});
export type ApplyApiProvider = z.output<typeof applyApiProvider>;
