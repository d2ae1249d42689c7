import { lazyPart } from "./lazy.tsx";

/** Not needed to show the plans, so not waited for. */
export const authPart = lazyPart(() => import("./auth/index.ts"));
export const supportPart = lazyPart(() => import("./support/index.ts"));
export const paymentPart = lazyPart(() => import("./payment/index.ts"));

/** Somebody is about to press something. */
const REACHING = ["pointerover", "pointerdown", "focusin", "keydown"];
/** How long the plans are left alone before anything else is fetched. */
const QUIET_MS = 1000;

/**
 * Fetches what will probably be needed next: when the plans have stood for a moment, or as soon as somebody reaches
 * for a button. The result ends the waiting.
 */
export function prefetchParts(withAuth: boolean, dialog: HTMLElement): () => void {
  const end = () => {
    clearTimeout(timer);
    for (const event of REACHING) dialog.removeEventListener(event, reach);
  };
  const fetchAll = () => {
    end();
    const parts = [paymentPart, supportPart, ...(withAuth ? [authPart] : [])];
    // A failure shows, with a way out, only to whoever needs the part.
    for (const part of parts) part.load().catch(() => {});
  };
  const reach = ({ target }: Event) => {
    if ((target as Element).closest("button")) fetchAll();
  };
  const timer = setTimeout(fetchAll, QUIET_MS);
  for (const event of REACHING) dialog.addEventListener(event, reach, { passive: true });
  return end;
}
