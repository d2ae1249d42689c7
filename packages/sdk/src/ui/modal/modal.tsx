import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ViewModel } from "../mount.tsx";
import { type UiState, viewOf } from "../state.ts";
import { trapTab } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { Lazy } from "./lazy.tsx";
import { authPart, paymentPart, prefetchParts, supportPart } from "./parts.ts";
import { hasLongPitch, Pitch, Plans, splitLayout } from "./plans.tsx";
import { Failure, Skeleton } from "./waiting.tsx";
import { warmUp } from "./warm-up.ts";

export interface ViewProps {
  state: UiState;
  view: ViewModel;
}

const ROOMY = "(min-width: 860px) and (min-height: 480px)";

/** Whether there is room for two columns, also after the window has changed. */
function useRoom(): boolean {
  const [room, setRoom] = useState(() => matchMedia(ROOMY).matches);
  useEffect(() => {
    const query = matchMedia(ROOMY);
    const update = () => setRoom(query.matches);
    query.addEventListener("change", update);
    return () => query.removeEventListener("change", update);
  }, []);
  return room;
}

/** The dialog around every view: its name, its focus, how it closes, and a height that does not jump. */
export function Modal({ state, view, inline }: ViewProps & { inline: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const t = view.translate;
  const { tag, dir } = view.speech();
  // Nothing flashes up in English before the visitor's own language is there.
  const held = view.held();
  const shown = held ? "loading" : viewOf(state);
  const { bootstrap, step, kind } = state;
  const closable = bootstrap?.settings.allow_close !== false || !!state.error;
  // Support can be written also while the plans load, or cannot.
  const support = step === "support" && !held;
  const gate = step === "auth" && !!bootstrap && !held;
  const pitched =
    useRoom() && !held && !inline && kind === "plans" && !!bootstrap && hasLongPitch(splitLayout(state));
  const hasBack =
    (support && kind !== "support") ||
    (gate && kind === "plans") ||
    ((step === "awaiting" || step === "blocked") && kind === "plans");

  useLayoutEffect(() => {
    const element = dialog.current!;
    if (inline) return;
    const opener = document.activeElement as HTMLElement | null;
    try {
      // Makes the page behind inert and rises above it, whatever it has transformed.
      element.showModal();
    } catch {
      element.setAttribute("open", "");
    }
    element.focus({ preventScroll: true });
    return () => {
      if (element.open) element.close();
      // The browser restores focus itself, except where something moved the element meanwhile.
      if (opener?.isConnected && document.activeElement !== opener) opener.focus({ preventScroll: true });
    };
  }, [inline]);

  // A new view is announced by moving to it: to its first field or button, else to the dialog, whose name it is.
  // Whoever comes back to the plans is put where they left them.
  const before = useRef(shown);
  const leftFrom = useRef<string | null>(null);
  const live = useRef<HTMLParagraphElement>(null);
  const moveIn = () => {
    const element = dialog.current;
    if (!element || inline) return;
    live.current!.textContent = "";
    const stops = [...element.querySelectorAll<HTMLElement>("button,[role=radio]")];
    const target =
      element.querySelector<HTMLElement>("[data-pw-autofocus]") ??
      (shown === "layout" && stops.find(({ textContent }) => textContent === leftFrom.current));
    if (target) return target.focus({ preventScroll: true });
    // Somebody who has moved on by themselves stays where they are.
    if (element.contains(rootActive(element)) && rootActive(element) !== element) return;
    element.focus({ preventScroll: true });
    // The focus may have been there all along, and then nothing would be said.
    live.current!.textContent = element.querySelector("#pw-title")?.textContent ?? "";
  };
  // Views of one visit share a height, so that the buttons do not run away from the pointer.
  const tallest = useRef(0);
  if (before.current === "layout" && shown !== "layout" && dialog.current) {
    leftFrom.current = rootActive(dialog.current)?.textContent || null;
    // Asked for when it is needed: while the plans appear, the question would cost a layout of its own.
    tallest.current = card.current!.offsetHeight;
  }
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    moveIn();
  }, [shown]);

  useLayoutEffect(() => {
    const height = shown === "layout" ? 0 : tallest.current;
    card.current!.style.minHeight = height ? `${height}px` : "";
  }, [shown]);

  useEffect(() => {
    if (shown === "layout") return prefetchParts(!!view.auth, dialog.current!);
    if (shown === "loading") return warmUp(dialog.current!, view.language());
  }, [shown]);

  // A text selection that ends beside the card is no click on the overlay.
  const pressed = useRef<EventTarget | null>(null);
  const requestClose = () => {
    if (closable) view.close();
  };

  return (
    <dialog
      ref={dialog}
      class={`overlay ${inline ? "inline" : ""}`}
      lang={tag}
      dir={dir}
      tabIndex={-1}
      open={inline || undefined}
      aria-modal={!inline}
      aria-labelledby="pw-title"
      onPointerDown={(event) => {
        pressed.current = event.target;
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget && pressed.current === event.target) requestClose();
      }}
      onCancel={(event) => {
        event.preventDefault();
        requestClose();
      }}
      onKeyDown={(event) => {
        // Nothing typed in here is a shortcut of the page.
        event.stopPropagation();
        if (event.key === "Tab") trapTab(event, dialog.current!);
        if (event.key !== "Escape") return;
        event.preventDefault();
        requestClose();
      }}
    >
      <div class={`card ${pitched ? "wide" : ""}`} ref={card}>
        {bootstrap?.settings.is_test_mode && <p class="test-badge">{t("modal.test_mode")}</p>}
        {pitched && <Pitch state={state} view={view} named={shown === "layout"} />}
        <div class="pane">
          {hasBack && (
            <button type="button" class="nav back" onClick={view.back}>
              <Icon name="back" />
              {t("nav.back")}
            </button>
          )}
          {closable && (
            <button type="button" class="nav close" aria-label={t("modal.close_aria")} onClick={view.close}>
              <Icon name="close" />
            </button>
          )}
          {support ? (
            <Lazy key="support" part={supportPart} t={t} onShown={moveIn}>
              {({ SupportForm }) => <SupportForm state={state} view={view} />}
            </Lazy>
          ) : shown === "loading" ? (
            <Skeleton t={t} says={step === "verifying" ? "modal.verifying_subscription" : undefined} />
          ) : shown === "error" ? (
            <Failure t={t} text={failureText(state, view)} onRetry={view.retry} />
          ) : shown === "auth" ? (
            <Lazy key="auth" part={authPart} t={t} onShown={moveIn}>
              {({ AuthGate }) => <AuthGate state={state} view={view} />}
            </Lazy>
          ) : shown === "layout" ? (
            <Plans state={state} view={view} pitched={pitched} />
          ) : (
            <Lazy key="payment" part={paymentPart} t={t} onShown={moveIn}>
              {({ Awaiting, PopupBlocked, Purchased }) => {
                const View =
                  shown === "awaiting_payment"
                    ? Awaiting
                    : shown === "popup_blocked"
                      ? PopupBlocked
                      : Purchased;
                return <View state={state} view={view} />;
              }}
            </Lazy>
          )}
          <p class="sr" role="status" ref={live} />
        </div>
      </div>
    </dialog>
  );
}

const rootActive = (element: Element) => (element.getRootNode() as ShadowRoot).activeElement;

/** In words that help whoever reads them. What the server says is neither translated nor meant for them. */
function failureText({ error }: UiState, { translate: t }: ViewModel): string {
  const { code, status = 0 } = error ?? {};
  if (code === "network_error") return t("modal.error_hint");
  if (status === 429) return t("auth.rate_limited");
  return t(status >= 500 ? "auth.service_unavailable" : "modal.error_later");
}
