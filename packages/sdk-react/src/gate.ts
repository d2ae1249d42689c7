import * as React from "react";
import { usePaywallAccess } from "./access.ts";
import { useLatest } from "./mirror.ts";
import { usePaywall } from "./provider.ts";
import type { PaywallGateProps } from "./types.ts";

/** Shows its children to whoever may pass, and `fallback` to whoever may not yet. */
export function PaywallGate({
  loading = null,
  fallback = null,
  openOnBlocked = false,
  paywallTitle,
  children,
}: PaywallGateProps): React.ReactElement {
  const paywall = usePaywall();
  const { result } = usePaywallAccess();
  const blocked = result?.access === "blocked";
  const open = () => paywall?.open({ title: paywallTitle });

  // Not a dependency: another title is no reason to open again.
  const latest = useLatest(open);
  React.useEffect(() => {
    if (blocked && openOnBlocked) latest.current();
  }, [blocked, openOnBlocked, latest]);

  const shown = !result
    ? loading
    : result.access === "granted"
      ? children
      : typeof fallback === "function"
        ? fallback({ result, open })
        : fallback;
  // React renders any node; only the types of some versions want an element.
  return shown as React.ReactElement;
}
