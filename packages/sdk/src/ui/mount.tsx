import { render } from "preact";
import type { AuthClient, BillingClient } from "../core/index.ts";
import languageCss from "./language.css?inline";
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
    host = given ?? document.createElement("div");
    host.setAttribute("data-paywall-host", "");
    host.style.cssText += inline
      ? ";position:absolute;inset:0;z-index:1"
      : ";position:fixed;inset:0;z-index:2147483647;pointer-events:none";
    root = host.attachShadow({ mode: shadowMode });
    undress = dress(root, css + languageCss);
    theme = createTheme(host, root);
    return root;
  };

  const drawNow = (state: UiState, view: ViewModel) => {
    if (!state.open) {
      if (!root) return;
      // Unmounting closes the dialog first, which gives the focus back.
      render(null, root);
      unlock?.();
      unlock = null;
      return;
    }
    const shadow = ensure();
    // Before anything is put into the page, so that it has not to be laid out once more to be measured.
    if (!inline) unlock ??= lockScroll();
    // A script in the head can be earlier than the body.
    if (!inline && !host!.isConnected) (document.body ?? document.documentElement).append(host!);
    theme?.(state.bootstrap?.settings);
    render(<Modal state={state} view={view} inline={inline} />, shadow);
  };

  return {
    draw(state, view) {
      try {
        drawNow(state, view);
      } catch (error) {
        // A host's own block, or a host element that cannot serve: the page must not suffer for it.
        console.error("[tollgate] the paywall could not be drawn", error);
        // Half a dialog would keep the page from being used.
        unlock?.();
        unlock = null;
        host?.remove();
      }
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

/** Stops the page from scrolling without letting anything on it jump by the width of its scrollbar. */
function lockScroll(): () => void {
  const page = document.documentElement;
  const body = document.body ?? page;
  const before = [page.style.scrollbarGutter, body.style.overflow, body.style.paddingRight] as const;
  const width = () => page.getBoundingClientRect().width;
  // A page without a scrollbar that takes room gains nothing by losing it.
  const hasBar = window.innerWidth > page.clientWidth;
  const narrow = hasBar ? width() : 0;
  // The scrollbar's place stays empty: also for what is fixed to the edge, which padding would not hold.
  if (hasBar) page.style.scrollbarGutter = "stable";
  body.style.overflow = "hidden";
  const gained = hasBar ? width() - narrow : 0;
  if (gained > 0) {
    const padding = Number.parseFloat(getComputedStyle(body).paddingRight) || 0;
    body.style.paddingRight = `${padding + gained}px`;
  }
  return () => {
    [page.style.scrollbarGutter, body.style.overflow, body.style.paddingRight] = before;
  };
}
