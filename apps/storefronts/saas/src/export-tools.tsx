import { PaywallGate, usePaywall, usePaywallAccess, usePaywallEvent } from "@tollgate/sdk-react";
import { useRef } from "react";
import type { Draft } from "./draft.ts";
import { CopyIcon, DownloadIcon } from "./icons.tsx";

type ExportToolsProps = { draft: Draft; isPro: boolean; onNews: (message: string) => void };

/** One thing that is free for everyone, and one that is sold. */
export function ExportTools({ draft, isPro, onNews }: ExportToolsProps) {
  const withPro = usePro(() => onNews("The Tollgate server is not running"));

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${draft.title}\n\n${draft.text}\n`);
      onNews("Copied");
    } catch {
      onNews("This browser does not let a page copy");
    }
  };
  const exportPdf = async () => {
    const { renderPdf } = await import("./pdf.ts");
    save(renderPdf(draft.title, draft.text), `${draft.title || "Untitled"}.pdf`);
    onNews("Your PDF is ready");
  };

  return (
    <section className="tools" aria-label="Export">
      <button type="button" className="tool" id="copy" onClick={copy}>
        <CopyIcon />
        <span>
          <b>Copy as text</b>
          <small>Free for everyone</small>
        </span>
      </button>
      <button type="button" className="tool" id="export" onClick={() => withPro(exportPdf)}>
        <DownloadIcon />
        <span>
          <b>Export a typeset PDF</b>
          <small>{isPro ? "Ready when you are" : "Part of Lumen Pro"}</small>
        </span>
        <PaywallGate fallback={<span className="lock">Pro</span>} />
      </button>
    </section>
  );
}

/** Runs a feature for whoever may use it, and offers the plans to whoever may not yet. */
function usePro(whenUnreachable: () => void): (feature: () => void) => void {
  const paywall = usePaywall();
  const { result } = usePaywallAccess();
  // Bought in the modal: carry on with what was asked for. Left without buying: forget it.
  const wanted = useRef<(() => void) | null>(null);
  usePaywallEvent("purchase_completed", () => {
    wanted.current?.();
    wanted.current = null;
  });
  usePaywallEvent("close", () => {
    wanted.current = null;
  });

  return (feature) => {
    if (!paywall) return whenUnreachable();
    if (result?.access === "granted") return feature();
    wanted.current = feature;
    paywall.open();
  };
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
