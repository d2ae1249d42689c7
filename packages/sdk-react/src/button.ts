import * as React from "react";
import { usePaywall } from "./provider.ts";
import { usePaywallState, useReady } from "./state.ts";
import type { PaywallButtonProps, PaywallSupportButtonProps } from "./types.ts";

const METHODS = {
  paywall: "open",
  support: "openSupport",
  signin: "openSignin",
  auth: "openSignin",
  signup: "openSignup",
} as const;

/** A native button that opens the paywall, sign-in or support, or buys one price at once. */
export const PaywallButton: React.ForwardRefExoticComponent<
  PaywallButtonProps & React.RefAttributes<HTMLButtonElement>
> = React.forwardRef<HTMLButtonElement, PaywallButtonProps>(function PaywallButton(
  {
    mode = "paywall",
    priceId,
    identity,
    renew,
    skipTrial,
    skipVisibility,
    paywallTitle,
    render,
    onClick,
    disabled,
    ...rest
  },
  ref,
) {
  const paywall = usePaywall();
  const busy = usePaywallState().processing;
  // The state is the paywall's; only the button that started the checkout shows it.
  const [started, setStarted] = React.useState(false);
  const processing = started && busy;
  React.useEffect(() => {
    if (!busy) setStarted(false);
  }, [busy]);
  const ready = useReady();

  const open = () => {
    if (!paywall) return;
    const options = { identity, renew, skipTrial, skipVisibility, title: paywallTitle };
    if (priceId == null) return paywall[METHODS[mode]](options);
    paywall.checkout(priceId, options);
    setStarted(paywall.getState().processing);
  };

  if (render) return render({ open, ready, processing }) as React.ReactElement;
  return React.createElement("button", {
    type: "button",
    ...rest,
    ref,
    disabled: disabled || !ready || processing,
    "aria-busy": processing || undefined,
    onClick: (event: React.MouseEvent<HTMLButtonElement>) => {
      open();
      onClick?.(event);
    },
  });
});

/** A button that opens the support form. */
export const PaywallSupportButton: React.ForwardRefExoticComponent<
  PaywallSupportButtonProps & React.RefAttributes<HTMLButtonElement>
> = React.forwardRef<HTMLButtonElement, PaywallSupportButtonProps>(function PaywallSupportButton(props, ref) {
  return React.createElement(PaywallButton, { ...props, mode: "support", ref });
});
