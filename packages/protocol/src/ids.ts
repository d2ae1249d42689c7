/**
 * The one register of id prefixes. An id is `<prefix>_` and a 26-character ULID: a handle that may be
 * logged, mailed and pasted into a ticket. Credentials have prefixes of their own, below, so that a log
 * scrubber can tell the two apart by sight; no prefix may ever appear in both tables.
 */
export const ID_PREFIXES = {
  tenant: "tnt",
  oauthClient: "cli",
  staff: "stf",
  membership: "mem",
  apiKey: "key",
  paywall: "pw",
  paywallVersion: "pwv",
  block: "blk",
  product: "prd",
  purchaseOption: "po",
  offer: "ofr",
  discountCode: "dsc",
  audience: "aud",
  customer: "cus",
  identity: "idn",
  device: "dev",
  session: "ses",
  checkout: "chk",
  contract: "con",
  contractItem: "cit",
  amendment: "amd",
  entitlement: "ent",
  accessList: "src",
  grant: "grant",
  claimCode: "clm",
  gift: "gft",
  organisation: "org",
  bill: "bil",
  transaction: "txn",
  dispute: "dsp",
  paymentIssue: "pis",
  paymentMethod: "pmt",
  fulfillment: "ful",
  balanceLot: "lot",
  ledgerEntry: "led",
  balanceHold: "hld",
  provider: "prv",
  gatewayRequest: "req",
  trialState: "trl",
  signingKey: "kid",
  experiment: "exp",
  meter: "mtr",
  shortLink: "lnk",
  signedLink: "sln",
  giftLink: "glk",
  contentSource: "cso",
  webhookEndpoint: "whe",
  event: "evt",
  delivery: "whd",
  ticket: "tkt",
  attachment: "att",
  domain: "dom",
  connection: "ppc",
  locale: "loc",
  auditEntry: "log",
  job: "job",
  mail: "mail",
  loginGrant: "lgr",
  request: "rqs",
  oneTimeCode: "otc",
  oauthFlow: "oaf",
  processorEvent: "pev",
  processorIntent: "pin",
  webhookAttempt: "wha",
  ticketMessage: "tkm",
  analyticsEvent: "ane",
  publisherEvent: "pbe",
  // The sandbox processor plays an outside company; its ids never name anything of ours.
  sandboxSession: "sbs",
  sandboxSubscription: "sbsub",
  sandboxPayment: "sbp",
  sandboxEvent: "sbe",
} as const;

/** An entity that has ids, by its name in the dictionary. */
export type IdKind = keyof typeof ID_PREFIXES;

/** Beginnings of secrets. What follows is shown once, stored as a hash, and never logged. */
export const CREDENTIAL_PREFIXES = {
  secretKeyLive: "sk_live_",
  secretKeyTest: "sk_test_",
  publishableKeyLive: "pk_live_",
  publishableKeyTest: "pk_test_",
  ingestKeyLive: "ik_live_",
  ingestKeyTest: "ik_test_",
  webhookSecret: "whsec_",
  refreshToken: "rt_",
} as const;

export type CredentialKind = keyof typeof CREDENTIAL_PREFIXES;

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether the text is a well-formed id of this kind. Says nothing about existence. */
export function isId(kind: IdKind, text: string): boolean {
  const prefix = `${ID_PREFIXES[kind]}_`;
  return text.startsWith(prefix) && ULID.test(text.slice(prefix.length));
}
