import { useState } from "preact/hooks";
import { isRealSession } from "../../../core/auth-client.ts";
import type { AuthClient, CurrentSessionBlock } from "../../../core/index.ts";
import type { Translate } from "../../strings/index.ts";
import type { BlockProps } from "./registry.tsx";

export function SignOut({ auth, t }: { auth: AuthClient; t: Translate }) {
  const [leaving, setLeaving] = useState(false);
  return (
    <button
      type="button"
      class="link"
      aria-disabled={leaving}
      onClick={() => {
        setLeaving(true);
        // Never rejects, whatever the server says; here the person is signed out at once.
        void auth.signOut().then(() => setLeaving(false));
      }}
    >
      {t(leaving ? "session.signing_out" : "session.sign_out")}
    </button>
  );
}

/** Who is signed in, or how to get an earlier purchase back. */
export function CurrentSession({ ctx }: BlockProps<CurrentSessionBlock>) {
  const { t, auth, authSession } = ctx;
  return (
    <div class="session">
      {auth && isRealSession(authSession) ? (
        <>
          <span class="who">{authSession.user.email}</span>
          <SignOut auth={auth} t={t} />
        </>
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
