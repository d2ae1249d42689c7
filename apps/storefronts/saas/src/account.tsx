import { PaywallButton, PaywallSupportButton, usePaywall, usePaywallUser } from "@tollgate/sdk-react";
import { type KeyboardEvent, useEffect, useRef } from "react";

type AccountProps = { isPro: boolean; isKnown: boolean; onProblem: (message: string) => void };

/** The right side of the header: sign in and buy, or the menu of whoever is signed in. */
export function Account({ isPro, isKnown, onProblem }: AccountProps) {
  const { session, status } = usePaywallUser();
  const email = session?.user.email;
  return (
    <>
      {email ? (
        <Menu email={email} isPro={isPro} onProblem={onProblem} />
      ) : (
        status === "guest" && (
          <PaywallButton mode="signin" className="quiet" id="sign-in">
            Sign in
          </PaywallButton>
        )
      )}
      {isKnown && !isPro && (
        <PaywallButton className="accent" id="upgrade">
          Go Pro
        </PaywallButton>
      )}
    </>
  );
}

function Menu({ email, isPro, onProblem }: { email: string } & Omit<AccountProps, "isKnown">) {
  const paywall = usePaywall();
  const menu = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const closeElsewhere = (event: MouseEvent) => {
      if (menu.current && !menu.current.contains(event.target as Node)) menu.current.open = false;
    };
    document.addEventListener("click", closeElsewhere);
    return () => document.removeEventListener("click", closeElsewhere);
  }, []);

  const closeOnEscape = ({ key }: KeyboardEvent) => {
    if (key !== "Escape" || !menu.current) return;
    menu.current.open = false;
    menu.current.querySelector("summary")?.focus();
  };
  const manage = async () => {
    try {
      const portal = await paywall?.billing.getCustomerPortalUrl({ returnUrl: location.href });
      if (portal) location.assign(portal.url);
    } catch {
      onProblem("The account page cannot be opened right now");
    }
  };

  return (
    <details className="menu" id="account" ref={menu} onKeyDown={closeOnEscape}>
      <summary>
        <span className="avatar" aria-hidden="true">
          {email[0]?.toUpperCase()}
        </span>
        <span id="email">{email}</span>
      </summary>
      <div>
        {isPro && (
          <button type="button" id="manage" onClick={manage}>
            Manage subscription
          </button>
        )}
        <PaywallSupportButton id="help">Contact support</PaywallSupportButton>
        <button type="button" id="sign-out" onClick={() => void paywall?.auth?.signOut()}>
          Sign out
        </button>
      </div>
    </details>
  );
}
