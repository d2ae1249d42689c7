import * as z from "zod";
import { url } from "./paywall.ts";

const clientId = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,255}$/, "must be the id that the provider gave to your app");
const state = z.enum(["active", "disabled"]).default("active");

// Left out, the one that is there stays: a file that is kept with the source need not hold it.
const clientSecret = z
  .string()
  .trim()
  .min(8, "must have at least 8 characters")
  .max(2000)
  .optional()
  .meta({ description: "Needed the first time; the one that is there stays when absent." });

const appleId = z.string().regex(/^[A-Z0-9]{10}$/, "must have ten capital letters or digits");

/** Your app at a sign-in provider. Its redirect address is `<server>/paywall/v3/auth/provider/<provider>`. */
export const applyAuthProvider = z.discriminatedUnion("provider", [
  z.strictObject({
    provider: z.literal("google"),
    clientId,
    clientSecret,
    issuer: url.optional().meta({ description: "https://accounts.google.com when absent." }),
    state,
  }),
  z.strictObject({
    provider: z.literal("apple"),
    clientId: clientId.meta({ description: "The Services ID." }),
    teamId: appleId,
    keyId: appleId,
    privateKey: z
      .string()
      .trim()
      .regex(
        /^-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----$/,
        "must be the text of the .p8 file",
      )
      .optional()
      .meta({ description: "Needed the first time; the one that is there stays when absent." }),
    issuer: url.optional().meta({ description: "https://appleid.apple.com when absent." }),
    state,
  }),
  z.strictObject({
    provider: z.literal("github"),
    clientId,
    clientSecret,
    baseUrl: url.optional().meta({ description: "A GitHub Enterprise server; github.com when absent." }),
    state,
  }),
  z.strictObject({
    provider: z.literal("facebook"),
    clientId,
    clientSecret,
    baseUrl: url.optional().meta({ description: "facebook.com when absent." }),
    state,
  }),
]);
export type ApplyAuthProvider = z.output<typeof applyAuthProvider>;
