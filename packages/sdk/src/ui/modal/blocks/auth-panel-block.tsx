import { isRealSession } from "../../../core/auth-client.ts";
import type { AuthPanelBlock as Block } from "../../../core/index.ts";
import { Lazy } from "../lazy.tsx";
import { authPart } from "../parts.ts";
import { SignOut } from "./current-session.tsx";
import type { BlockProps } from "./registry.tsx";

/** Sign-in as part of the layout. */
export function AuthPanelBlock({ block, ctx }: BlockProps<Block>) {
  const { auth, authSession, t } = ctx;
  if (!auth) {
    console.warn("[tollgate] an auth_panel block needs PaywallUI to be built with auth");
    return null;
  }
  if (isRealSession(authSession)) {
    if (block.hide_when_authenticated !== false) return null;
    return (
      <div class="session">
        <span class="who">{t("auth.signed_in", { email: authSession.user.email ?? "" })}</span>
        <SignOut auth={auth} t={t} />
      </div>
    );
  }
  return (
    <Lazy part={authPart} t={t} embedded>
      {({ AuthPanel }) => (
        <AuthPanel
          auth={auth}
          t={t}
          mode={ctx.initialAuthMode ?? "signin"}
          providers={block.providers}
          heading={block.heading}
          subheading={block.subheading}
          submitLabel={block.submit_label}
          allowSignup={block.allow_signup !== false}
          allowReset={block.allow_password_reset !== false}
          allowCode={block.allow_email_code === true}
          embedded
        />
      )}
    </Lazy>
  );
}
