import type { PaywallEvent, PaywallEventHandler } from "@tollgate/sdk";
import * as React from "react";
import { useLatest } from "./mirror.ts";
import { usePaywall } from "./provider.ts";

/** Calls the handler of the latest render. A new handler does not subscribe anew; unmounting unsubscribes. */
export function usePaywallEvent<E extends PaywallEvent>(event: E, handler: PaywallEventHandler<E>): void {
  const paywall = usePaywall();
  const latest = useLatest(handler);
  React.useEffect(() => paywall?.on(event, (payload) => latest.current(payload)), [paywall, event, latest]);
}
