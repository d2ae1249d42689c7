import * as bindings from "@tollgate/sdk-react";
import { createElement as h, type ReactElement, StrictMode } from "react";

/** Every hook at once; what they return is handed to `saw` on each render. */
export function AllHooks({ saw }: { saw: (values: Record<string, unknown>) => void }): null {
  saw({
    paywall: bindings.usePaywall(),
    state: bindings.usePaywallState(),
    user: bindings.usePaywallUser(),
    access: bindings.usePaywallAccess(),
    prices: bindings.usePaywallPrices(),
    offer: bindings.usePaywallOffer("1"),
    offers: bindings.usePaywallOffers(),
    trial: bindings.usePaywallTrial(),
    visibility: bindings.usePaywallVisibility(),
  });
  bindings.usePaywallEvent("close", () => {});
  return null;
}

/** A page as an application has it: the same on the server and in the browser. */
export function ShopPage({ provider }: { provider: bindings.PaywallProviderProps }): ReactElement {
  return h(
    StrictMode,
    null,
    h(
      bindings.PaywallProvider,
      { ...provider } as bindings.PaywallProviderProps,
      h("h1", null, "Inkwell"),
      h(Prices),
      h(
        bindings.PaywallGate,
        { loading: h("p", { id: "gate" }, "One moment"), fallback: h("p", { id: "gate" }, "Blocked") },
        h("p", { id: "gate" }, "Granted"),
      ),
      h(bindings.PaywallButton, { id: "open" }, "Unlock"),
      h(bindings.PaywallSupportButton, { id: "support" }, "Support"),
      h(bindings.PaywallButton, {
        render: ({ ready }) => h("i", { id: "own" }, ready ? "ready" : "waiting"),
      }),
    ),
  );
}

function Prices(): ReactElement {
  const { prices, loading } = bindings.usePaywallPrices();
  const { status } = bindings.usePaywallUser();
  return h("p", { id: "prices" }, loading ? "loading" : `${prices?.length} prices`, ` for ${status}`);
}
