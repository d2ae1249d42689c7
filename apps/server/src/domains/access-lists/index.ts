/**
 * Access lists: rights that come from elsewhere than a sale, as grants to e-mail addresses.
 *
 * Invariants: a grant gives its right only to whoever has proved that its address is theirs, and waits until somebody
 * has; a list that is no longer active gives nothing; a file counts only after its preview, and only as that said; a
 * code is good for as many readers as it says, each once; a publisher's system that does not answer gives nothing. The
 * rights themselves are entitlements, projected from grants.
 */
export {
  ACCESS_LIST_STATUSES,
  ACCESS_LIST_TYPES,
  type AccessList,
  type AccessListType,
  type Address,
  GRANT_STATUSES,
  type Grant,
  type GrantRecord,
  type Person,
  type WantedGrant,
} from "./access-list.ts";
export {
  type AccessCode,
  type CodeTerms,
  claimCode,
  issueCodes,
  listCodes,
  lookUpCode,
  MAX_CODES_AT_ONCE,
  revokeCode,
} from "./claims.ts";
export { CSV_LIMITS, decodeCsv } from "./csv.ts";
export { accessListErrors } from "./errors.ts";
export { followPeople } from "./follow-people.ts";
export { GRANT_FIELDS } from "./grant-rows.ts";
export {
  addGrant,
  addressOfUser,
  deleteGrant,
  getGrant,
  listGrants,
  productOf,
  updateGrant,
} from "./grants.ts";
export {
  type AccessHooks,
  createAccessHooks,
  HOOK_CACHE_SECONDS,
  type HookOutcome,
  type ProvenCustomer,
  setHook,
} from "./hooks.ts";
export {
  type AccessListRecord,
  createAccessList,
  getAccessList,
  type Hook,
  listAccessLists,
  updateAccessList,
} from "./lists.ts";
export { saveAccessList, saveGrant } from "./save.ts";
export {
  applyUpload,
  forgetUploads,
  getUpload,
  previewUpload,
  type Upload,
  type UploadSummary,
} from "./uploads.ts";
