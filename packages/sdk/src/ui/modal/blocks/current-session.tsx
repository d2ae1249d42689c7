import { isRealSession } from "../../../core/auth-client.ts";
import type { CurrentSessionBlock } from "../../../core/index.ts";
import type { BlockProps } from "./registry.tsx";

/** Who is signed in, or how to get an earlier purchase back. */
export function CurrentSession({ ctx }: BlockProps<CurrentSessionBlock>) {
  const { t, auth, authSession } = ctx;
  const real = isRealSession(authSession);
  return (
    <div class="session">
      {real && <span class="who">{authSession.user.email}</span>}
      {real ? (
        <button type="button" class="link" onClick={() => void auth?.signOut()}>
          {t("session.sign_out")}
        </button>
      ) : (
        auth && (
          <button type="button" class="link" onClick={() => ctx.onAction("restore")}>
            {t("session.restore_purchases")}
          </button>
        )
      )}
      <button type="button" class="link" onClick={() => ctx.onAction("support")}>
        {t("session.contact_support")}
      </button>
    </div>
  );
}
