/**
 * Identity: customers, the ways they prove who they are, and their sessions.
 *
 * Invariants: one live customer per e-mail and tenant; an unverified e-mail inherits nothing; a session
 * is one family of refresh tokens and dies as a whole; an access token stops working the moment its
 * session is revoked.
 */

export { replacePassword, setFirstPassword } from "./choose-password.ts";
export type { SignInContext } from "./complete-sign-in.ts";
export type { Customer } from "./customer.ts";
export { normalizeEmail } from "./customer.ts";
export { customerOfMerchant } from "./customer-of-merchant.ts";
export { listDevices, type SignedInDevice, signOutDevice, signOutOthers } from "./devices.ts";
export { signOut, signOutEverywhere } from "./end-sessions.ts";
export { eraseCustomer } from "./erase-customer.ts";
export { isCustomersOwnName, unlinkExternal } from "./external-names.ts";
export { findOrCreateCustomer } from "./find-or-create-customer.ts";
export { identityJobs } from "./jobs.ts";
export { linkToPaywall } from "./link-to-paywall.ts";
export { type BrowserSession, findLiveSession, touchSession } from "./live-session.ts";
export {
  type ConfirmOutcome,
  confirmLink,
  inspectLink,
  type LinkState,
  type MailedLink,
  resetPasswordByLink,
} from "./mailed-links.ts";
export {
  assignPassword,
  createCustomer,
  findCustomerNamed,
  searchCustomers,
} from "./manage-customers.ts";
export { mergeIdentity } from "./merge-identity.ts";
export type { Purpose } from "./one-time-codes.ts";
export { hashPassword } from "./passwords.ts";
export {
  emailTaken,
  findProfile,
  type PostalAddress,
  type Profile,
  type ProfileFields,
  updateProfile,
} from "./profile.ts";
export { endUnprovenAccess } from "./prove-email.ts";
export {
  findCustomerByEmail,
  findCustomerById,
  findCustomerByUuid,
  findCustomerByWireIdentity,
  findPaywallLink,
} from "./queries.ts";
export { refreshSession } from "./refresh-session.ts";
export { resolveAccessToken, type SignedIn } from "./resolve-access-token.ts";
export { resolveHybridIdentity } from "./resolve-hybrid-identity.ts";
export { resendConfirmation, sendPasswordReset, sendSignInCode } from "./send-proof.ts";
export {
  ACCESS_TOKEN_SECONDS,
  type IssuedSession,
  issueSession,
  revokeAllSessions,
  type SignInMethod,
} from "./sessions.ts";
export { signIn } from "./sign-in.ts";
export { signInAnonymously } from "./sign-in-anonymously.ts";
export { type SignUpResult, signUp } from "./sign-up.ts";
export {
  listConfiguredProviders,
  mayStartWith,
  offeredProviders,
  providerSecretContext,
  saveProviderCredentials,
} from "./social/credentials.ts";
export { exchangeAuthCode } from "./social/exchange-auth-code.ts";
export { isSocialProvider, type ProviderOptions, type SocialProvider } from "./social/provider.ts";
export { createProviderClients, type ProviderClients } from "./social/provider-clients.ts";
export {
  CALLBACK_PATH,
  LOGIN_CALLBACK_PATH,
  receiveProviderAnswer,
} from "./social/receive-provider-answer.ts";
export { providerRedirectUri, startSocialSignIn } from "./social/start-social-sign-in.ts";
export {
  addressHash,
  isAddressTrusted,
  REFRESH_AFTER_DAYS,
  TRUST_DAYS,
  trustAddress,
} from "./trusted-addresses.ts";
export { updatePassword } from "./update-password.ts";
export { type UpgradeResult, upgradeAnonymous } from "./upgrade-anonymous.ts";
export { verifyCode } from "./verify-code.ts";
