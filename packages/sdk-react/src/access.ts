import type { GetAccessOptions } from "@tollgate/sdk";
import * as React from "react";
import { lookAgain, together, useStateOf } from "./mirror.ts";
import { usePaywall } from "./provider.ts";
import type { PaywallAccessState } from "./types.ts";

const LOADING: PaywallAccessState = { status: "loading", result: null };

/**
 * May this person pass? Asks on mount and again when the person or their purchases change; while it asks
 * again, the last answer stays. Uses nothing up and shows nothing.
 */
export function usePaywallAccess({
  skipTrial,
  skipVisibility,
}: Omit<GetAccessOptions, "signal"> = {}): PaywallAccessState {
  const paywall = usePaywall();
  const [state, setState] = useStateOf(paywall, LOADING);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the setter is new each time and does the same
  React.useEffect(() => {
    if (!paywall) return;
    let asked = 0;
    const check = async () => {
      const mine = ++asked;
      const result = await paywall.getAccess({ skipTrial, skipVisibility });
      if (mine !== asked) return;
      setState({ status: "ready", result });
      // The check has learnt about trial and targeting.
      lookAgain();
    };
    void check();
    return together([
      () => asked++,
      paywall.on("userChange", check),
      paywall.on("purchase_completed", check),
    ]);
  }, [paywall, skipTrial, skipVisibility]);

  return state;
}
