import { usePaywall, usePaywallAccess, usePaywallEvent } from "@tollgate/sdk-react";
import { useEffect } from "react";
import { Account } from "./account.tsx";
import { useDraft } from "./draft.ts";
import { ExportTools } from "./export-tools.tsx";
import { Mark } from "./icons.tsx";
import { Paper } from "./paper.tsx";
import { useToast } from "./toast.tsx";

const SNIPPET = `import { PaywallButton, PaywallGate, PaywallProvider } from "@tollgate/sdk-react";

<PaywallProvider options={{ paywallId, apiOrigin, auth: true }}>
  <PaywallGate fallback={<PaywallButton>Unlock the PDF export</PaywallButton>}>
    <button onClick={exportPdf}>Export a typeset PDF</button>
  </PaywallGate>
</PaywallProvider>`;

/** Lumen: a page to write on, where one way to export is sold. */
export function App({ offline = false }: { offline?: boolean }) {
  const draft = useDraft();
  const [toast, showToast] = useToast();
  const paywall = usePaywall();
  const { result } = usePaywallAccess();
  const isPro = result?.reason === "has_subscription";

  usePaywallEvent("purchase_completed", ({ restored }) =>
    showToast(restored ? "Welcome back to Pro" : "Pro is unlocked"),
  );
  // So that the first click on the locked feature shows the plans at once.
  useEffect(() => void paywall?.preload(), [paywall]);

  const plan = offline ? "Offline" : !result ? "…" : isPro ? "Pro" : "Free";
  return (
    <>
      <a className="skip" href="#text">
        Skip to the text
      </a>
      <header className="bar">
        <h1 className="brand">
          <Mark />
          Lumen
        </h1>
        <span className="plan" id="plan" role="status" data-pro={isPro || undefined}>
          {plan}
        </span>
        <span className="space" />
        {!offline && <Account isPro={isPro} isKnown={!!result} onProblem={showToast} />}
      </header>
      <main>
        <Paper draft={draft} />
        <ExportTools draft={draft} isPro={isPro} onNews={showToast} />
        <details className="how">
          <summary>How this page sells a feature</summary>
          <p>
            This is all of the integration. The sign-in, the plans, the checkout and the unlocking come with
            it.
          </p>
          <pre>
            <code>{SNIPPET}</code>
          </pre>
          <p>
            Everything drawn by yourself instead?{" "}
            <a href="../headless/">The same shop without our interface</a>.
          </p>
        </details>
      </main>
      {toast}
    </>
  );
}
