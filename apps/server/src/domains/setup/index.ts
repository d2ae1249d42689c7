/**
 * Setup: a whole tenant as one file, which `tollgate apply` reads. The file is the truth for the tenants that
 * it names: what differs is changed, what it does not list is archived, and other tenants are left alone.
 *
 * Invariants: applying a file twice changes nothing the second time; a plan shows exactly what applying it
 * would do; nothing is changed when anything in the file is wrong.
 */
export { applySetup } from "./apply-setup.ts";
export { type ParsedSetup, parseSetup } from "./parse-setup.ts";
export { planSetup } from "./plan-setup.ts";
export { renderDiff } from "./render-diff.ts";
export type { Change, FieldChange, Setup } from "./setup.ts";
