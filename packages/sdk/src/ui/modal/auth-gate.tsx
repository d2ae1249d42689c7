import type { AuthIntent } from "../state.ts";
import type { StringKey } from "../strings/index.ts";
import { AuthPanel } from "./auth-panel.tsx";
import type { ViewProps } from "./modal.tsx";

const WORDS: Record<AuthIntent, [StringKey, StringKey] | null> = {
  restore: ["auth.restore_purchases_heading", "auth.restore_purchases_subheading"],
  preauth: ["auth.login_continue_purchase", "auth.link_purchase_subheading"],
  standalone: null,
};

/** Sign-in that stands between a person and what they asked for. */
export function AuthGate({ state, view }: ViewProps) {
  const words = WORDS[state.auth.intent];
  if (!view.auth) return null;
  return (
    <AuthPanel
      key={`${state.auth.intent}-${state.auth.mode}`}
      auth={view.auth}
      t={view.translate}
      mode={state.auth.mode}
      heading={words ? view.translate(words[0]) : undefined}
      subheading={words ? view.translate(words[1]) : undefined}
      allowSignup
      allowReset
      allowCode
    />
  );
}
