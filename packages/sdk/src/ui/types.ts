import type {
  Acquiring,
  AuthChangeEvent,
  AuthClient,
  AuthClientOptions,
  AuthSession,
  BillingClient,
  BillingClientOptions,
  EventTrackerOptions,
  Identity,
  PaywallBootstrap,
  PaywallError,
  PaywallPrice,
  PaywallUser,
  TrialStatus,
  VisibilityStatus,
} from "../core/index.ts";

export type AnalyticsOptions = Pick<
  EventTrackerOptions,
  "enabled" | "flushIntervalMs" | "maxBufferSize" | "fetch" | "sendBeacon"
> & { endpoint?: string };

export interface PaywallUIOptions extends Omit<BillingClientOptions, "auth"> {
  /** Use this client instead of building one; it is left alone by `destroy`. */
  client?: BillingClient;
  /** Receives the shadow root; by default a new element at the end of the body. */
  host?: HTMLElement;
  /** Managed sign-in: `true` builds an auth client from these options, an instance is used as it is. */
  auth?: true | AuthClient | Partial<AuthClientOptions>;
  /** Read the checkout's markers from the URL right after construction. Default true. */
  autoDetectReturn?: boolean;
  /** `open` lets a test look inside. Default `closed`. */
  shadowMode?: ShadowRootMode;
  analytics?: boolean | AnalyticsOptions;
  /** On a cold open: show a skeleton at once, or wait for the data first. Default true. */
  mountThenLoad?: boolean;
  /** For previews: draws inside the host's parent, without covering or locking the page. */
  inline?: boolean;
  /** For previews: force an interface language. */
  locale?: string | null;
}

export interface OpenOptions {
  identity?: Identity;
  /** Replaces the leading heading for this open. */
  title?: string;
  skipTrial?: boolean;
  skipVisibility?: boolean;
  /** Sell again to somebody who already has an active purchase. */
  renew?: boolean;
}

export interface GetAccessOptions {
  skipTrial?: boolean;
  skipVisibility?: boolean;
  signal?: AbortSignal;
}

export type PaywallAccessResult = {
  visibility: VisibilityStatus | null;
  trial: TrialStatus | null;
  user: PaywallUser | null;
} & (
  | { access: "granted"; reason: "has_subscription" | "visibility_blocked" | "trial_blocked" }
  | { access: "blocked"; reason: "no_subscription" }
);

export type PaywallView =
  | "loading"
  | "error"
  | "layout"
  | "auth"
  | "support"
  | "awaiting_payment"
  | "popup_blocked"
  | "purchased";

export interface PaywallStateSnapshot {
  open: boolean;
  view: PaywallView | null;
  error: PaywallError | null;
  /** True while `checkout()` works before anything is shown. */
  processing: boolean;
}

export interface PaywallEventPayloads {
  open: undefined;
  ready: PaywallBootstrap;
  price_selected: { priceId: string; price: PaywallPrice };
  checkout_started: { priceId: string; url: string; acquiring?: Acquiring };
  purchase_completed: { priceId: string | null; sessionId: string | null; restored?: boolean };
  purchase_failed: { reason: string | null };
  userChange: PaywallUser;
  authChange: { event: AuthChangeEvent; session: AuthSession | null };
  trial_blocked: TrialStatus;
  trial_expired: undefined;
  visibility_blocked: VisibilityStatus;
  error: PaywallError;
  close: undefined;
}
export type PaywallEvent = keyof PaywallEventPayloads;
export type PaywallEventHandler<E extends PaywallEvent = PaywallEvent> = (
  payload: PaywallEventPayloads[E],
) => void;
