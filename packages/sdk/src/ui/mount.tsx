import { render } from "preact";
import type { AuthClient, BillingClient } from "../core/index.ts";
import type { Speech } from "./language.ts";
import { Modal } from "./modal/modal.tsx";
import { dress } from "./modal/sheets.ts";
import type { UiState } from "./state.ts";
import type { Translate } from "./strings/index.ts";
import css from "./styles.css?inline";
import { createTheme } from "./theme.ts";
import type { PaywallUIOptions } from "./types.ts";

/** What the views may ask of the paywall. */
export interface ViewModel {
  billing: BillingClient;
  auth: AuthClient | undefined;
  /** In the interface language, which can change between two drawings. */
  readonly translate: Translate;
  /** For `Intl`. */
  language(): string | undefined;
  speech(): Speech;
  /** The words are still on their way: show a shape instead of them. */
  held(): boolean;
  close(): void;
  back(): void;
  retry(): void;
  select(priceId: string): void;
  buy(priceId: string | null): void;
  restore(): void;
  support(): void;
  checkPaid(): Promise<boolean>;
  reopenTab(): void;
}

export interface MountPoint {
  draw(state: UiState, view: ViewModel): void;
  destroy(): void;
}

/** Owns the one element that the page gets from us, and everything that is changed outside of it. */
export function createMount({
  host: given,
  shadowMode = "closed",
  inline = false,
}: PaywallUIOptions): MountPoint {
  let host: HTMLElement | null = null;
  let root: ShadowRoot | null = null;
  let unlock: (() => void) | null = null;
  let undress: (() => void) | null = null;
  let theme: ReturnType<typeof createTheme> | null = null;

  const ensure = (): ShadowRoot => {
    if (root) return root;
    if (typeof document === "undefined") throw new Error("PaywallUI needs a DOM to show itself");
    host = given ?? document.createElement("div");
    host.setAttribute("data-paywall-host", "");
    host.style.cssText += inline
      ? ";position:absolute;inset:0;z-index:1"
      : ";position:fixed;inset:0;z-index:2147483647;pointer-events:none";
    root = host.attachShadow({ mode: shadowMode });
    undress = dress(root, css);
    theme = createTheme(host, root);
    return root;
  };

  return {
    draw(state, view) {
      if (!state.open) {
        if (!root) return;
        // Unmounting closes the dialog first, which gives the focus back.
        render(null, root);
        unlock?.();
        unlock = null;
        return;
      }
      const shadow = ensure();
      if (!inline && !host!.isConnected) document.body.append(host!);
      if (!inline) unlock ??= lockScroll();
      theme?.(state.bootstrap?.settings);
      render(<Modal state={state} view={view} inline={inline} />, shadow);
    },
    destroy() {
      if (root) render(null, root);
      unlock?.();
      unlock = null;
      undress?.();
      host?.remove();
    },
  };
}

/** Stops the page from scrolling without letting it jump by the width of its scrollbar. */
function lockScroll(): () => void {
  const { body, documentElement } = document;
  const { overflow, paddingRight } = body.style;
  const scrollbar = window.innerWidth - documentElement.clientWidth;
  if (scrollbar > 0) {
    const padding = Number.parseFloat(getComputedStyle(body).paddingRight) || 0;
    body.style.paddingRight = `${padding + scrollbar}px`;
  }
  body.style.overflow = "hidden";
  return () => {
    body.style.overflow = overflow;
    body.style.paddingRight = paddingRight;
  };
}
