import { useEffect, useState } from "preact/hooks";
import type { ViewProps } from "../modal.tsx";
import { Status } from "../waiting.tsx";

export function Awaiting({ state, view }: ViewProps) {
  const t = view.translate;
  const [check, setCheck] = useState<"idle" | "checking" | "pending">("idle");
  useEffect(() => {
    if (check !== "pending") return;
    const timer = setTimeout(() => setCheck("idle"), 5000);
    return () => clearTimeout(timer);
  }, [check]);
  const paid = async () => {
    setCheck("checking");
    const found = await view.checkPaid().catch(() => false);
    setCheck(found ? "idle" : "pending");
  };
  return (
    <Status icon="tab" tone="busy" title={t("payment.awaiting_title")} text={t("payment.awaiting_subtitle")}>
      <p class="note" role="status">
        {check === "pending" && t("payment.still_processing")}
      </p>
      <button type="button" class="primary" disabled={check === "checking"} onClick={paid}>
        {t(check === "checking" ? "payment.checking" : "payment.ive_paid")}
      </button>
      <p class="foot">
        {t("payment.popup_help_text")}{" "}
        <button type="button" class="link" onClick={view.reopenTab}>
          {t("payment.open_checkout_again")}
        </button>
        <span class="dot" aria-hidden="true" />
        <button type="button" class="link" onClick={() => view.buy(state.checkout?.priceId ?? null)}>
          {t("payment.tab_closed_retry")}
        </button>
      </p>
    </Status>
  );
}

export function PopupBlocked({ view }: ViewProps) {
  const t = view.translate;
  return (
    <Status icon="tab" title={t("payment.popup_blocked_title")} text={t("payment.popup_blocked_message")}>
      <button type="button" class="primary" data-pw-autofocus onClick={view.reopenTab}>
        {t("payment.open_checkout_button")}
      </button>
    </Status>
  );
}

export function Purchased({ state, view }: ViewProps) {
  const t = view.translate;
  return (
    <Status
      icon="check"
      tone="good"
      title={t(state.restored ? "modal.purchase_restored_title" : "modal.purchase_success_title")}
      text={t(state.restored ? "modal.purchase_restored_subtitle" : "modal.purchase_success_subtitle")}
    >
      <button type="button" class="primary" data-pw-autofocus onClick={view.close}>
        {t("modal.continue")}
      </button>
    </Status>
  );
}
