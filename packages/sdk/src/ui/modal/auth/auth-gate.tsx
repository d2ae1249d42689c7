import { chargeSummary, describePrice } from "../../pricing.ts";
import type { AuthIntent } from "../../state.ts";
import type { StringKey } from "../../strings/index.ts";
import type { ViewProps } from "../modal.tsx";
import { AuthPanel } from "./auth-panel.tsx";

const WORDS: Record<AuthIntent, [StringKey, StringKey] | null> = {
  restore: ["auth.restore_purchases_heading", "auth.restore_purchases_subheading"],
  preauth: ["auth.login_continue_purchase", "auth.link_purchase_subheading"],
  standalone: null,
};

/** Sign-in that stands between a person and what they asked for. */
export function AuthGate({ state, view }: ViewProps) {
  const words = WORDS[state.auth.intent];
  const { bootstrap, pendingPriceId } = state;
  const price = bootstrap?.prices.find(({ id }) => id === pendingPriceId);
  const t = view.translate;
  if (!view.auth || !bootstrap) return null;
  return (
    <AuthPanel
      key={`${state.auth.intent}-${state.auth.mode}`}
      auth={view.auth}
      t={t}
      mode={state.auth.mode}
      providers={bootstrap.settings.auth_providers}
      heading={words ? t(words[0]) : undefined}
      subheading={words ? t(words[1]) : undefined}
      summary={
        price && (
          <p class="summary">
            <b>{describePrice(price, bootstrap, t, view.language()).label}</b>
            <small>{chargeSummary(price, bootstrap, t, view.language())}</small>
          </p>
        )
      }
      allowSignup
      allowReset
      allowCode
    />
  );
}
