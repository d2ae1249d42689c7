import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";
import type { ViewProps } from "./modal.tsx";

/** A picture, a title that names the dialog, a sentence, and what can be done. */
function Status(props: {
  icon: IconName;
  tone?: "good" | "busy" | "bad";
  title: string;
  text: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="status">
      <div class="status-body">
        <span class={`medal ${props.tone ?? ""}`}>
          <Icon name={props.icon} />
        </span>
        <h2 id="pw-title">{props.title}</h2>
        <p>{props.text}</p>
      </div>
      <div class="actions">{props.children}</div>
    </div>
  );
}

/** The shape of what is coming, so that the eye is there already. */
export function Skeleton({ state, view }: ViewProps) {
  const t = view.translate;
  const label = t(state.step === "verifying" ? "modal.verifying_subscription" : "modal.loading");
  return (
    <div class="skeleton">
      <h2 id="pw-title" class="sr" role="status">
        {label}
      </h2>
      <div aria-hidden="true">
        <i class="bone title" />
        <i class="bone line" />
        <i class="bone plan" />
        <i class="bone plan" />
        <i class="bone button" />
        <i class="bone line short" />
      </div>
    </div>
  );
}

export function ErrorView({ state, view }: ViewProps) {
  const t = view.translate;
  const offline = state.error?.code === "network_error";
  return (
    <Status
      icon="alert"
      tone="bad"
      title={t("modal.error_generic")}
      text={offline ? t("modal.error_hint") : (state.error?.message ?? "")}
    >
      <button type="button" class="primary" data-pw-autofocus onClick={view.retry}>
        {t("modal.retry")}
      </button>
    </Status>
  );
}

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
