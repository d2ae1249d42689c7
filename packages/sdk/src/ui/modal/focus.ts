const FOCUSABLE =
  'button:not([disabled]),[href],input:not([disabled]):not([type="hidden"]),select,textarea:not([disabled]),[tabindex="0"]';

const reachable = (element: HTMLElement) =>
  element.tabIndex >= 0 && (element.offsetParent !== null || element.getClientRects().length > 0);

/**
 * Keeps Tab inside the dialog. The focused element is asked of the shadow root, because the document only
 * knows the host. A group of radios counts as one stop, as the browser treats it.
 */
export function trapTab(event: KeyboardEvent, dialog: HTMLElement): void {
  const stops = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(reachable);
  const first = stops[0];
  const last = stops[stops.length - 1];
  if (!first || !last) {
    event.preventDefault();
    return;
  }
  const active = (dialog.getRootNode() as ShadowRoot).activeElement;
  const outside = !active || active === dialog;
  if (event.shiftKey && (outside || active === first)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (active === last || (outside && !stops.includes(active as HTMLElement)))) {
    event.preventDefault();
    first.focus();
  }
}
