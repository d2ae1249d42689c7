/**
 * Identity: customers, the ways they prove who they are, and their sessions.
 *
 * Invariants: one live customer per e-mail and tenant; an unverified e-mail inherits nothing; a session
 * is one family of refresh tokens and dies as a whole; an access token stops working the moment its
 * session is revoked.
 */
export type { SignInContext } from "./complete-sign-in.ts";
export type { Customer } from "./customer.ts";
export { normalizeEmail } from "./customer.ts";
export { signOut, signOutEverywhere } from "./end-sessions.ts";
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
export type { Purpose } from "./one-time-codes.ts";
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
export { CALLBACK_PATH, receiveProviderAnswer } from "./social/receive-provider-answer.ts";
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
