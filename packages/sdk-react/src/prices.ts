import type { PaywallError, PaywallPrice } from "@tollgate/sdk";
import * as React from "react";
import { createMirror, lookAgain, useStateOf } from "./mirror.ts";
import { usePaywall } from "./provider.ts";
import type { PaywallPricesState } from "./types.ts";

const useCachedPrices = createMirror<PaywallPrice[] | null>(null, ["ready"], (paywall) =>
  paywall.getCachedPrices(),
);

/** What is for sale, for price lists of your own: cached prices at once, and newer ones when they arrive. */
export function usePaywallPrices(): PaywallPricesState {
  const paywall = usePaywall();
  const prices = useCachedPrices();
  const [error, setError] = useStateOf<PaywallError | null>(paywall, null);

  // Newer prices ask again, which costs no request and ends an earlier error.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the setter is new each time and does the same
  React.useEffect(() => {
    let wanted = true;
    const done = (failure: PaywallError | null) => {
      if (!wanted) return;
      setError(failure);
      lookAgain();
    };
    paywall?.getPrices().then(() => done(null), done);
    return () => {
      wanted = false;
    };
  }, [paywall, prices]);

  return React.useMemo(() => ({ prices, loading: !prices && !error, error }), [prices, error]);
}
