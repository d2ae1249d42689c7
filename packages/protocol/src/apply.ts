/**
 * The file that `tollgate apply` reads: everything a tenant sells, in one YAML or JSON document that a
 * person writes by hand. Fields carry the dictionary's names in camelCase, amounts are major units as on a
 * price tag, and things refer to each other by key, sku or host. A field that is not known is an error:
 * in a file that decides prices, a typing mistake must not pass as "left out".
 */
import * as z from "zod";
import { type ApplyProblem, describeIssue, toProblems } from "./apply/problems.ts";
import { checkReferences } from "./apply/references.ts";
import { applyTenant } from "./apply/tenant.ts";

export type { ApplyApiProvider } from "./apply/api-provider.ts";
export type { ApplyAuthProvider } from "./apply/auth-provider.ts";
export type { ApplyClient } from "./apply/client.ts";
export type { ApplyContentSource, ApplyGifts } from "./apply/content.ts";
export type { ApplyDiscountCode } from "./apply/discount-code.ts";
export { type ApplyBlock, type ApplyLayout, applyBlock, applyLayout } from "./apply/layout.ts";
export type { ApplyExperiment, ApplyOffer, ApplyPaywall, ApplyPurchaseOption } from "./apply/paywall.ts";
export type { ApplyProblem } from "./apply/problems.ts";
export {
  type ApplyAccessList,
  type ApplyMeter,
  type ApplyPublisherPaywall,
  applyPublisherPaywall,
} from "./apply/publisher.ts";
export type { ApplyDomain, ApplyProcessor, ApplyProduct, ApplyTenant, ApplyWebhook } from "./apply/tenant.ts";
export { HYBRID_TRUSTS, PRODUCT_TYPES } from "./apply/tenant.ts";

export const applyFile = z
  .strictObject({
    version: z.literal(1).default(1).meta({ description: "The version of this file format." }),
    tenants: z.array(applyTenant).min(1),
  })
  .superRefine((file, context) => {
    const slugs = new Set<string>();
    file.tenants.forEach((tenant, index) => {
      const report = (path: (string | number)[], message: string) => {
        context.addIssue({ code: "custom", path: ["tenants", index, ...path], message });
      };
      if (slugs.has(tenant.slug)) report(["slug"], `another tenant is already called "${tenant.slug}"`);
      slugs.add(tenant.slug);
      checkReferences(tenant, report);
    });
  });
/** The file with every default filled in. What a person may write is `z.input<typeof applyFile>`. */
export type ApplyFile = z.output<typeof applyFile>;
export type ApplyFileInput = z.input<typeof applyFile>;

export type ParsedApplyFile = { ok: true; file: ApplyFile } | { ok: false; problems: ApplyProblem[] };

/**
 * Checks a parsed document. Problems come all at once, each with its path, so that the caller can print them
 * with line numbers; names that lead nowhere are looked for only once every field has its right form.
 */
export function parseApplyFile(document: unknown): ParsedApplyFile {
  const result = applyFile.safeParse(document, { error: describeIssue });
  return result.success
    ? { ok: true, file: result.data }
    : { ok: false, problems: toProblems(result.error.issues) };
}
