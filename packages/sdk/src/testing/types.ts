import type {
  AuthUser,
  Balance,
  BootstrapPatch,
  Identity,
  PaywallOffer,
  PaywallPrice,
  PaywallUser,
  TrialConfig,
} from "../core/index.ts";
import type { PaywallUI } from "../ui/index.ts";

export interface FakePaywallOptions {
  paywallId?: string;
  apiOrigin?: string;
  /**
   * The situation in one word: `granted` has bought, `trial` is in a running free trial, `hidden` is outside the paywall's
   * audience, `blocked` is none of these. Finer settings below win.
   */
  access?: "granted" | "blocked" | "trial" | "hidden";
  /** What the server knows of the person. With it, or with `access: "granted"`, the person is signed in. */
  user?: Partial<PaywallUser>;
  /** Who is signed in at the start; null for nobody. */
  session?: Partial<AuthUser> | null;
  /** False behaves like a `PaywallUI` that was built without `auth`. Default true. */
  auth?: boolean;
  identity?: Identity;
  prices?: (Partial<PaywallPrice> & { id: string })[];
  offers?: PaywallOffer[];
  trial?: TrialConfig | null;
  balances?: Balance[];
  /** Merged into the bootstrap last, its settings one level deep. */
  bootstrap?: BootstrapPatch;
}

/** One call of a public method: `open`, `billing.createCheckout`, `auth.sendOtp`. */
export interface FakeCall {
  method: string;
  args: unknown[];
}

export interface FakePaywallControls {
  /** Every call of a public method since the start, oldest first. */
  readonly calls: FakeCall[];
  /** The person picks a plan. */
  selectPrice(priceId: string): void;
  /** The person presses the button under the plans. Resolves when the checkout's tab is open or the attempt has failed. */
  startCheckout(priceId?: string): Promise<void>;
  /**
   * The person pays. During a checkout it is noticed there; from the plans a checkout is started first; with a closed
   * modal it arrives like a return from the payment page. Resolves when every event has been sent.
   */
  completePurchase(purchase?: { priceId?: string; sessionId?: string }): Promise<void>;
  /** The person signs in, wherever: in the modal's gate, in your own form, in another tab. */
  signIn(user?: Partial<AuthUser>): Promise<void>;
  signOut(): Promise<void>;
  /** Replaces what the server knows of the person, as a webhook or a support agent would. */
  setUser(user: Partial<PaywallUser>): Promise<void>;
  /** Uses the free trial up, so that the next gate lets nobody through for free. */
  expireTrial(): void;
  /** The next checkout is refused with this code. */
  failNextCheckout(code: string, status?: number): void;
  /** The next bootstrap cannot be loaded. */
  failNextLoad(code?: string): void;
}

/** Has the shape of `PaywallUI`, so that a provider or your own code takes it as one. */
export type FakePaywall = PaywallUI & FakePaywallControls;
