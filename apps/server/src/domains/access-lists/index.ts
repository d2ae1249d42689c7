/**
 * Access lists: rights that come from elsewhere than a sale, as grants to e-mail addresses.
 *
 * Invariants: a grant gives its right only to whoever has proved that its address is theirs, and waits until somebody
 * has; a list that is no longer active gives nothing. The rights themselves are entitlements, projected from grants.
 */
export type { AccessList, AccessListType, Grant } from "./access-list.ts";
export { followPeople } from "./follow-people.ts";
export { saveAccessList, saveGrant } from "./save.ts";
