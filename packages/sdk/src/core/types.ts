/** The 3.x wire and client data model. Types only: nothing here reaches a bundle. */

export type Acquiring = "stripe" | "paddle" | "chargebee" | "overpay" | "freemius" | (string & {});
export type OAuthProvider = "google" | "apple" | "github" | "facebook";
export type PriceInterval = "day" | "week" | "month" | "year" | "lifetime";

export interface Identity {
  email?: string;
  userId?: string;
  anonymousId?: string;
}

export interface LocalAmount {
  currency: string;
  amount: number;
}

export interface PaywallPrice {
  id: string;
  currency: string;
  /** Major units for the whole billing period: 99.99 is ninety-nine and 99 cents. */
  amount: number;
  interval: PriceInterval | null;
  interval_count: number | null;
  /** Days of card trial that start after payment details are taken. */
  trial_days: number | null;
  label?: string | null;
  description?: string | null;
  /** What is shown and charged in the visitor's country; follows the country, never the language. */
  local?: LocalAmount | null;
  /** What it gives of each balance, in a month or once, where that is not what the paywall says of every plan. */
  credits?: Balance[];
}

export interface PaywallOffer {
  id: string;
  discount_percent: number | null;
  expires_at: string | null;
  duration_minutes?: number | null;
  /** Null applies to every price. */
  price_id: string | null;
  label?: string | null;
}

export interface PaywallUserPurchase {
  id: string;
  status: string | null;
  current_period_end: string | null;
  cancel_at_period_end: boolean | null;
}

export interface PaywallUser {
  /** True for an active subscription, a paid lifetime purchase, or a running card trial. */
  has_active_subscription: boolean;
  purchases: PaywallUserPurchase[];
  trial: { started_at: string | null; expires_at: string | null } | null;
  had_previous_trial: boolean;
}

export interface PaywallPurchaseDetailed {
  id: string;
  status: string | null;
  created: string;
  current_period_start: string | null;
  current_period_end: string | null;
  cancel_at: string | null;
  cancel_at_period_end: boolean;
  canceled_at: string | null;
  ended_at: string | null;
  /** Minor units, unlike `PaywallPrice.amount`. */
  unit_amount: number;
  currency: string;
  interval: string | null;
  discount?: number;
}

export interface Balance {
  type: string;
  count: number;
}

export interface CheckoutResult {
  url: string;
  sessionId?: string;
  acquiring?: Acquiring;
}

export interface TrialConfig {
  mode: "time" | "opens";
  /** Hours for `time`, free opens for `opens`. */
  payload: number;
  storage: "client" | "server";
}

export type TrialStatus =
  | { mode: "none"; blocked: false }
  | {
      mode: "time";
      blocked: boolean;
      startedAt: number | null;
      expiresAt: number | null;
      remainingMs: number;
      totalMs: number;
    }
  | { mode: "opens"; blocked: boolean; remainingActions: number; totalActions: number };

export interface VisibilityStatus {
  visible: boolean;
  reason: "country_not_match" | "device_not_match" | "disabled" | null;
  country: string | null;
  tier: 1 | 2 | 3 | null;
}

export interface PaywallSettings {
  id: string;
  name: string;
  brand_color?: string | null;
  custom_css?: string | null;
  locale_default?: string | null;
  custom_domain?: string | null;
  runtime_mode?: string | null;
  is_test_mode?: boolean;
  checkout_mode?: "guest" | "preauth";
  auth_providers?: OAuthProvider[];
  allow_anonymous?: boolean;
  allow_close?: boolean;
  title_auto_fit?: boolean;
  success_redirect_url?: string | null;
  checkout_shop_url?: string | null;
  checkout_product_name?: string | null;
  trial?: TrialConfig | null;
  visibility?: VisibilityStatus;
}

export interface HeadingBlock {
  type: "heading";
  text: string;
  level?: 1 | 2 | 3;
}
export interface TextBlock {
  type: "text";
  text: string;
}
export interface PriceGridBlock {
  type: "price_grid";
  priceIds?: string[];
  view?: "vertical" | "compact" | "horizontal";
  popular_price_id?: string;
  popular_label?: string;
}
export interface CtaButtonBlock {
  type: "cta_button";
  action: "checkout" | "close";
  label?: string;
  priceId?: string;
}
export interface CurrentSessionBlock {
  type: "current_session";
}
export interface AuthPanelBlock {
  type: "auth_panel";
  providers?: OAuthProvider[];
  allow_signup?: boolean;
  allow_password_reset?: boolean;
  allow_email_code?: boolean;
  hide_when_authenticated?: boolean;
  heading?: string;
  subheading?: string;
  submit_label?: string;
}
export interface FeaturesListBlock {
  type: "features_list";
  items: { id: string; name: string; desc?: string }[];
}
export interface TokenizationGateBlock {
  type: "tokenization_gate";
  queries: { id: string; name: string; desc: string; count: number }[];
}
export interface GuaranteeBadgeBlock {
  type: "guarantee_badge";
  title?: string;
  subtitle?: string;
  icon?: "dollar_shield" | "none";
}
export interface OfferBannerBlock {
  type: "offer_banner";
  offer_id?: string;
  title?: string;
  force?: boolean;
}

export type LayoutBlock =
  | HeadingBlock
  | TextBlock
  | PriceGridBlock
  | CtaButtonBlock
  | CurrentSessionBlock
  | AuthPanelBlock
  | FeaturesListBlock
  | TokenizationGateBlock
  | GuaranteeBadgeBlock
  | OfferBannerBlock;

export interface Layout {
  type: "modal";
  blocks: LayoutBlock[];
}

export interface LocaleOverrides {
  layout?: Layout;
  /** A present key overwrites, null clears, an absent key stays. */
  prices?: Record<string, { label?: string | null; description?: string | null }>;
}

export interface PaywallExperimentVariant {
  key: string;
  weight: number;
  prices?: (PaywallPrice & { replaces: string | null })[];
}

export interface PaywallExperiment {
  id: string;
  /** Only `prices` changes what is shown; other kinds are assigned and reported. */
  kind: string;
  variants: PaywallExperimentVariant[];
  assigned_variant?: string;
}

export interface ExperimentAssignment {
  experimentId: string;
  variant: string;
}

export interface PaywallBootstrap {
  version?: string;
  settings: PaywallSettings;
  prices: PaywallPrice[];
  offers: PaywallOffer[];
  layout?: Layout;
  locales?: Record<string, LocaleOverrides>;
  experiment?: PaywallExperiment | null;
  user?: PaywallUser | null;
}

export interface UserLanguageInfo {
  tag: string | null;
  applied: string | null;
  browserLanguage: string | null;
  countryLanguage: string | null;
}

export interface AuthUser {
  id: string;
  email: string | null;
  country?: string | null;
  name?: string | null;
  avatar?: string | null;
  is_anonymous?: boolean;
}

export interface AuthSession {
  access_token: string;
  refresh_token: string;
  /** Epoch milliseconds, unlike the seconds on the wire. */
  expires_at: number;
  user: AuthUser;
}

export type AuthChangeEvent =
  | "INITIAL_SESSION"
  | "SIGNED_IN"
  | "SIGNED_OUT"
  | "TOKEN_REFRESHED"
  | "USER_UPDATED"
  | "PASSWORD_RECOVERY";
export type AuthChangeListener = (event: AuthChangeEvent, session: AuthSession | null) => void;
export type OtpVerifyType = "email" | "recovery" | "signup" | "magiclink" | "invite";
/** The purchase that a sign-in interrupted. */
export interface OAuthResumeCheckout {
  priceId: string;
  offerId?: string;
  renew?: boolean;
}
export type LastLoginMethod = "email" | OAuthProvider;
export interface LastLogin {
  method: LastLoginMethod;
  email: string | null;
}
export type SignUpResult =
  | { kind: "signed_in"; session: AuthSession }
  | { kind: "confirmation_required"; user: { id: string; email: string } }
  | { kind: "already_registered"; email: string };
export type UpgradeAnonymousResult =
  | { kind: "updated"; session: AuthSession }
  | { kind: "confirmation_required"; email: string };

/** As much of a `Window` as signing in needs; spelled out, so that back ends compile without the browser's types. */
export interface PopupWindow {
  readonly closed: boolean;
  close(): void;
}

export interface StorageAdapter {
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<void>;
  removeItem(key: string): Promise<void>;
  /** Reports changes by other contexts; null means removed. Own writes may be echoed. */
  watch?(key: string, callback: (value: string | null) => void): () => void;
}

/** When a new subscriber hears the current value. */
export type ReplayMode = "microtask" | "sync" | "none";
export type FetchLike = typeof fetch;
