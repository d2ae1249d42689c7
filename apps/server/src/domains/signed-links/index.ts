/**
 * Signed links: a page's address with a proof that it may be read, which a publisher's server and pages check without
 * asking us.
 *
 * Invariants: a link opens one page, or one pass, of the tenant whose key signed it, and for a day at most; a key that
 * was replaced stays published until everything that it signed is over.
 */
export { countLink, forgetCountedLinks, getLinkUses, takeLinkUse } from "./counted-link.ts";
export {
  LINK_SECONDS,
  type LinkClaims,
  linkCovers,
  linkOpens,
  linkTo,
  MAX_LINK_SECONDS,
  resolveLinkToken,
  signLink,
  signLinkToken,
  type VerifiedLink,
  verifyLinkToken,
} from "./signed-link.ts";
export { announceVaultKey, listVaultKeys, rotateVaultKey, vaultKey, vaultKeysJob } from "./vault-keys.ts";
