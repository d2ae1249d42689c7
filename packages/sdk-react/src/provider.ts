import { PaywallUI } from "@tollgate/sdk/ui";
import * as React from "react";
import type { PaywallProviderProps } from "./types.ts";

/** Apart from "no instance yet", which is null. */
const OUTSIDE = undefined;

// The React of server components has no contexts, and importing this file there must not fail.
const PaywallContext = React.createContext?.<PaywallUI | null | undefined>(OUTSIDE);

/**
 * Gives the paywall to everything below.
 *
 * With `options` it is built after the first commit, in the browser only, and destroyed on unmount: children
 * first render with null. Options that cannot work are reported to the console, and children stay at null. The
 * markers of a returning checkout are read when children have subscribed, so that `usePaywallEvent` hears of
 * the purchase.
 */
export function PaywallProvider({ options, instance, children }: PaywallProviderProps): React.ReactElement {
  const [built, setBuilt] = React.useState<PaywallUI | null>(null);
  const owns = !!options && !instance;

  // biome-ignore lint/correctness/useExhaustiveDependencies: options are read once, as documented
  React.useEffect(() => {
    if (!owns) return;
    let mine: PaywallUI | undefined;
    try {
      mine = new PaywallUI({ ...options, autoDetectReturn: false });
    } catch (error) {
      // A missing id must not take the whole page down.
      console.error("[tollgate]", error);
      return;
    }
    setBuilt(mine);
    return () => {
      setBuilt(null);
      mine.destroy();
    };
  }, [owns]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each instance
  React.useEffect(() => {
    if (built && options?.autoDetectReturn !== false) built.checkReturn();
  }, [built]);

  return React.createElement(PaywallContext.Provider, { value: instance ?? built }, children);
}

/**
 * The paywall, or null on the server and until it is built.
 *
 * @throws Error outside a `PaywallProvider`.
 */
export function usePaywall(): PaywallUI | null {
  const paywall = React.useContext(PaywallContext);
  if (paywall === OUTSIDE) throw new Error("usePaywall needs a <PaywallProvider> around it");
  return paywall;
}
