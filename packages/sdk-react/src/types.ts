import type {
  AuthSession,
  Identity,
  OpenOptions,
  PaywallAccessResult,
  PaywallError,
  PaywallPrice,
  PaywallUI,
  PaywallUIOptions,
  PaywallUser,
} from "@tollgate/sdk";
import type { ButtonHTMLAttributes, ReactNode } from "react";

/** Either the options to build a paywall from, or one that exists already. */
export type PaywallProviderProps = { children?: ReactNode } & (
  | {
      /** Read once; give the provider another `key` to build a new paywall. */
      options: PaywallUIOptions;
      instance?: undefined;
    }
  | {
      /** Never destroyed by the provider. Null stands for "not here yet", for example on the server. */
      instance: PaywallUI | null;
      options?: undefined;
    }
);

export type PaywallUserState =
  | { status: "loading" | "guest"; user: null; session: null }
  /** With sign-in, `user` arrives after `session`; without it, there is never a session. */
  | { status: "signed_in"; user: PaywallUser | null; session: AuthSession | null };

export type PaywallAccessState =
  | { status: "loading"; result: null }
  | { status: "ready"; result: PaywallAccessResult };

export interface PaywallPricesState {
  prices: PaywallPrice[] | null;
  /** True only as long as there is nothing to show. */
  loading: boolean;
  /** Why the last attempt failed; prices that were known before are kept. */
  error: PaywallError | null;
}

export interface BlockedRenderArgs {
  result: PaywallAccessResult & { access: "blocked" };
  /** Shows the paywall under the gate's title. */
  open: () => void;
}

export interface PaywallGateProps {
  /** While the answer is unknown, and on the server. Default nothing. */
  loading?: ReactNode;
  /** For whoever may not pass. Default nothing. */
  fallback?: ReactNode | ((args: BlockedRenderArgs) => ReactNode);
  /** Show the paywall by itself, once each time that access turns out to be blocked. */
  openOnBlocked?: boolean;
  /** Heading of the paywall when this gate opens it. */
  paywallTitle?: string;
  children?: ReactNode;
}

export interface PaywallButtonRenderArgs {
  open: () => void;
  /** False on the server and until the paywall exists. */
  ready: boolean;
  /** The direct checkout that this button started is being prepared. */
  processing: boolean;
}

export interface PaywallButtonProps
  extends ButtonHTMLAttributes<HTMLButtonElement>,
    Pick<OpenOptions, "renew" | "skipTrial" | "skipVisibility"> {
  /** What a click opens. Default `paywall`; `auth` is `signin`. */
  mode?: "paywall" | "support" | "signin" | "auth" | "signup";
  /** Buy this price at once, without showing the plans; `mode` is ignored. */
  priceId?: string;
  identity?: Identity;
  /** Heading of the paywall. The native `title` stays the tooltip. */
  paywallTitle?: string;
  /** Draws something else than a button. */
  render?: (args: PaywallButtonRenderArgs) => ReactNode;
}

export type PaywallSupportButtonProps = Omit<PaywallButtonProps, "mode" | "priceId">;
